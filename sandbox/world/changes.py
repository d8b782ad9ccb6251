"""Changes nobody's call makes: what Meta, an owner in WhatsApp Manager or another provider does to what exists.

Each takes the wished values by the names of the record; the doors under ``/_sandbox/`` have checked them. What Meta
would tell the app about such a change it tells, unless ``silent``.
"""

import hashlib
from typing import Any

from sandbox.world.ids import new_digits, new_id
from sandbox.world.life import unshare
from sandbox.world.notices import tell_account_everywhere
from sandbox.world.numbers import hash_pin
from sandbox.world.state import Account, App, Number
from sandbox.world.subscriptions import subscribe, unsubscribe
from sandbox.world.world import World

DECISIONS = {
    "APPROVED": "APPROVED",
    "AVAILABLE_WITHOUT_REVIEW": "APPROVED",
    "DECLINED": "REJECTED",
    "PENDING_REVIEW": "PENDING",
}
"""``name_status`` to what ``phone_number_name_update`` calls the decision; others are not told."""


def change_number(
    world: World,
    number: Number,
    changes: dict[str, Any],
    *,
    rejection_reason: str | None = None,
    silent: bool = False,
) -> None:
    """Sets the number's fields. ``pin`` (six digits) or ``two_step`` True is a PIN that somebody else has set.

    ``pin`` None or ``two_step`` False switches it off, as an owner does in WhatsApp Manager.
    """
    with world.lock:
        changes = dict(changes)
        before = number.name_status
        pin_changed = _change_pin(number, changes)
        if changes.get("code_status") == "VERIFIED":
            number.verified_at = world.now()
        for name, value in changes.items():
            setattr(number, name, value)
        if silent:
            return
        if pin_changed is not None:
            _tell_pin(world, number, is_set=pin_changed)
        if number.name_status != before:
            _tell_name(world, number, rejection_reason)


def change_account(world: World, app: App, account: Account, changes: dict[str, Any], *, silent: bool = False) -> None:
    """Sets the account's fields. ``shared`` and ``app_installed`` are about the partner and its app.

    ``funding`` is "own" (the customer's card), None (nobody pays) or a credential's id.
    """
    with world.lock:
        changes = dict(changes)
        before = account.review_status
        templates = account.templates
        if "shared" in changes:
            _change_sharing(world, app, account, shared=changes.pop("shared"))
        if "app_installed" in changes:
            put = account.installed_apps.add if changes.pop("app_installed") else account.installed_apps.discard
            put(app.id)
        if "funding" in changes:
            funding = changes.pop("funding")
            account.primary_funding_id = new_id(16) if funding == "own" else funding
            account.allocation_id = account.allocation_id if funding is not None else None
        _change_hearing(world, app, account, changes)
        if "assigned" in changes:
            _change_assigned(world, app, account, assigned=changes.pop("assigned"))
        for name, value in changes.items():
            setattr(account, name, value)
        if not silent and account.review_status != before:
            tell_account_everywhere(world, account, "account_review_update", {"decision": account.review_status})
        if not silent:
            _tell_templates(world, account, templates)


def _change_hearing(world: World, app: App, account: Account, changes: dict[str, Any]) -> None:
    """``subscribed`` and ``override_uri``: as somebody else with a token of the app would change them."""
    wanted = changes.pop("subscribed", None)
    asked = wanted is True or "override_uri" in changes
    override = changes.pop("override_uri", None)
    if wanted is False:
        unsubscribe(world, app, account)
    elif asked:
        subscribe(world, app, account, override, None)


def _change_assigned(world: World, app: App, account: Account, *, assigned: bool) -> None:
    """The partner's system users on the account, all of them or none."""
    for user in world.records.system_users.values():
        if user.business_id == app.business_id:
            if assigned:
                account.assigned[user.id] = ["MANAGE"]
            else:
                account.assigned.pop(user.id, None)


def _tell_templates(world: World, account: Account, before: tuple[str, ...]) -> None:
    for template in account.templates:
        if template not in before:
            name, _, status = template.partition(":")
            value = {
                "event": status,
                "message_template_id": template_id(account.id, name),
                "message_template_name": name,
                "message_template_language": "en_US",
                "reason": "NONE",
            }
            tell_account_everywhere(world, account, "message_template_status_update", value)


def template_id(account_id: str, name: str) -> int:
    """Meta's id of a template, a number in its webhooks and a text in its answers."""
    return int.from_bytes(hashlib.sha256(f"{account_id}:{name}".encode()).digest()[:6])


def _change_sharing(world: World, app: App, account: Account, *, shared: bool) -> None:
    if shared:
        account.shared_with.add(app.business_id)
    else:
        unshare(world, app, account)


def _change_pin(number: Number, changes: dict[str, Any]) -> bool | None:
    """True for a PIN that was set, False for one that was taken away, None where nothing was asked."""
    if "pin" not in changes and "two_step" not in changes:
        return None
    pin = changes.pop("pin", None)
    if pin is None and changes.pop("two_step", False):
        pin = new_digits(6)
    changes.pop("two_step", None)
    number.pin_hash = None if pin is None else hash_pin(number.id, pin)
    number.pin_tries = []
    return pin is not None


def _tell_pin(world: World, number: Number, *, is_set: bool) -> None:
    account = world.records.accounts[number.account_ids[-1]]
    for event in ("PIN_CHANGED",) if is_set else ("PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"):
        value = {"display_phone_number": number.digits, "event": event, "requester": account.owner_business_id}
        tell_account_everywhere(world, account, "security", value)


def _tell_name(world: World, number: Number, rejection_reason: str | None) -> None:
    decision = DECISIONS.get(number.name_status)
    if decision is None:
        return
    value = {
        "display_phone_number": number.digits,
        "decision": decision,
        "requested_verified_name": number.verified_name,
        "rejection_reason": rejection_reason if decision == "REJECTED" else None,
    }
    tell_account_everywhere(world, world.records.accounts[number.account_ids[-1]], "phone_number_name_update", value)
