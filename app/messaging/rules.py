"""What a receipt does to a message, decided without a database.

Meta sends receipts in any order, more than once, and may leave some out (no `delivered` when the chat is open, no
`read` when the contact switched receipts off). So states have a rank and only ever climb it. `failed` ends a message
unless it turns out to have been delivered after all. Meta's page: "messages webhook, statuses".
"""

from collections.abc import Mapping
from datetime import datetime

RANK: Mapping[str, int] = {
    "queued": 0,
    "unknown": 0,
    "accepted": 0,
    "sent": 1,
    "failed": 2,
    "refused": 2,
    "delivered": 3,
    "read": 4,
}

# A voice message that was played was read; Meta says it once, beside `read`.
TOLD: Mapping[str, str] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}


def state_told(status: str) -> str | None:
    """The state a status of Meta's stands for; None for one we do not know (`deleted`, `warning` and what may come)."""
    return TOLD.get(status)


def after_receipt(state: str, told: str) -> str:
    """The state after a receipt: the higher of the two, whatever came first."""
    return told if RANK[told] > RANK.get(state, 0) else state


def earlier(known: datetime | None, told: datetime) -> datetime:
    """Of repeated receipts the earliest time counts, so that the order of arrival leaves no trace."""
    return told if known is None else min(known, told)
