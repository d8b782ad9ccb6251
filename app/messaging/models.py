"""The message table: one row per message, whichever way it went."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Message(Base):
    """One message. `wamid` is Meta's id of it; a sent row is written before the call and gets its `wamid` afterwards.

    `direction` is in or out. `state` is received, or queued → sent → delivered → read / failed / unknown. `test` marks
    the two-way test of an onboarding: such rows count in no statistic and open nothing for automation.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("phone_number_id", "wamid"),
        Index("ix_messages_contact", "phone_number_id", "contact", "at"),
    )

    id: Mapped[str] = key_column()
    phone_number_id: Mapped[str] = mapped_column(String(64))
    wamid: Mapped[str | None] = mapped_column(String(255), index=True)
    direction: Mapped[str] = mapped_column(String(4))
    contact: Mapped[str] = mapped_column(String(150))
    kind: Mapped[str] = mapped_column(String(32))
    text: Mapped[str | None] = mapped_column(Text)
    test: Mapped[bool] = mapped_column(default=False)
    onboarding_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    reply_to: Mapped[str | None] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(16))
    error_code: Mapped[int | None]
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
