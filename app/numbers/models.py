"""Accounts and numbers as Meta last described them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Account(Base):
    """A WhatsApp Business Account one client shares with us; `business_id` is the portfolio that owns it.

    `paused_at`: its phone app is off for the moment and nothing can be sent. `ended_at`: the client took it away.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("client_id", "waba_id"),)

    id: Mapped[str] = key_column()
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"))
    waba_id: Mapped[str] = mapped_column(String(64), index=True)
    business_id: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str | None] = mapped_column(String(255))
    currency: Mapped[str | None] = mapped_column(String(8))
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(64))
    seen_at: Mapped[datetime]


class Number(Base):
    """A business phone number inside one of our accounts; the facts are Meta's words, with the time we read them."""

    __tablename__ = "numbers"
    __table_args__ = (UniqueConstraint("account_id", "phone_number_id"),)

    id: Mapped[str] = key_column()
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    phone_number_id: Mapped[str] = mapped_column(String(64), index=True)
    display_phone_number: Mapped[str | None] = mapped_column(String(64))
    verified_name: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str | None] = mapped_column(String(32))
    code_verification_status: Mapped[str | None] = mapped_column(String(32))
    name_status: Mapped[str | None] = mapped_column(String(32))
    quality_rating: Mapped[str | None] = mapped_column(String(16))
    platform_type: Mapped[str | None] = mapped_column(String(32))
    is_on_biz_app: Mapped[bool | None]
    seen_at: Mapped[datetime]
