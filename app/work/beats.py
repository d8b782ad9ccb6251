"""Signs of life: every long-lived process writes one row every two seconds; readiness reads them."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.kit import clock
from app.work.models import Beat

log = structlog.get_logger(__name__)

BEAT_EVERY = timedelta(seconds=2)
SILENT_AFTER = timedelta(seconds=10)
FORGET_AFTER = timedelta(days=1)


def beat(session: Session, process: str, role: str, *, now: datetime) -> None:
    """Write one sign of life and forget processes that have been silent for a day."""
    session.merge(Beat(process=process, role=role, beat_at=now))
    session.execute(delete(Beat).where(Beat.beat_at < now - FORGET_AFTER))


def silent_roles(session: Session, roles: tuple[str, ...], *, now: datetime) -> list[str]:
    """Which of `roles` no process has given a sign of life for lately."""
    last: dict[str, datetime] = dict(
        session.execute(select(Beat.role, func.max(Beat.beat_at)).group_by(Beat.role)).all()
    )
    return [role for role in roles if role not in last or last[role] < now - SILENT_AFTER]


def keep_beating(
    db: Database, process: str, role: str, *, alive: Callable[[], bool] = lambda: True
) -> Callable[[], None]:
    """Beat from a thread of its own while `alive()` says so, until the process ends or the returned function is called.

    That function returns once no further sign will be written.
    """
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                if alive():
                    with db.write() as session:
                        beat(session, process, role, now=clock.now())
            except Exception:
                log.exception("beat_failed", role=role)
            stop.wait(BEAT_EVERY.total_seconds())

    def end() -> None:
        stop.set()
        thread.join()

    thread = threading.Thread(target=run, name="beat", daemon=True)
    thread.start()
    return end
