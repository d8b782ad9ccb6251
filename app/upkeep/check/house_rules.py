"""Decisions about this house itself: facts in, a problem or none out. No session, no HTTP, no clock of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

GIGABYTE: Final = 1024**3
# Below either of two lines: a share of a small disk is little, and so is a share of nothing.
DISK_WARN, DISK_URGENT = 0.10, 0.05
DISK_WARN_BYTES, DISK_URGENT_BYTES = 5 * GIGABYTE, GIGABYTE
VERSION_DAYS: Final = ((7, "urgent"), (30, "warning"), (90, "notice"))
# Fewer calls than these say nothing about Meta.
FEWEST_CALLS: Final = 20
ERRORS_ARE_MANY, ERRORS_RISE = 0.20, 3.0
STUCK_AFTER: Final = timedelta(hours=6)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with the house: how bad, in a sentence, and how near an end."""

    severity: str
    reason: str
    stage: str = ""


@dataclass(frozen=True)
class Calls:
    """Calls to Meta within a span: how many, and how many Meta did not answer or answered with a fault of its own."""

    made: int
    failed: int

    @property
    def share(self) -> float:
        return self.failed / self.made if self.made else 0.0


def disk(free: int, total: int) -> Trouble | None:
    """How full the disk under the data is."""
    share = free / total if total else 0.0
    if share < DISK_URGENT or free < DISK_URGENT_BYTES:
        severity = "urgent"
    elif share < DISK_WARN or free < DISK_WARN_BYTES:
        severity = "warning"
    else:
        return None
    return Trouble(severity, f"{free / GIGABYTE:.1f} GB are free, {share:.0%} of the disk.", severity)


def graph_version(version: str, ends: Mapping[str, date | None], today: date) -> Trouble | None:
    """How near the end of the version in use is."""
    if version not in ends:
        return Trouble("notice", f"{version} is in no table of ours: nobody knows how long it works.", "unknown")
    last = ends[version]
    if last is None:
        return None
    left = (last - today).days
    for days, severity in VERSION_DAYS:
        if left <= days:
            when = f"{last.day} {last:%B %Y}"
            said = f"{version} works until {when}." if left >= 0 else f"{version} ended on {when}."
            return Trouble(severity, said, f"{days} days" if left >= 0 else "ended")
    return None


def key_age(since: datetime, now: datetime, most: timedelta) -> Trouble | None:
    """Whether the newest key has been in use for longer than it should be."""
    age = now - since
    if age <= most:
        return None
    return Trouble("notice", f"The newest of CREDENTIAL_KEYS has sealed for {age.days} days; the limit is {most.days}.")


def graph_errors(lately: Calls, usually: Calls) -> Trouble | None:
    """Whether calls to Meta fail more often than usual: a fifth of them, and three times as many as the day before."""
    if lately.made < FEWEST_CALLS or lately.share < ERRORS_ARE_MANY or lately.share < ERRORS_RISE * usually.share:
        return None
    return Trouble(
        "urgent" if lately.share >= 0.5 else "warning",
        f"{lately.failed} of {lately.made} calls of the last half hour failed; {usually.share:.0%} the day before.",
    )


def is_stuck(state: str, *, since: datetime | None, now: datetime) -> bool:
    """Whether a step stands still: parked for us, or tried again and again for longer than it should take."""
    if state in {"needs_us", "refused"}:
        return True
    return state in {"retrying", "running"} and since is not None and now - since > STUCK_AFTER
