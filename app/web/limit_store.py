"""Where flood counts lie when no Redis runs: one SQLite file, shared by all web processes, kept over a restart.

A storage of the `limits` library, for fixed windows. Counts are not truth: the file may be deleted at any time, and
writes are not forced to disk, so that counting costs microseconds.
"""

import sqlite3
import threading
from typing import Any

from limits.storage import Storage

from app.kit import clock

_TABLE = "CREATE TABLE IF NOT EXISTS hits (key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends REAL NOT NULL)"
_COUNT = """
INSERT INTO hits (key, count, ends) VALUES (:key, :amount, :ends)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN hits.ends <= :now THEN :amount ELSE hits.count + :amount END,
    ends = CASE WHEN hits.ends <= :now THEN :ends ELSE hits.ends END
RETURNING count
"""
SWEEP_EVERY = 512
"""Hits of one thread between two sweeps of windows that have ended."""


class SqliteStorage(Storage):
    """Counts in a file. One connection a thread; SQLite's own lock puts processes in line."""

    STORAGE_SCHEME = ["sqlite-limits"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._path = (uri or "").removeprefix("sqlite-limits://")
        self._here = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = clock.now().timestamp()
        self._sweep(now)
        given = {"key": key, "amount": amount, "ends": now + expiry, "now": now}
        row = self._connection().execute(_COUNT, given).fetchone()
        return int(row[0])

    def get(self, key: str) -> int:
        now = clock.now().timestamp()
        row = self._connection().execute("SELECT count FROM hits WHERE key = ? AND ends > ?", (key, now)).fetchone()
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        row = self._connection().execute("SELECT ends FROM hits WHERE key = ?", (key,)).fetchone()
        return float(row[0]) if row else clock.now().timestamp()

    def check(self) -> bool:
        try:
            return bool(self._connection().execute("SELECT 1").fetchone())
        except sqlite3.Error:
            return False

    def reset(self) -> int | None:
        return self._connection().execute("DELETE FROM hits").rowcount

    def clear(self, key: str) -> None:
        self._connection().execute("DELETE FROM hits WHERE key = ?", (key,))

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._here, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=5, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(_TABLE)
            self._here.connection = connection
            self._here.hits = 0
        return connection

    def _sweep(self, now: float) -> None:
        connection = self._connection()
        self._here.hits += 1
        if self._here.hits % SWEEP_EVERY == 1:
            connection.execute("DELETE FROM hits WHERE ends <= ?", (now,))
