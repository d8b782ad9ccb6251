"""When to look at a notification again, decided without a database. The figures are our own decision."""

from datetime import datetime, timedelta

TRIES = 8
_FIRST, _LONGEST = timedelta(seconds=1), timedelta(minutes=15)
HOLD = timedelta(minutes=2)


def after_failure(failures: int, *, now: datetime) -> datetime | None:
    """The next try after that many failed ones (1 s, 4 s, 16 s … 15 min, an hour in all); None: it is dead."""
    if failures >= TRIES:
        return None
    return now + min(_FIRST * (1 << 2 * (failures - 1)), _LONGEST)


def after_hold(received_at: datetime, *, now: datetime) -> datetime | None:
    """When to show a receipt again that came before our own note of its message; None: no message will come for it.

    Each wait is as long as the notification is old, so the waits double: 1 s, 2 s, 4 s … until it is 2 minutes old.
    """
    age = now - received_at
    if age >= HOLD:
        return None
    return now + max(age, _FIRST)
