"""The clock process: `python -m app.clock`. It only rings; the worker works. A schedule is a line in `SCHEDULES`.

Any number of clocks may run: one leads, under a lease in the database, and only the leader rings.
"""

import signal
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
from app.work.streams import worker_name
from config import load

log = structlog.get_logger(__name__)

SCHEDULES = {
    # stream to ring: when (UTC). A night missed while every clock slept is made up once, not once per night.
    "old_sessions": CronTrigger(hour=3, minute=17, timezone="UTC"),
}
LEAD_EVERY = 5  # seconds; well inside the lease, so that a leader that lives never loses it


class Clock:
    """One clock: asks for the leadership, and rings what is due while it has it."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._name = worker_name()
        self._scheduler = BlockingScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600 * 72}
        )

    def run(self) -> None:
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, self._stop)
        keep_beating(self._rt.db, self._name, "clock")
        for stream, when in SCHEDULES.items():
            self._scheduler.add_job(self.ring, when, args=[stream], id=stream)
        self._scheduler.add_job(self.lead, "interval", seconds=LEAD_EVERY, id="lead")
        try:
            self.lead()
            self._scheduler.start()
        finally:
            with self._rt.db.write() as session:
                resign(session, "clock", self._name)
            self._rt.close()

    def lead(self) -> bool:
        """Ask for the leadership; whether it is ours now."""
        with self._rt.db.write() as session:
            return lead(session, "clock", self._name, now=clock.now()) is not None

    def ring(self, stream: str) -> None:
        """Ring one schedule, if we lead."""
        if self.lead():
            log.info("schedule_rung", stream=stream)
            self._rt.wakes.ring(stream)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._scheduler.shutdown(wait=False)


def main() -> None:
    settings = load()
    start_logging(settings.log_level)
    Clock(build(settings)).run()


if __name__ == "__main__":
    main()
