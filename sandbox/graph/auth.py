"""Whose token came with a call, whether it is alive and proven, and what it reaches."""

import hmac
from typing import Any

from flask import Request

from sandbox.graph.errors import no_permission
from sandbox.graph.params import text
from sandbox.graph.token_kinds import Door
from sandbox.world import Refusal, World
from sandbox.world.state import Account, App, Number, Token, TokenKind
from sandbox.world.tokens import check_token, proof_for


def find_token_value(request: Request, params: dict[str, Any]) -> str | None:
    """The token of ``Authorization: Bearer`` (or ``OAuth``), else of the ``access_token`` parameter."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "oauth") and value.strip():
        return value.strip()
    return text(params, "access_token")


def open_token(world: World, value: str | None) -> Token:
    """The live token with this value; ``APP_ID|APP_SECRET`` is the app's own. Refuses (190) everything else."""
    if value is None:
        raise Refusal(190, "An access token is required to request this resource.", bare=True)
    app_id, bar, secret = value.partition("|")
    if not bar:
        return check_token(world, value)
    app = world.records.apps.get(app_id)
    if app is None or not hmac.compare_digest(app.secret.encode(), secret.encode()):
        raise Refusal(190, "Invalid OAuth access token signature.", bare=True)
    return Token(value, TokenKind.APP, app.id, "", app.business_id, (), 0.0, None)


def check_proof(app: App, token: Token, proof: str | None) -> None:
    """Refuses (100) a wrong ``appsecret_proof``, and a missing one where the app requires it.

    An app's own token contains the secret, so nothing is left to prove about it.
    """
    if proof is None:
        if app.require_proof and token.kind != TokenKind.APP:
            raise Refusal(100, "API calls from the server require an appsecret_proof argument", status=400)
        return
    if not hmac.compare_digest(proof_for(app.secret, token.value).encode(), proof.encode()):
        raise Refusal(100, "Invalid appsecret_proof provided in the API argument", status=400)


def check_kind(token: Token, door: Door, *, strict: bool) -> None:
    """Refuses a token of a kind this call does not take, or without the permission it needs."""
    accepted = door.strict if strict else door.lenient
    if token.kind not in accepted:
        if door.wrong_kind != 200:
            raise Refusal(door.wrong_kind, "You must provide an app access token.")
        raise no_permission(f"This call does not accept a token of kind {token.kind.value}.")
    if door.scope is not None and token.kind != TokenKind.APP and door.scope not in token.scopes:
        raise no_permission(f"The token lacks the permission {door.scope}.")


def reaches_account(world: World, token: Token, account: Account) -> bool:
    """Whether the account exists for this token.

    A business token reaches its targets while its app is installed there. A system token reaches accounts shared with
    (or owned by) its portfolio: an admin all of them, an employee those it is assigned to.
    """
    if token.kind == TokenKind.BUSINESS:
        return account.id in token.account_ids and token.app_id in account.installed_apps
    if not is_shared_with(token, account):
        return False
    user = world.records.system_users.get(token.user_id)
    return user is not None and (user.role == "ADMIN" or user.id in account.assigned)


def reaches_number(world: World, token: Token, number: Number) -> bool:
    """Whether one of the number's accounts is within reach."""
    accounts = (world.records.accounts[account_id] for account_id in number.account_ids)
    return any(reaches_account(world, token, account) for account in accounts)


def is_shared_with(token: Token, account: Account) -> bool:
    """Whether the account is shared with, or owned by, the token's portfolio (assigned or not)."""
    return token.kind == TokenKind.SYSTEM and token.business_id in {*account.shared_with, account.owner_business_id}


def reaches_business(world: World, token: Token, business_id: str) -> bool:
    """Whether the portfolio exists for this token: its own, or a customer's who shared an account with it."""
    if token.business_id == business_id:
        return True
    if token.kind != TokenKind.SYSTEM:
        return False
    accounts = list(world.records.accounts.values())
    return any(a.owner_business_id == business_id and is_shared_with(token, a) for a in accounts)
