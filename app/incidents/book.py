"""The book of incidents: who finds a problem reports it, who finds it gone resolves it; both as often as they like.

A report of what is open already changes the row and, where somebody should hear of it (worse, or a nearer end), adds a
change. The same report twice adds none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import queue_up
from app.incidents.kinds import KINDS, height
from app.incidents.models import Incident, IncidentChange
from app.kit.ids import new_id

MOST_REASONS = 10


@dataclass(frozen=True)
class Subject:
    """What has the problem: `kind` and `id` name it for us, `label` for people, `client_id` says whose it is."""

    kind: str
    id: str
    label: str
    client_id: str | None = None


# What has problems of its own and is no client's.
HOUSE = Subject("house", "house", "This house")


def account_subject(account_id: str, *, client: str, account: str, client_id: str | None) -> Subject:
    """An account of a client, called by both their names: every finder means the same incident."""
    return Subject("account", account_id, f"{client} · {account}", client_id)


@dataclass(frozen=True)
class Problem:
    """What was found: `severity` where it is not that of its kind, `stage` how near an end is ("7 days")."""

    kind: str
    reasons: Sequence[str]
    severity: str | None = None
    stage: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def report(session: Session, subject: Subject, problem: Problem, *, now: datetime) -> Incident:
    """Open an incident, or bring the open one up to date. Raises `KeyError` for a kind that `kinds.toml` has not."""
    severity = problem.severity or KINDS[problem.kind].severity
    height(severity)
    key = key_of(problem.kind, subject)
    queue_up(session, f"incident:{key}")
    row = _open_row(session, key)
    reasons = list(problem.reasons)[:MOST_REASONS]
    if row is None:
        row = Incident(
            id=new_id(),
            open_key=key,
            kind=problem.kind,
            subject_kind=subject.kind,
            subject_id=subject.id,
            client_id=subject.client_id,
            label=subject.label[:200],
            severity=severity,
            stage=problem.stage,
            reasons=reasons,
            facts=dict(problem.facts),
            opened_at=now,
            seen_at=now,
            changes=0,
        )
        session.add(row)
        session.flush()
        _add_change(session, row, "opened", now)
        return row
    worse = height(severity) - height(row.severity)
    nearer = problem.stage != row.stage
    row.severity, row.stage, row.seen_at = severity, problem.stage, max(now, row.seen_at)
    row.reasons, row.facts, row.label = reasons, dict(problem.facts), subject.label[:200]
    if worse or nearer:
        _add_change(session, row, "worse" if worse > 0 else "better" if worse < 0 else "stage", now)
    return row


def resolve(session: Session, kind: str, subject: Subject, *, because: str, now: datetime) -> bool:
    """Close what is open of a kind and subject; False where nothing is."""
    key = key_of(kind, subject)
    queue_up(session, f"incident:{key}")
    row = _open_row(session, key)
    if row is None:
        return False
    row.open_key, row.closed_at, row.closed_because = None, now, because[:200]
    _add_change(session, row, "closed", now)
    return True


def key_of(kind: str, subject: Subject) -> str:
    """What names an open incident."""
    return f"{kind}:{subject.kind}:{subject.id}"


def _open_row(session: Session, key: str) -> Incident | None:
    return session.scalars(select(Incident).where(Incident.open_key == key).with_for_update()).one_or_none()


def _add_change(session: Session, row: Incident, what: str, now: datetime) -> None:
    row.changes += 1
    session.add(
        IncidentChange(
            id=new_id(),
            incident_id=row.id,
            position=row.changes,
            what=what,
            severity=row.severity,
            stage=row.stage,
            reasons=row.reasons,
            at=now,
            due_at=now,
        )
    )
    session.flush()
