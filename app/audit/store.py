"""Add and list audit entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry


@dataclass(frozen=True)
class Actor:
    """Who does something: staff member, API key, client on a signup page, or the system itself."""

    kind: str
    id: str | None = None


SYSTEM = Actor("system")


def add_entry(
    session: Session, actor: Actor, action: str, subject_kind: str, subject_id: str, *, now: datetime, **facts: Any
) -> None:
    """Write down a deed in the caller's transaction, so that neither can be kept without the other."""
    session.add(
        AuditEntry(
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            facts=facts,
        )
    )


def find_newest(session: Session, subject_kind: str, subject_id: str, action: str) -> AuditEntry | None:
    """The last time this was done to one subject."""
    return session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id == subject_id, AuditEntry.action == action
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()


def list_of(session: Session, subject_kind: str, subject_id: str) -> Sequence[AuditEntry]:
    """All that was done to one subject, newest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    ).all()
