"""The account-type webhooks that onboarding causes, as notices. Message-type ones are in ``messages``."""

from typing import Any

from sandbox.world.state import Account, App, Number
from sandbox.world.world import Notice, World

OTHER_PARTNER_ID = "295120036900001"
"""The portfolio of the partner on the other side of every multi-partner solution here."""

CREATION_TOLD_AFTER_S = 3.0
"""Meta tells an account's first capabilities a moment after it was made; only who has subscribed by then hears it."""


def tell_partner_added(
    world: World, app: App, account: Account, *, solution_id: str | None = None, after_s: float = 0.0
) -> None:
    """PARTNER_ADDED goes to the partner by portfolio: its entry id is the partner's business, not the account.

    With a multi-partner solution it names the solution and the portfolios of both partners.
    """
    info: dict[str, Any] = {"waba_id": account.id, "owner_business_id": account.owner_business_id}
    if solution_id is not None:
        info |= {"solution_id": solution_id, "solution_partner_business_ids": [app.business_id, OTHER_PARTNER_ID]}
    value = {"event": "PARTNER_ADDED", "waba_info": info}
    world.tell(Notice(app.id, "account_update", app.business_id, value, after_s=after_s))


def tell_partner_removed(
    world: World, app: App, account: Account, *, older: bool = False, disconnection: dict[str, str] | None = None
) -> None:
    """PARTNER_REMOVED, to the partner by portfolio; ``disconnection`` says why a phone app went.

    The ``older`` shape of phone apps names the number in place of the account, and its entry id is the account.
    """
    if older:
        numbers = [world.records.numbers[number_id] for number_id in account.number_ids]
        value: dict[str, Any] = {"event": "PARTNER_REMOVED", "phone_number": numbers[0].digits}
        # No account_id: the subscription is gone by now, and still Meta tells the app.
        world.tell(Notice(app.id, "account_update", account.id, value))
        return
    value = {
        "event": "PARTNER_REMOVED",
        "waba_info": {"waba_id": account.id, "owner_business_id": account.owner_business_id},
    }
    if disconnection is not None:
        value["disconnection_info"] = disconnection
    world.tell(Notice(app.id, "account_update", app.business_id, value))


def tell_app_uninstalled(world: World, app: App, account: Account, *, by_account: bool = False) -> None:
    """PARTNER_APP_UNINSTALLED. Meta's pages show its entry id as the partner's portfolio or as the account."""
    value = {"event": "PARTNER_APP_UNINSTALLED", "waba_info": _name_with_app(app, account)}
    world.tell(Notice(app.id, "account_update", account.id if by_account else app.business_id, value))


def tell_app_installed(world: World, app: App, account: Account) -> None:
    """PARTNER_APP_INSTALLED stands in for PARTNER_ADDED when the customer shared no assets with the partner."""
    value = {"event": "PARTNER_APP_INSTALLED", "waba_info": _name_with_app(app, account)}
    world.tell(Notice(app.id, "account_update", app.business_id, value))


def tell_account_created(world: World, app: App, account: Account) -> None:
    """What Meta sends right after it made an account: its capabilities and its review. Needs a subscription."""
    capability = {
        "max_daily_conversations_per_business": 250,
        "max_phone_numbers_per_business": 2,
        "max_phone_numbers_per_waba": 25,
    }
    review = {"decision": account.review_status}
    tell_account(world, app.id, account, "business_capability_update", capability, CREATION_TOLD_AFTER_S)
    tell_account(world, app.id, account, "account_review_update", review, CREATION_TOLD_AFTER_S)


def tell_account(
    world: World, app_id: str, account: Account, field: str, value: dict[str, Any], after_s: float = 0.0
) -> None:
    """Any account-type field of one account."""
    world.tell(Notice(app_id, field, account.id, value, account_id=account.id, after_s=after_s))


def tell_account_everywhere(world: World, account: Account, field: str, value: dict[str, Any]) -> None:
    """The same to every app subscribed to the account."""
    for app_id, account_id in list(world.records.subscriptions):
        if account_id == account.id:
            tell_account(world, app_id, account, field, value)


def tell_number_everywhere(
    world: World, number: Number, account: Account, field: str, value: dict[str, Any], after_s: float = 0.0
) -> None:
    """A message-type field of one number, to every app subscribed to the account; adds Meta's ``metadata``."""
    metadata = {"display_phone_number": number.digits, "phone_number_id": number.id}
    full = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    for app_id, account_id in list(world.records.subscriptions):
        if account_id == account.id:
            notice = Notice(app_id, field, account.id, full, account.id, number.id, after_s)
            world.tell(notice)


def _name_with_app(app: App, account: Account) -> dict[str, str]:
    return {"waba_id": account.id, "owner_business_id": account.owner_business_id, "partner_app_id": app.id}
