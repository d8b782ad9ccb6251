"""What customers let an app have: who is a customer at all, since when, and the token that goes with it."""

from sandbox.world.refusals import Refusal
from sandbox.world.state import App, Business, Grant, SignupConfig, Token, TokenKind
from sandbox.world.tokens import issue_business_token
from sandbox.world.world import World

WEEK_S = 7 * 24 * 3600


def add_grant(world: World, config: SignupConfig, business_id: str, scopes: tuple[str, ...], ttl_s: int | None) -> None:
    """The portfolio lets the app have ``scopes``. Who has been a customer before stays one since then."""
    with world.lock:
        key = (config.app_id, business_id)
        known = world.records.grants.get(key)
        since = world.now() if known is None else known.since
        world.records.grants[key] = Grant(config.app_id, business_id, scopes, ttl_s, since)


def is_over_weekly_limit(world: World, app: App, business_id: str | None) -> bool:
    """Whether one more customer is too many for the last seven days. A known customer is none more."""
    if app.weekly_limit is None or (app.id, business_id) in world.records.grants:
        return False
    after = world.now() - WEEK_S
    new = [grant for grant in world.records.grants.values() if grant.app_id == app.id and grant.since > after]
    return len(new) >= app.weekly_limit


def fetch_token(world: World, app: App, business: Business) -> tuple[Token, bool]:
    """The customer's token for the app, and whether this call made it: asking again gives the same one while it lives.

    An app may be told to be given a fresh one each time, or nothing (``App.fetch_gives``).

    Refuses (100/33) a portfolio that has not installed the app in any of its accounts.
    """
    with world.lock:
        accounts = [
            account.id
            for account in world.records.accounts.values()
            if account.owner_business_id == business.id and app.id in account.installed_apps
        ]
        grant = world.records.grants.get((app.id, business.id))
        if grant is None or not accounts or app.fetch_gives == "nothing":
            raise Refusal(100, f"Unsupported post request. Object with ID '{business.id}' does not exist.", subcode=33)
        living = [] if app.fetch_gives == "fresh" else reversed(list(world.records.tokens.values()))
        for token in living:
            if _is_for(token, grant, accounts) and token.revoked_subcode is None and not _has_ended(world, token):
                return token, False
        made = issue_business_token(world, app.id, business.id, accounts, scopes=grant.scopes, ttl_s=grant.token_ttl_s)
        return made, True


def _is_for(token: Token, grant: Grant, accounts: list[str]) -> bool:
    return (
        token.kind == TokenKind.BUSINESS
        and (token.app_id, token.business_id) == (grant.app_id, grant.business_id)
        and set(token.account_ids) == set(accounts)
        and token.scopes == grant.scopes
    )


def _has_ended(world: World, token: Token) -> bool:
    return token.expires_at is not None and world.now() >= token.expires_at
