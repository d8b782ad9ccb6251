"""How often anything was written in this process: what was read and has not been written to since is the same still."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kit import clock

T = TypeVar("T")
_commits = [0]


@event.listens_for(Session, "after_commit")
def _count(_session: Session) -> None:
    _commits[0] += 1


class Glance(Generic[T]):
    """What was read last, and read anew once somebody has written, a second has passed, or something else is meant."""

    def __init__(self) -> None:
        self._last: tuple[object, T] | None = None

    def at(self, what: object, read: Callable[[], T]) -> T:
        as_of = (what, _commits[0], clock.now().replace(microsecond=0))
        if self._last is None or self._last[0] != as_of:
            self._last = as_of, read()
        return self._last[1]
