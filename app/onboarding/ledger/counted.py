"""What Meta counts of a number: the codes asked for and the registrations, what is left, and when more come free."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.onboarding import rules
from app.onboarding.ledger import acts, registers

REGISTER: Final = "register"
REQUEST_CODE: Final = "request_code"
# Meta names no number; after about five in twelve hours it refuses, and the next wait is long.
MOST_CODES = 5
CODES_WITHIN = timedelta(hours=12)
# A code takes a moment to arrive. Whoever asks again at once spends a second one of the five for nothing.
BETWEEN_CODES = timedelta(minutes=1)


@dataclass(frozen=True)
class Counted:
    """`spent` of `most` within `within`; `last_at` is the newest. The next may be made at `again_at` (None: now).

    `locked` says that Meta takes no more of them, whatever we have counted ourselves.
    """

    most: int
    within: timedelta
    spent: int
    last_at: datetime | None
    again_at: datetime | None
    locked: bool = False

    @property
    def left(self) -> int:
        return 0 if self.locked else max(self.most - self.spent, 0)


def read_registers(session: Session, phone_number_id: str, *, now: datetime) -> Counted:
    """Registrations of a number by everybody, refused ones too ("Registration", 133016)."""
    counted = _count(session, phone_number_id, REGISTER, rules.REGISTERS, rules.REGISTERS_WITHIN, now=now)
    until = registers.locked_until(session, phone_number_id, now=now)
    return counted if until is None else replace(counted, again_at=until, locked=True)


def read_codes(session: Session, phone_number_id: str, *, now: datetime) -> Counted:
    """One-time codes asked for."""
    return _count(session, phone_number_id, REQUEST_CODE, MOST_CODES, CODES_WITHIN, now=now, pause=BETWEEN_CODES)


def _count(
    session: Session,
    number: str,
    what: str,
    most: int,
    within: timedelta,
    *,
    now: datetime,
    pause: timedelta = timedelta(0),
) -> Counted:
    times = [act.at for act in acts.list_acts(session, subject=number, what=what, since=now - within)]
    again = None
    if len(times) >= most:
        again = times[-most] + within
    elif times and times[-1] + pause > now:
        again = times[-1] + pause
    return Counted(most, within, len(times), times[-1] if times else None, again)
