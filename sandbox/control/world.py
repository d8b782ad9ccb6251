"""``GET /_sandbox/world``: everything that exists, without its secrets. One-time codes are shown: there is no SIM."""

from dataclasses import fields
from typing import Any

from flask import Response

from sandbox.control.doors import answer, bp
from sandbox.runtime import Runtime, current
from sandbox.webhooks.deliveries import Delivery
from sandbox.world.example_numbers import EXAMPLES
from sandbox.world.numbers import read_code_status
from sandbox.world.state import Number, Token

_SECRET = frozenset({"secret", "verify_token", "override_verify_token", "value", "pin_hash", "code"})


@bp.get("/world")
def show_world() -> Response:
    """The records by kind, the open popups, the last webhooks and the table of example numbers."""
    runtime = current()
    with runtime.world.lock:
        return answer(_describe(runtime))


def _describe(runtime: Runtime) -> dict[str, Any]:
    records = runtime.world.records
    return {
        "now": runtime.world.now(),
        "strict": runtime.strict,
        "apps": [show(app) for app in records.apps.values()],
        "configs": [show(config) for config in records.configs.values()],
        "businesses": [show(business) for business in records.businesses.values()],
        "system_users": [show(user) for user in records.system_users.values()],
        "people": [show(person) for person in records.people.values()],
        "accounts": [show(account) for account in records.accounts.values()],
        "numbers": [show_number(number, runtime.world.now()) for number in records.numbers.values()],
        "tokens": [show_token(token) for token in records.tokens.values()],
        "codes": [show(code) for code in records.codes.values()],
        "grants": [show(grant) for grant in records.grants.values()],
        "credit_lines": [show(line) for line in records.credit_lines.values()],
        "allocations": [show(allocation) for allocation in records.allocations.values()],
        "subscriptions": [show(subscription) for subscription in records.subscriptions.values()],
        "messages": [show(message) for message in records.messages.values()],
        "contacts": [show(contact) for contact in records.contacts.values()],
        "signups": [
            {"id": signup.id, "screen": signup.screen, "number": signup.number, "one_time_code": signup.hint_code}
            for signup in runtime.world.signups.values()
        ],
        "webhooks": [_show_delivery(delivery) for delivery in runtime.courier.list_recent()],
        "example_numbers": [show(example) for example in EXAMPLES],
    }


def show(record: Any) -> dict[str, Any]:
    """A record's fields without its secrets."""
    shown = {}
    for field in fields(record):
        if field.name not in _SECRET:
            value = getattr(record, field.name)
            shown[field.name] = sorted(value) if isinstance(value, set) else value
    return shown


def show_number(number: Number, now: float) -> dict[str, Any]:
    """A number's row; its one-time code only where a SIM would have got it."""
    code = number.code.value if number.code and number.code_arrives else None
    status = read_code_status(number, now)
    return {**show(number), "code_status": status, "has_pin": number.pin_hash is not None, "one_time_code": code}


def show_token(token: Token) -> dict[str, Any]:
    """A token's row, by its first letters alone."""
    return {**show(token), "starts": token.value[:7]}


def _show_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "field": delivery.notice.field,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": delivery.next_at,
        "address": delivery.last_address,
        "status": delivery.last_status,
    }
