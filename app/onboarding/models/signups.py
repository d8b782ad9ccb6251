"""One opening of Meta's window, with everything it told us."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Signup(Base):
    """One opening of Meta's window from our page.

    The browser names it (`browser_key`), because the window must open in the click, before any answer of ours; the
    name counts only together with the browser's own session. Opening, code and end event may arrive in any order,
    each at most once; whichever is first makes the row. `event` is the weightiest thing the window has said so far;
    `code_refused` is the catalogue's key when Meta did not take the code.
    """

    __tablename__ = "signups"
    __table_args__ = (UniqueConstraint("session_id", "browser_key"),)

    id: Mapped[str] = key_column()
    link_id: Mapped[str] = mapped_column(ForeignKey("links.id"), index=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("connect_sessions.id"))
    browser_key: Mapped[str] = mapped_column(String(64))
    plan_asked: Mapped[str | None] = mapped_column(String(32))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opened_at: Mapped[datetime | None]
    code_at: Mapped[datetime | None]
    code_refused: Mapped[str | None] = mapped_column(String(64))
    event: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    event_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    onboarding_id: Mapped[str | None] = mapped_column(String(36), index=True)
    created_at: Mapped[datetime]
