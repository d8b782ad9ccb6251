"""The account-type webhooks that onboarding causes, as notices. Message-type ones are in ``messages``."""

from typing import Any

from sandbox.world.state import Account, App, Number
from sandbox.world.world import Notice, World

CREATION_TOLD_AFTER_S = 3.0
"""Meta tells an account's first capabilities a moment after it was made; only who has subscribed by then hears it."""


def tell_partner_added(world: World, app: App, account: Account) -> None:
    """PARTNER_ADDED goes to the partner by portfolio: its entry id is the partner's business, not the account."""
    value = {
        "event": "PARTNER_ADDED",
        "waba_info": {"waba_id": account.id, "owner_business_id": account.owner_business_id},
    }
    world.tell(Notice(app.id, "account_update", app.business_id, value))


def tell_app_installed(world: World, app: App, account: Account) -> None:
    """PARTNER_APP_INSTALLED stands in for PARTNER_ADDED when the customer shared no assets with the partner."""
    value = {
        "event": "PARTNER_APP_INSTALLED",
        "waba_info": {
            "waba_id": account.id,
            "owner_business_id": account.owner_business_id,
            "partner_app_id": app.id,
        },
    }
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
