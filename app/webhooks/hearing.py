"""What a field's handler hands back, and the shape every file under `fields/` has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.upkeep.check.rows import STREAM, look_soon
from app.webhooks.envelope import Change


@dataclass(frozen=True)
class Heard:
    """What came of some changes.

    `rings` are streams that have work now, to be rung after the commit. `set_aside` names what was understood and not
    acted upon, or could not be read: constant words, nothing of the content. `again` asks to be shown the same changes
    once more in a moment, because what they speak of may not have been written down yet.
    """

    rings: frozenset[str] = frozenset()
    set_aside: tuple[str, ...] = ()
    again: bool = False

    def __add__(self, other: "Heard") -> "Heard":
        return Heard(self.rings | other.rings, self.set_aside + other.set_aside, self.again or other.again)


def hear_each(
    session: Session,
    changes: Sequence[Change],
    now: datetime,
    hear_one: Callable[[Session, Change, datetime], Heard],
) -> Heard:
    """For a field whose changes are acted upon one by one, in the order they came."""
    return sum((hear_one(session, change, now) for change in changes), Heard())


def check_at_once(session: Session, change: Change, now: datetime) -> Heard:
    """Let the account of a change be compared with Meta at once: a notification is a hint, Meta's answer is the fact.

    To be called before anything else is done about the change, because of the order in which rows are locked.
    """
    return Heard(rings=frozenset({STREAM} if look_soon(session, [change.entry_id], now=now) else ()))


class Field(Protocol):
    """A file under `fields/`. Everything in it must bear being told the same thing twice and in any order."""

    FIELD: str

    def handle(self, session: Session, changes: Sequence[Change], now: datetime) -> Heard:
        """Act upon changes of this field, in the caller's transaction."""
        ...

    def split(self, change: Change) -> list[Change]:
        """The smallest changes this one consists of, so that a bad one can be told from its neighbours."""
        ...
