"""Decisions about accounts and numbers: what their events come to. No session, no HTTP, no clock of its own.

Meta's events come in any order, repeated and late. So nothing here depends on which was heard first: an older event
never undoes a newer one, and a signup that began after an event has nothing to do with it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

OFFBOARDED: Final = "offboarded"  # the phone app is off for the moment
RECONNECTED: Final = "reconnected"
REMOVED: Final = "removed"  # the account, or one number of it, is ours no more
UNINSTALLED: Final = "uninstalled"  # our app was taken off the account


@dataclass(frozen=True)
class Event:
    """The newest event of its kind: Meta's time (whole seconds), ours, and why and by whom, as far as Meta says."""

    at: datetime
    heard_at: datetime
    because: str | None = None
    by: str | None = None


@dataclass(frozen=True)
class Standing:
    """Whether an account can send: `paused_at` for the moment, `ended_at` for good."""

    paused_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    ended_by: str | None = None


def concerns(event: Event, begun_at: datetime | None) -> bool:
    """Whether an event speaks of what a signup brought that began at `begun_at` (None: nobody knows when).

    Meta's time has no fractions, so within one second our own order decides: what began after we had heard of the
    event is not meant.
    """
    if begun_at is None:
        return True
    return event.at >= begun_at.replace(microsecond=0) and event.heard_at >= begun_at


def standing_of(events: Mapping[str, Event], shared_at: datetime | None) -> Standing:
    """What the events of an account, by kind, come to for the signup that began at `shared_at`."""
    ends = [events[kind] for kind in (REMOVED, UNINSTALLED) if kind in events and concerns(events[kind], shared_at)]
    if ends:
        # Meta tells of one end in two ways; the one that says why is the better.
        end = max(ends, key=lambda event: (event.because is not None, event.at))
        return Standing(ended_at=end.at, ended_because=end.because, ended_by=end.by)
    off, back = events.get(OFFBOARDED), events.get(RECONNECTED)
    if off is None or not concerns(off, shared_at) or (back is not None and back.at >= off.at):
        return Standing()
    return Standing(paused_at=off.at)


def end_of(events: Mapping[str, Mapping[str, Event]], digits: str, begun_at: datetime | None) -> Standing | None:
    """The end of an account, or of the number with these digits in it, for a signup that began at `begun_at`.

    `events` are those of the account by digits (empty for the account itself) and kind. None while both are ours.
    """
    whole = standing_of(events.get("", {}), begun_at)
    if whole.ended_at is not None:
        return whole
    its = events.get(digits, {}).get(REMOVED) if digits else None
    if its is None or not concerns(its, begun_at):
        return None
    return Standing(ended_at=its.at, ended_because=its.because, ended_by=its.by)


def digits_of(written: str | None) -> str:
    """The digits of a phone number, however it is written: `+1 555-010-0110` and `15550100110` are one number."""
    return re.sub(r"[^0-9]", "", written or "")
