"""Working off ticks: claim one, do its job while its lease is kept, and write down how that ended.

A job does everything that is due when it runs, and may be done again after a death: it looks at rows, not at its tick.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.db import Database
from app.kit import clock
from app.work.keeper import Keeper
from app.work.models import Tick
from app.work.one_by_one import OneByOne
from app.work.schedules import FORGET_AFTER

log = structlog.get_logger(__name__)

# How much was done, for people who wonder whether a job does anything.
Job = Callable[[], int]
# After each failure; after the last, the schedule's next tick has to do.
AGAIN_AFTER: Final = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))


class Ticks:
    """What one worker process makes of ticks: the job of each schedule by its name."""

    def __init__(self, db: Database, keeper: Keeper, jobs: Mapping[str, Job]) -> None:
        self._db = db
        self._due = OneByOne(db, keeper, Tick)
        self._jobs = jobs

    def take(self, worker: str) -> int:
        """Claim one due tick and do its job; how many ticks that were. Other threads take the others meanwhile."""
        return self._due.take(worker, self._do, most=1)

    def _do(self, key: str, holder: str) -> None:
        with self._db.read() as session:
            name = session.get_one(Tick, key).schedule
        began = clock.monotonic()
        worked, trouble = None, None
        try:
            # A schedule that this version no longer knows is done with.
            worked = self._jobs[name]() if name in self._jobs else 0
        except Exception as failed:
            log.exception("tick_failed", schedule=name)
            trouble = type(failed).__name__
        else:
            log.info("tick_done", schedule=name, worked=worked, took_ms=round(1000 * (clock.monotonic() - began)))
        self._settle(key, holder, worked, trouble)

    def _settle(self, key: str, holder: str, worked: int | None, trouble: str | None) -> None:
        def note(_session: Session, tick: Tick) -> datetime | None:
            now = clock.now()
            tick.worked, tick.trouble = worked, trouble
            if trouble is None:
                tick.done_at = now
                return None
            tick.failures += 1
            if tick.failures <= len(AGAIN_AFTER):
                return now + AGAIN_AFTER[tick.failures - 1]
            tick.given_up_at = now
            return None

        self._due.settle(key, holder, note)


def forget_old_ticks(db: Database) -> int:
    """Forget ticks that ended a month ago; how many went."""
    with db.write() as session:
        old = Tick.due_at.is_(None) & (Tick.planned_at < clock.now() - FORGET_AFTER)
        return len(session.execute(delete(Tick).where(old).returning(Tick.id)).all())
