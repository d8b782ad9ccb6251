"""The mail table: what is to be sent, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due


class Mail(Due, Base):
    """One letter to one address. `once` names its occasion: a second order for the same one adds nothing.

    `facts` fill the letter's places and hold no secret; an address that is one is sealed as the client's credential of
    kind `mail_address`, with this row's id as its subject, and forgotten once the letter is gone. `until`: after that
    it would be wrong to send it. It ends as sent (`sent_at`) or given up (`given_up_at`), with `trouble` in our words.
    """

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_due", "due_at"), Index("ix_mails_client_id", "client_id"))

    id: Mapped[str] = key_column()
    once: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(48))
    to: Mapped[str] = mapped_column("to_address", String(320))
    language: Mapped[str | None] = mapped_column(String(8))
    client_id: Mapped[str | None] = mapped_column(ForeignKey("clients.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    posted_at: Mapped[datetime]
    until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(200))
