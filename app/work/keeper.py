"""Prolongs the leases of rows this process is working on, from one thread, for as long as the work lasts.

A lease is short (≤ 10 s) so that work goes on soon after a death; a call to Meta may take longer than that.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import structlog
from sqlalchemy import update

from app.db import Database
from app.kit import clock
from app.work.due import Due

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """The row is no longer ours: somebody else goes on with it, and nothing we know may be written down any more."""


class Keeper:
    """Keeps leases alive; one per process, shared by all its threads."""

    def __init__(self, db: Database, lease: timedelta) -> None:
        self._db = db
        self.lease = lease
        self._held: dict[tuple[type[Due], str], set[str]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether its thread lives; it begins with the first lease."""
        return self._thread is not None and self._thread.is_alive()

    def close(self) -> None:
        """Prolong nothing any more; what is just being written is waited for, as long as a lease at the most."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(self.lease.total_seconds())

    @contextmanager
    def holding(self, table: type[Due], key: str, worker: str) -> Iterator[None]:
        """Keep one lease alive until the block ends."""
        with self.holding_all(table, (key,), worker):
            yield

    @contextmanager
    def holding_all(self, table: type[Due], keys: Sequence[str], worker: str) -> Iterator[None]:
        """Keep the leases of a batch alive until the block ends."""
        with self._lock:
            self._held.setdefault((table, worker), set()).update(keys)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                held = self._held[(table, worker)]
                held.difference_update(keys)
                if not held:
                    del self._held[(table, worker)]

    def prolong(self) -> None:
        """Prolong every lease that is still ours; one that is not stays lost."""
        with self._lock:
            held = {owner: list(keys) for owner, keys in self._held.items()}
        for (table, worker), keys in held.items():
            with self._db.write() as session:
                session.execute(
                    update(table)
                    .where(table.id.in_(keys), table.leased_by == worker)
                    .values(leased_until=clock.now() + self.lease)
                    .execution_options(synchronize_session=False)
                )

    def _run(self) -> None:
        while not self._closed.wait(self.lease.total_seconds() / 3):
            try:
                self.prolong()
            except Exception:
                log.exception("leases_not_prolonged")
