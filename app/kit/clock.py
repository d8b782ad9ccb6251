"""The one place that asks the time; everything else is handed a `now`."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds for measuring spans; never goes back when the wall clock does."""
    return time.monotonic()
