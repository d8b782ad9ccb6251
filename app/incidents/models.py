"""Incidents, and every change of one, which is what people are told of."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due


class Incident(Base):
    """One problem of one subject. `open_key` repeats kind and subject while it is open: there is never a second.

    `subject_kind` is account, number, onboarding, partner, house …; `label` is what people call the subject. `reasons`
    are sentences, without secrets. `stage` says how near an end is, where there is one (14, 7, 3, 1 days). `assignee`
    is a staff member's id.
    """

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_subject", "subject_kind", "subject_id"),)

    id: Mapped[str] = key_column()
    open_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(48), index=True)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(128))
    client_id: Mapped[str | None] = mapped_column(String(36), index=True)
    label: Mapped[str] = mapped_column(String(200))
    severity: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(32), default="")
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None] = mapped_column(String(200))
    assignee: Mapped[str | None] = mapped_column(String(36))
    changes: Mapped[int] = mapped_column(default=0)


class IncidentChange(Due, Base):
    """One change of an incident: opened, worse, better, stage or closed. Due until it was handed to the channels."""

    __tablename__ = "incident_changes"
    __table_args__ = (UniqueConstraint("incident_id", "position"), Index("ix_incident_changes_due", "due_at"))

    id: Mapped[str] = key_column()
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"))
    position: Mapped[int]
    what: Mapped[str] = mapped_column(String(16))
    severity: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(32), default="")
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    at: Mapped[datetime]
