"""Incidents as people read them: a list by what is open and how bad, one with everything that happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.incidents.kinds import KINDS, SEVERITIES, Kind
from app.incidents.models import Incident, IncidentChange
from app.kit.errors import Conflict, NotFound

NOT_THERE: Final = "There is no such incident."
PAGE: Final = 50


@dataclass(frozen=True)
class Change:
    """One line of an incident's history."""

    id: str
    what: str
    severity: str
    stage: str
    reasons: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class IncidentView:
    """One incident. `history` is oldest first, and empty in lists."""

    id: str
    kind: Kind
    subject_kind: str
    subject_id: str
    client_id: str | None
    label: str
    severity: str
    stage: str
    reasons: tuple[str, ...]
    facts: dict[str, Any]
    opened_at: datetime
    seen_at: datetime
    closed_at: datetime | None
    closed_because: str | None
    assignee: str | None
    history: tuple[Change, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class Wish:
    """Which incidents: open ones or closed ones, of a kind, a client."""

    closed: bool = False
    kind: str | None = None
    client_id: str | None = None


def list_incidents(session: Session, wish: Wish, *, after: str | None = None, most: int = PAGE) -> list[IncidentView]:
    """Open ones worst first, then newest; closed ones by when they opened, newest first, from behind the id `after`.

    Open ones come whole: there are never many, since each is one problem of one subject.
    """
    rows = select(Incident).where(Incident.closed_at.is_not(None) if wish.closed else Incident.closed_at.is_(None))
    if wish.kind is not None:
        rows = rows.where(Incident.kind == wish.kind)
    if wish.client_id is not None:
        rows = rows.where(Incident.client_id == wish.client_id)
    if wish.closed:
        if after is not None:
            rows = rows.where(Incident.id < after)
        rows = rows.order_by(Incident.id.desc()).limit(most)
    else:
        worst = case({name: -place for place, name in enumerate(SEVERITIES)}, value=Incident.severity, else_=0)
        rows = rows.order_by(worst, Incident.opened_at.desc(), Incident.id.desc())
    return [_view(row) for row in session.scalars(rows)]


def count_open(session: Session) -> int:
    """How many are open, for the side bar of every page."""
    return session.scalar(select(func.count()).select_from(Incident).where(Incident.closed_at.is_(None))) or 0


def get_incident(session: Session, key: str) -> IncidentView:
    """One with its history. Raises `NotFound`."""
    row = session.get(Incident, key)
    if row is None:
        raise NotFound(NOT_THERE)
    changes = session.scalars(
        select(IncidentChange).where(IncidentChange.incident_id == key).order_by(IncidentChange.position)
    )
    return _view(row, tuple(_change(change) for change in changes))


def assign(session: Session, key: str, staff_id: str | None, *, actor: Actor, now: datetime) -> None:
    """Somebody takes it on, or (None) lets it go. Raises `NotFound`, and `Conflict` for one that is closed."""
    row = session.get(Incident, key, with_for_update=True)
    if row is None:
        raise NotFound(NOT_THERE)
    if row.closed_at is not None:
        raise Conflict("This incident is over.", code="incident_over")
    if row.assignee != staff_id:
        row.assignee = staff_id
        add_entry(session, actor, "incident.assigned", "incident", key, now=now, assignee=staff_id)


def _view(row: Incident, history: Sequence[Change] = ()) -> IncidentView:
    return IncidentView(
        id=row.id,
        kind=KINDS.get(row.kind) or Kind(row.kind, row.severity, row.kind, "", ""),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        client_id=row.client_id,
        label=row.label,
        severity=row.severity,
        stage=row.stage,
        reasons=tuple(row.reasons),
        facts=dict(row.facts),
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        closed_at=row.closed_at,
        closed_because=row.closed_because,
        assignee=row.assignee,
        history=tuple(history),
    )


def _change(row: IncidentChange) -> Change:
    return Change(row.id, row.what, row.severity, row.stage, tuple(row.reasons), row.at)
