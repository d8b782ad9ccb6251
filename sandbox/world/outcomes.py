"""Decides what becomes of an accepted message: delivered and read, or failed a moment later, and at what price."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.world.contacts import is_window_open
from sandbox.world.state import Account, Contact, Number
from sandbox.world.world import World

FREE_SERVICE_MESSAGES = 1000
"""Service messages a number may send each month before they cost (since 1 Oct 2026)."""

ERROR_PAGE = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"

FAILURES: dict[int, tuple[str, str]] = {
    130472: ("User's number is part of an experiment", "Message was not sent as part of an experiment."),
    131026: ("Message undeliverable", "Message Undeliverable."),
    131042: ("Business eligibility payment issue", "There was an error related to your payment method."),
    131047: (
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131049: ("Message not delivered", "In order to maintain a healthy ecosystem engagement, the message failed."),
    131050: ("User has stopped marketing messages", "User has chosen to stop receiving marketing messages."),
}

FAILING_ENDINGS = {
    "0002": 131026,
    "0003": 131047,
    "0004": 131049,
    "0005": 131050,
    "0006": 131042,
    "0008": 130472,
}
"""Contacts whose number ends so are never reached, for this reason. Our decision, to make failures repeatable."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``statuses`` in their order; ``error`` for a failed one, as it stands in ``statuses[].errors``."""

    statuses: tuple[str, ...] = ("sent", "delivered", "read")
    pricing: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] | None = None


def decide_outcome(world: World, number: Number, account: Account, contact: Contact, type_: str) -> Outcome:
    """What becomes of a message of this type now. Counts delivered service messages of the month."""
    code = FAILING_ENDINGS.get(contact.digits[-4:])
    if code is not None:
        return _fail(code)
    can_pay = account.primary_funding_id is not None
    if type_ == "template":
        return _deliver("utility", "regular", billable=True) if can_pay else _fail(131042)
    if not is_window_open(world, number, contact):
        return _fail(131047)
    month = datetime.fromtimestamp(world.now(), UTC).strftime("%Y-%m")
    count = number.service_sent.get(month, 0)
    if count >= FREE_SERVICE_MESSAGES and not can_pay:
        return _fail(131042)
    number.service_sent = {month: count + 1}
    if count >= FREE_SERVICE_MESSAGES:
        return _deliver("service", "regular", billable=True)
    return _deliver("service", "free_customer_service", billable=False)


def _deliver(category: str, type_: str, *, billable: bool) -> Outcome:
    return Outcome(pricing={"billable": billable, "pricing_model": "PMP", "category": category, "type": type_})


def _fail(code: int) -> Outcome:
    title, details = FAILURES[code]
    error = {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": ERROR_PAGE,
    }
    return Outcome(statuses=("failed",), error=error)
