"""Grants codes, exchanges them for tokens, and keeps the life of tokens."""

import hashlib
import hmac

from sandbox.world.ids import new_code, new_id, new_token
from sandbox.world.refusals import Refusal
from sandbox.world.state import App, Code, SignupConfig, SystemUser, Token, TokenKind
from sandbox.world.world import World

CODE_LIFE_S = 30
SIXTY_DAYS_S = 60 * 24 * 3600


def grant_code(
    world: World,
    config: SignupConfig,
    business_id: str,
    account_ids: list[str],
    *,
    scopes: tuple[str, ...] | None = None,
    token_ttl_s: int | None = None,
    all_targets: bool = False,
    redirect_uri: str | None = None,
) -> Code:
    """A single-use code for a token over ``account_ids``. ``token_ttl_s`` None takes the configuration's."""
    with world.lock:
        code = Code(
            value=new_code(),
            app_id=config.app_id,
            expires_at=world.now() + CODE_LIFE_S,
            scopes=config.scopes if scopes is None else scopes,
            token_ttl_s=config.token_ttl_s if token_ttl_s is None else token_ttl_s,
            business_id=business_id,
            account_ids=list(account_ids),
            all_targets=all_targets,
            redirect_uri=redirect_uri,
        )
        world.records.codes[code.value] = code
        return code


def exchange_code(world: World, app: App, value: str, redirect_uri: str | None) -> Token:
    """The business token a code stands for. Refuses garbage, expired (36007), wrong redirect (36008), used (36009).

    A used code stays "used" also after its 30 seconds: Meta tells the two apart, and so must whoever repeats a call.
    """
    with world.lock:
        code = world.records.codes.get(value)
        if code is None or code.app_id != app.id:
            raise Refusal(100, "Invalid verification code format.", bare=True)
        if code.used_at is not None:
            raise Refusal(100, "This authorization code has been used.", subcode=36009, bare=True)
        if world.now() >= code.expires_at:
            raise Refusal(100, "This authorization code has expired.", subcode=36007, bare=True)
        if (redirect_uri or None) != code.redirect_uri:
            text = "Error validating verification code. Please make sure your redirect_uri is identical."
            raise Refusal(100, text, subcode=36008, bare=True)
        code.used_at = world.now()
        return issue_business_token(
            world,
            app.id,
            code.business_id,
            code.account_ids,
            scopes=code.scopes,
            ttl_s=code.token_ttl_s or None,
            all_targets=code.all_targets,
        )


def issue_business_token(
    world: World,
    app_id: str,
    business_id: str,
    account_ids: list[str],
    *,
    scopes: tuple[str, ...],
    ttl_s: int | None,
    all_targets: bool = False,
) -> Token:
    """A token of the customer's own making: it reaches that customer's accounts and nothing else."""
    with world.lock:
        now = world.now()
        token = Token(
            value=new_token(),
            kind=TokenKind.BUSINESS,
            app_id=app_id,
            user_id=new_id(18),
            business_id=business_id,
            scopes=scopes,
            issued_at=now,
            expires_at=None if ttl_s is None else now + ttl_s,
            account_ids=list(account_ids),
            all_targets=all_targets,
        )
        world.records.tokens[token.value] = token
        return token


def issue_system_token(
    world: World,
    app: App,
    user: SystemUser,
    scopes: tuple[str, ...],
    *,
    ttl_s: int | None = None,
    value: str | None = None,
) -> Token:
    """A token of one of the partner's system users; ``value`` lets an operator keep the token over restarts."""
    with world.lock:
        now = world.now()
        token = Token(
            value=value or new_token(),
            kind=TokenKind.SYSTEM,
            app_id=app.id,
            user_id=user.id,
            business_id=user.business_id,
            scopes=scopes,
            issued_at=now,
            expires_at=None if ttl_s is None else now + ttl_s,
        )
        world.records.tokens[token.value] = token
        return token


def extend_token(world: World, app: App, value: str, *, sixty_days: bool) -> Token:
    """A new token like ``value``; the old one lives on until its own end.

    It ends 60 days from now if ``sixty_days`` asks so or the old one has an end; else it never does. Refuses (190)
    what is expired, revoked or not this app's: an expired token cannot be refreshed.
    Refuses (100) where the app is not given any.
    """
    with world.lock:
        old = check_token(world, value)
        if old.app_id != app.id:
            raise Refusal(190, "Invalid OAuth access token.", bare=True)
        if not app.extends_tokens:
            raise Refusal(100, "This kind of access token cannot be exchanged.", bare=True)
        ends = sixty_days or old.expires_at is not None
        token = Token(
            value=new_token(),
            kind=old.kind,
            app_id=old.app_id,
            user_id=old.user_id,
            business_id=old.business_id,
            scopes=old.scopes,
            issued_at=world.now(),
            expires_at=world.now() + SIXTY_DAYS_S if ends else None,
            account_ids=list(old.account_ids),
            all_targets=old.all_targets,
        )
        world.records.tokens[token.value] = token
        return token


def check_token(world: World, value: str) -> Token:
    """The live token with this value. Refuses (190, HTTP 401) with the subcode Meta uses for the reason."""
    token = world.records.tokens.get(value)
    if token is None:
        raise Refusal(190, "Invalid OAuth access token - Cannot parse access token", bare=True)
    if token.revoked_subcode is not None:
        text = "Error validating access token: The session has been invalidated."
        raise Refusal(190, text, subcode=token.revoked_subcode, bare=True)
    if token.expires_at is not None and world.now() >= token.expires_at:
        raise Refusal(190, "Error validating access token: Session has expired.", subcode=463, bare=True)
    return token


def revoke_token(world: World, value: str, subcode: int = 467) -> bool:
    """Ends a token. True if it was alive until now."""
    with world.lock:
        token = world.records.tokens.get(value)
        if token is None or token.revoked_subcode is not None:
            return False
        token.revoked_subcode = subcode
        return True


def proof_for(app_secret: str, token: str) -> str:
    """The ``appsecret_proof`` of a token: hexadecimal HMAC-SHA256 keyed with the app secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
