"""Decisions on letters: facts in, a decision out."""

from datetime import datetime, timedelta
from typing import Final

# After each failure; a mail server that is away for two days is not waited for any longer.
AGAIN_AFTER: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
# How long letters may fail before people are told.
PATIENCE: Final = timedelta(minutes=15)
# While no mail server is set, this is how often we look whether there is one.
NO_SERVER: Final = timedelta(minutes=10)


def after_failure(failures: int, *, for_good: bool, until: datetime | None, now: datetime) -> datetime | None:
    """When to try again after so many failures; None to give up."""
    if for_good or failures > len(AGAIN_AFTER):
        return None
    at = now + AGAIN_AFTER[failures - 1]
    return None if until is not None and at > until else at
