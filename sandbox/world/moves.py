"""A number that comes from another provider: what must be true before registering it may take it over."""

from sandbox.world.refusals import Refusal
from sandbox.world.state import Number
from sandbox.world.subscriptions import list_subscriptions
from sandbox.world.world import World

APPROVED_NAMES = ("APPROVED", "AVAILABLE_WITHOUT_REVIEW")


def check_move(world: World, number: Number) -> None:
    """Refuses (100) a move that cannot be: 2388012, 2388001, or 2388103 with all that is missing in its details."""
    account = world.records.accounts[number.account_ids[-1]]
    others = [world.records.numbers[number_id] for number_id in account.number_ids if number_id != number.id]
    if any(other.digits == number.digits for other in others):
        raise Refusal(100, "Invalid parameter", "The number is already in this account.", subcode=2388012)
    old = world.records.numbers.get(number.moves_from or "")
    if number.pin_hash is not None or (old is not None and old.pin_hash is not None):
        details = "Two-step verification is on for this number. Turn it off with the current provider."
        raise Refusal(100, "Invalid parameter", details, subcode=2388001)
    missing = [
        text
        for text, is_missing in (
            ("no app is subscribed to the account's webhooks", not list_subscriptions(world, account)),
            ("the account has no payment method", account.primary_funding_id is None),
            ("the account is not approved", account.review_status != "APPROVED"),
            ("the display name is not approved", number.name_status not in APPROVED_NAMES),
        )
        if is_missing
    ]
    if missing:
        details = f"The number cannot be moved yet: {'; '.join(missing)}."
        raise Refusal(100, "Invalid parameter", details, subcode=2388103)


def complete_move(world: World, number: Number) -> None:
    """The number works here from now on, and no longer where it was."""
    old = world.records.numbers.get(number.moves_from or "")
    if old is not None:
        old.status, old.platform_type = "MIGRATED", "NOT_APPLICABLE"
    number.moves_from = None
