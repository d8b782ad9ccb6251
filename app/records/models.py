"""Requests about somebody's data, and what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class PrivacyRequest(Base):
    """One request. `kind` is deletion or deauthorize (Meta's two callbacks), export or erasure (staff's).

    `code` is what whoever asked may look it up by. `person` is the SHA-256 of Meta's app-scoped id of the person, which
    is kept nowhere else. `state` is open, done or refused; `reason` says why it was refused, or what was done, in words
    the person may read. `facts` counts what was handed out or erased, and names no one.
    """

    __tablename__ = "privacy_requests"

    id: Mapped[str] = key_column()
    code: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    person: Mapped[str | None] = mapped_column(String(64), index=True)
    client_id: Mapped[str | None] = mapped_column(String(36), index=True)
    asked_at: Mapped[datetime]
    due_by: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(500))
    settled_at: Mapped[datetime | None]
    actor: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
