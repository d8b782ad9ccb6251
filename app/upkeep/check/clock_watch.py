"""Watches over the clock from the workers: what tells of everything else cannot tell that it has stopped itself."""

import threading
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import func, select

from app.incidents import book
from app.incidents.book import HOUSE, Problem
from app.incidents.models import Incident
from app.kit import clock
from app.runtime import Runtime
from app.work.models import Beat

log = structlog.get_logger(__name__)

KIND: Final = "clock_stopped"
LOOK_EVERY: Final = 15.0  # seconds
# Longer than a restart takes; a second clock, where there is one, leads long before.
SILENT_FOR: Final = timedelta(seconds=60)


class ClockWatch:
    """One per worker process. Each of them finds the same, and the book keeps one incident of it."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._since = clock.now()

    def start(self) -> None:
        """Look from a thread of its own until the process ends."""
        threading.Thread(target=self._run, name="clock-watch", daemon=True).start()

    def look(self, now: datetime) -> bool:
        """Whether a clock runs; opens or closes the incident where that has changed."""
        with self._rt.db.read() as session:
            last = session.scalar(select(func.max(Beat.beat_at)).where(Beat.role == "clock"))
            is_open = session.scalar(select(Incident.id).where(Incident.open_key == book.key_of(KIND, HOUSE)))
        # A house that has just been started gives its clock the same time.
        runs = max(last or self._since, self._since) > now - SILENT_FOR
        if not runs and is_open is None:
            reason = "No clock has given a sign of life for a minute." if last else "No clock was ever started."
            with self._rt.db.write() as session:
                book.report(session, HOUSE, Problem(KIND, (reason,)), now=now)
        elif runs and is_open is not None and last is not None and last > now - SILENT_FOR:
            with self._rt.db.write() as session:
                book.resolve(session, KIND, HOUSE, because="A clock runs again.", now=now)
        return runs

    def _run(self) -> None:
        wait = threading.Event().wait
        while True:
            wait(LOOK_EVERY)
            try:
                self.look(clock.now())
            except Exception:
                log.exception("clock_watch_failed")
