"""The clock process: `python -m app.clock`. It only enqueues; the worker works. A schedule is a line in `SCHEDULES`.

Any number of clocks may run: one leads, under a lease in the database, and only what the leader finds due is enqueued.
What was due while no clock ran is found by the next one, once (`app/work/schedules.py`).
"""

import signal
from collections.abc import Mapping
from datetime import datetime
from types import FrameType

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from app.build import build
from app.kit import clock
from app.kit.logs import start_logging
from app.runtime import Runtime
from app.work.beats import keep_beating
from app.work.leadership import lead, resign
from app.work.schedules import LEADERSHIP, Trigger, begin, enqueue, next_times
from app.work.streams import worker_name
from config import load

log = structlog.get_logger(__name__)

SCHEDULES: dict[str, Trigger] = {
    # schedule: when (UTC). Its job is the line of the same name in `app/worker.py`.
    "forget": CronTrigger(hour=3, minute=17, timezone="UTC"),
    "tokens": CronTrigger(hour=2, minute=41, timezone="UTC"),
    "checks": CronTrigger(minute=7, timezone="UTC"),
    "house": CronTrigger(minute="*/5", timezone="UTC"),
}
LOOK_EVERY = 1  # second between two looks for schedules that are due
LEAD_EVERY = 5  # seconds; well inside the lease, so that a leader that lives never loses it


class Clock:
    """One clock: asks for the leadership, and enqueues what is due while it has it."""

    def __init__(
        self, rt: Runtime, schedules: Mapping[str, Trigger] = SCHEDULES, *, lead_every: float = LEAD_EVERY
    ) -> None:
        self._rt = rt
        self._lead_every = lead_every
        self._name = worker_name()
        self._schedules = schedules
        self._fence: int | None = None
        self._asked_at: float | None = None
        self._next: dict[str, datetime | None] = {}
        self._scheduler = BlockingScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def run(self) -> None:
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, self._stop)
        keep_beating(self._rt.db, self._name, "clock")
        self._scheduler.add_job(self.look, "interval", seconds=LOOK_EVERY, id="look")
        try:
            self.look()
            self._scheduler.start()
        finally:
            with self._rt.db.write() as session:
                resign(session, LEADERSHIP, self._name)
            self._rt.close()

    def look(self) -> int:
        """Ask for the leadership now and then; while it is ours, enqueue what is due. Returns how many ticks that were.

        Asking costs a write, so between two of them it is believed; whether it still is ours then, the fence says.
        """
        now = clock.now()
        if self._asked_at is None or not 0 <= clock.monotonic() - self._asked_at < self._lead_every:
            self._ask(now)
        if self._fence is None:
            return 0
        return sum(self._enqueue(name, now) for name, at in self._next.items() if at is not None and at <= now)

    def _ask(self, now: datetime) -> None:
        self._asked_at = clock.monotonic()
        with self._rt.db.write() as session:
            self._fence = lead(session, LEADERSHIP, self._name, now=now)
            if self._fence is not None:
                begin(session, self._schedules, now=now)
                self._next = next_times(session, self._schedules)

    def _enqueue(self, name: str, now: datetime) -> bool:
        assert self._fence is not None  # noqa: S101 - asked for by the caller
        with self._rt.db.write() as session:
            done = enqueue(session, name, self._schedules[name], holder=self._name, fence=self._fence, now=now)
            self._next |= next_times(session, {name: self._schedules[name]})
        if done:
            log.info("schedule_due", schedule=name)
            self._rt.wakes.ring("ticks")
        return done

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._scheduler.shutdown(wait=False)


def main() -> None:
    settings = load()
    start_logging(settings.log_level)
    Clock(build(settings)).run()


if __name__ == "__main__":
    main()
