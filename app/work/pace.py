"""A limit of calls a second that all processes keep together, however late a call arrives.

Slots are handed out in the database, some at a time, so that the limit holds however many workers there are. What a
process does not use in time is lost, never saved up: a pause must not be followed by a burst.

Calls that were held up on their way could still arrive together. So each process also counts those that may arrive
now: a call takes one place of the limit from before it is sent until a second after its answer. Whatever second one
looks at, all calls that arrive in it held their places when the last of them was sent; so they are never too many.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.db import Database
from app.kit import clock
from app.work.arrivals import insert_into
from app.work.models import PaceRow

# What several processes send together is on time by their clocks alone; so a tenth of each second is left to calls
# that are sent late, and none is sent later than that.
USED: Final = 0.9
HANDED_OUT: Final = 0.25  # seconds that one visit to the database is good for
LATE: Final = timedelta(milliseconds=100)
# Further ahead than this no process ever hands out: whoever wrote it had a clock that was wrong.
FURTHEST: Final = timedelta(seconds=60)


class Pace:
    """One limit by its name; shared by all threads of a process."""

    def __init__(self, db: Database, name: str, per_second: int) -> None:
        self._db = db
        self._name = name
        self._limit = per_second
        self._step = timedelta(seconds=1 / (per_second * USED))
        self._many = max(1, round(per_second * USED * HANDED_OUT))
        self._slots: deque[datetime] = deque()
        self._lock = threading.Lock()
        self._under_way = 0
        self._ended: deque[float] = deque()
        self._places = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Around one call: begins when it may be made. Nobody may hold a transaction meanwhile."""
        self._wait_for_slot()
        self._take_place()
        try:
            yield
        finally:
            with self._places:
                self._under_way -= 1
                self._ended.append(clock.monotonic())
                self._places.notify()

    def _take_place(self) -> None:
        with self._places:
            while True:
                now = clock.monotonic()
                while self._ended and self._ended[0] <= now - 1.0:
                    self._ended.popleft()
                if self._under_way + len(self._ended) < self._limit:
                    self._under_way += 1
                    return
                self._places.wait(max(0.001, self._ended[0] + 1.0 - now) if self._ended else 1.0)

    def _wait_for_slot(self) -> None:
        while True:
            at = self._next()
            early = (at - clock.now()).total_seconds()
            if early > 0:
                time.sleep(early)
            # Whoever overslept waits for another slot, or calls of two slots would come close together.
            if clock.now() - at <= LATE:
                return

    def _next(self) -> datetime:
        with self._lock:
            while self._slots and clock.now() - self._slots[0] > LATE:
                self._slots.popleft()
            if not self._slots:
                self._slots.extend(self._reserve())
            return self._slots.popleft()

    def _reserve(self) -> list[datetime]:
        first = self._db.together(self._hand_out)
        return [first + place * self._step for place in range(self._many)]

    def _hand_out(self, session: Session) -> datetime:
        now = clock.now()
        row = session.get(PaceRow, self._name, with_for_update=True)
        if row is None:
            session.execute(insert_into(session, PaceRow).values(name=self._name, next_at=now).on_conflict_do_nothing())
            row = session.get_one(PaceRow, self._name, with_for_update=True)
        first = row.next_at if now < row.next_at <= now + FURTHEST else now
        row.next_at = first + self._many * self._step
        return first
