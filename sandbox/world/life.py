"""What happens to an account after its signup: its phone app leaves and comes back, its owner ends the partnership."""

from sandbox.world.notices import (
    tell_account_everywhere,
    tell_app_uninstalled,
    tell_partner_removed,
)
from sandbox.world.refusals import Refusal
from sandbox.world.state import Account, App, Number, TokenKind
from sandbox.world.subscriptions import unsubscribe
from sandbox.world.world import World

REASONS = (
    "ACCOUNT_DISCONNECTED",
    "BUSINESS_DOWNGRADE",
    "CHANGE_NUMBER",
    "COMPANION_INACTIVITY",
    "PRIMARY_INACTIVITY",
    "USER_RE_REGISTERED",
)
"""Why a phone app was disconnected, as ``disconnection_info`` says it."""

APP_REMOVED = 458
"""The subcode of a token whose owner has removed the app."""


def offboard(world: World, account: Account, *, silent: bool = False) -> None:
    """ACCOUNT_OFFBOARDED: nothing is sent until the phone app is back; token, access and subscription stay.

    Its numbers read DISCONNECTED meanwhile; Meta's page says only that sending fails. Refuses (100) an account without
    a phone app.
    """
    with world.lock:
        numbers = _phone_app_numbers(world, account)
        if not numbers:
            raise Refusal(100, "Invalid parameter", "The account has no number on the WhatsApp Business app.")
        account.is_offboarded = True
        for number in numbers:
            number.status = "DISCONNECTED"
        if not silent:
            tell_account_everywhere(world, account, "account_update", {"event": "ACCOUNT_OFFBOARDED"})


def reconnect(world: World, account: Account, *, silent: bool = False) -> None:
    """ACCOUNT_RECONNECTED: sending works again; nothing is synced anew. Refuses (100) who never left."""
    with world.lock:
        if not account.is_offboarded:
            raise Refusal(100, "Invalid parameter", "The account is not offboarded.")
        account.is_offboarded = False
        for number in _phone_app_numbers(world, account):
            number.status = "CONNECTED"
        if not silent:
            tell_account_everywhere(world, account, "account_update", {"event": "ACCOUNT_RECONNECTED"})


def remove_partner(
    world: World,
    app: App,
    account: Account,
    *,
    older: bool = False,
    reason: str | None = None,
    initiated_by: str = "USER",
    silent: bool = False,
) -> None:
    """PARTNER_REMOVED: the account is no longer shared, the app is uninstalled, its tokens for it are dead (458).

    A phone app's end carries ``reason`` and ``initiated_by``, ACCOUNT_DISCONNECTED where none is given. Refuses (100)
    the ``older`` shape, which names a number, for an account that has none.
    """
    with world.lock:
        if older and not account.number_ids:
            raise Refusal(100, "Invalid parameter", "The older shape names a number, and the account has none.")
        phones = _phone_app_numbers(world, account)
        if phones and reason is None:
            reason = REASONS[0]
        unshare(world, app, account)
        account.is_offboarded = False
        for number in phones:
            number.status, number.platform_type = "DISCONNECTED", "NOT_APPLICABLE"
        if not silent:
            info = None if reason is None else {"reason": reason, "initiated_by": initiated_by}
            tell_partner_removed(world, app, account, older=older, disconnection=info)


def uninstall_app(world: World, app: App, account: Account, *, by_account: bool = False, silent: bool = False) -> None:
    """PARTNER_APP_UNINSTALLED: the app hears nothing more and its tokens for the account are dead; sharing stays."""
    with world.lock:
        _end_access(world, app, account)
        if not silent:
            tell_app_uninstalled(world, app, account, by_account=by_account)


def unshare(world: World, app: App, account: Account) -> None:
    """Takes account and app from the partner: sharing, installation, assigned users, subscription, tokens."""
    with world.lock:
        account.shared_with.discard(app.business_id)
        for user_id in [*account.assigned]:
            if world.records.system_users[user_id].business_id == app.business_id:
                del account.assigned[user_id]
        _end_access(world, app, account)


def _end_access(world: World, app: App, account: Account) -> None:
    account.installed_apps.discard(app.id)
    unsubscribe(world, app, account)
    for token in world.records.tokens.values():
        if token.kind != TokenKind.BUSINESS or token.app_id != app.id or account.id not in token.account_ids:
            continue
        token.account_ids = [kept for kept in token.account_ids if kept != account.id]
        if not token.account_ids and token.revoked_subcode is None:
            token.revoked_subcode = APP_REMOVED


def _phone_app_numbers(world: World, account: Account) -> list[Number]:
    numbers = [world.records.numbers[number_id] for number_id in account.number_ids]
    return [number for number in numbers if number.is_on_biz_app]
