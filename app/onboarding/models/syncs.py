"""What was asked of a phone app: its contacts, and its chats."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Sync(Base):
    """One of the two things a run asks of a phone app, and what of it has come.

    `kind` is Meta's `sync_type`. After `until` (24 hours after the signup) Meta takes no request any more. `chunks`
    maps what has come to Meta's progress in percent (history: `phase/order`) or to the number of contacts in it, so
    that a chunk told twice counts once. `declined_at`: the owner kept the history back (2593109).
    """

    __tablename__ = "syncs"
    __table_args__ = (UniqueConstraint("onboarding_id", "kind"),)

    id: Mapped[str] = key_column()
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"))
    kind: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    request_id: Mapped[str | None] = mapped_column(String(255))
    chunks: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    seen_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
