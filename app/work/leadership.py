"""One leader among many clocks: a lease in the database with a fencing number.

The fence grows with each change of hands. Whoever acts on being leader passes its fence along, so that a clock that
slept through its lease cannot act on a leadership that has moved on.
"""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.work.models import Leadership

LEASE = timedelta(seconds=15)
# A lease that ends later than any clock of ours could have written it was left by one that went wrong by hours.
TOO_LONG = LEASE + timedelta(minutes=1)


def lead(session: Session, name: str, holder: str, *, now: datetime) -> int | None:
    """Take or prolong the leadership; the fence while it is ours, None while somebody else holds it.

    The row is locked for the rest of the transaction, so two who ask at once are answered one after the other.
    """
    row = session.get(Leadership, name, with_for_update=True)
    if row is None:
        return 1 if _is_first(session, Leadership(name=name, holder=holder, held_until=now + LEASE, fence=1)) else None
    if row.holder != holder and row.held_until is not None and now < row.held_until <= now + TOO_LONG:
        return None
    if row.holder != holder:
        row.holder = holder
        row.fence += 1
    row.held_until = now + LEASE
    return row.fence


def led_until(session: Session, name: str) -> datetime | None:
    """Until when somebody leads, whoever it is; None where nobody ever did or the last one has resigned."""
    row = session.get(Leadership, name)
    return None if row is None else row.held_until


def _is_first(session: Session, row: Leadership) -> bool:
    """Add the very first row; False when another clock did so in the same moment."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def resign(session: Session, name: str, holder: str) -> None:
    """Give the leadership back at a clean end, so that the next clock need not wait for the lease."""
    row = session.get(Leadership, name, with_for_update=True)
    if row is not None and row.holder == holder:
        row.held_until = None
