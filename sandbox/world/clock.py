"""The world's own clock: real time plus an offset that tests move forward with ``POST /_sandbox/clock``."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class WorldClock:
    """Tells the world's time. ``advance`` moves it; whoever waits for a time asks to be told with ``on_change``."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> float:
        """Unix seconds in the world."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> float:
        """Moves the clock (backwards with a negative number), wakes whoever waits, and returns the new time."""
        self._offset += seconds
        self._tell()
        return self.now()

    def restore(self) -> None:
        """Back to real time."""
        self._offset = 0.0
        self._tell()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Calls ``listener`` after every move."""
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


def to_iso(at: float) -> str:
    """Graph's way to write a moment: ``2026-11-02T10:21:33+0000``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
