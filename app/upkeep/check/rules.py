"""Decisions of the daily check: what a fact comes to, what is worth an incident, and when an account is due again.

No session, no HTTP, no clock of its own.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.incidents.kinds import height
from app.upkeep.check.facts import BY_KIND, FactKind

OK, DRIFT, UNKNOWN = "ok", "drift", "unknown"
# What we hold of who pays where our own line does not: somebody has to.
ANYBODY: Final = "anybody"
DAY: Final = timedelta(days=1)
# A slot nearer than this has just been served: by a notification's check, or by the first one.
SOON: Final = timedelta(hours=6)
# After each failure in a row; then once a day, as everybody.
AGAIN_AFTER: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 360))
# News that come while a check runs, or moments after one, are answered by one more look.
BETWEEN: Final = timedelta(seconds=20)
# From here on an account's hour is left to those who serve its client, and the check waits for the next one.
MOST_USED: Final = 90
USED_UP: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Judgement:
    """What one fact came to, with the severity it has while it is wrong."""

    verdict: str
    severity: str


@dataclass(frozen=True)
class Finding:
    """One fact as found: its kind, both values, and what Meta said beside them."""

    fact: FactKind
    ours: Any
    metas: Any
    judgement: Judgement
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class IncidentWish:
    """What the findings of one subject come to for one kind of incident: `open` None leaves it as it is."""

    kind: str
    open: bool | None
    severity: str = "notice"
    reasons: tuple[str, ...] = ()


def judge(fact: FactKind, ours: Any, metas: Any) -> Judgement:
    """A fact's verdict from our value and Meta's; what Meta has not said is unknown, never right and never wrong."""
    if metas is None:
        return Judgement(UNKNOWN, fact.severity)
    match fact.right:
        case "words":
            return _by_words(fact, metas)
        case "none":
            found = [fact.bad[state] for state in fact.bad if metas.get(state)]
            return Judgement(DRIFT, max(found, key=height)) if found else Judgement(OK, fact.severity)
        case "least":
            return _by_scale(fact, ours, metas)
        case "override":
            return Judgement(OK if metas in ("", ours) else DRIFT, fact.severity)
        case _:
            right = metas != "" if ours == ANYBODY else ours is None or ours == metas
            return Judgement(OK if right else DRIFT, fact.severity)


def _by_words(fact: FactKind, word: str) -> Judgement:
    if word in fact.bad:
        return Judgement(DRIFT, fact.bad[word])
    return Judgement(OK if word in {*fact.good, *fact.waits} else UNKNOWN, fact.severity)


def _by_scale(fact: FactKind, ours: Any, metas: Any) -> Judgement:
    if metas not in fact.scale:
        return Judgement(UNKNOWN, fact.severity)
    lower = ours in fact.scale and fact.scale.index(metas) < fact.scale.index(ours)
    return Judgement(DRIFT if lower else OK, fact.severity)


def better(fact: FactKind, ours: Any, metas: Any) -> Any:
    """What we hold from now on: Meta's value where we held none, or where it is the best so far; else what we held."""
    if fact.right == "least" and metas in fact.scale:
        return metas if ours not in fact.scale or fact.scale.index(metas) > fact.scale.index(ours) else ours
    return metas if ours is None and fact.right == "ours" else ours


def is_quiet(fact: FactKind, *, paused: bool) -> bool:
    """Whether a fact says nothing now: while a phone app is off its number reads as disconnected, and comes back."""
    return paused and fact.name in {"number_status", "number_health"}


def wishes_of(findings: Sequence[Finding]) -> list[IncidentWish]:
    """Which incidents of one subject to open and which to close. What is not known closes nothing."""
    by_name = {finding.fact.name: finding for finding in findings}
    wishes = []
    for kind, facts in BY_KIND.items():
        its = [by_name[fact.name] for fact in facts if fact.name in by_name]
        wrong = [finding for finding in its if finding.judgement.verdict == DRIFT]
        if wrong:
            severity = max((finding.judgement.severity for finding in wrong), key=height)
            wishes.append(IncidentWish(kind, True, severity, tuple(reason_of(finding) for finding in wrong)))
        elif its:
            known = all(finding.judgement.verdict == OK for finding in its)
            wishes.append(IncidentWish(kind, False if known else None))
    return wishes


def reason_of(finding: Finding) -> str:
    """One sentence for people, with Meta's own reason where it gave one."""
    said = f" Meta says: {finding.says[0]}" if finding.says else ""
    value = f" ({finding.metas})" if isinstance(finding.metas, str) and finding.metas.isidentifier() else ""
    return f"{finding.fact.wrong.rstrip('.')}{value}.{said}"


def may_repair_credit(*, metas: Any, was_ours: bool) -> bool:
    """Our line is attached again by itself only where it had been, and nobody pays now: whoever pays is asked first."""
    return was_ours and metas == ""


def slot_of(key: str) -> timedelta:
    """The time of day at which an account is checked: spread evenly, and the same every day."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    return timedelta(seconds=number % int(DAY.total_seconds()))


def next_check(key: str, *, now: datetime) -> datetime:
    """The next time of an account's slot that is not too near."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + slot_of(key)
    while at < now + SOON:
        at += DAY
    return at


def first_check(key: str, *, now: datetime) -> datetime:
    """The first time of an account's slot."""
    at = now.replace(hour=0, minute=0, second=0, microsecond=0) + slot_of(key)
    return at if at >= now else at + DAY


def after_failure(failures: int, key: str, *, now: datetime, wait: timedelta | None = None) -> datetime:
    """When to look again where Meta could not be asked: soon, then later, never before Meta wants us back."""
    if failures > len(AGAIN_AFTER):
        return next_check(key, now=now)
    # Accounts that failed together do not come back together.
    stretched = AGAIN_AFTER[failures - 1] * (1 + slot_of(key) / DAY / 4)
    return now + max(stretched, wait or timedelta(0))


def after_news(*, now: datetime, checked_at: datetime | None) -> datetime:
    """When to look because Meta told something: at once, but not twice within moments."""
    return now if checked_at is None else max(now, checked_at + BETWEEN)
