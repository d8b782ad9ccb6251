"""Accounts and numbers as Meta last described them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Account(Base):
    """A WhatsApp Business Account one client shares with us; `business_id` is the portfolio that owns it.

    `shared_at`: when the signup began that brought it last. `paused_at`: its phone app is off for the moment, and
    nothing can be sent. `ended_at`: it was taken away, for Meta's reason `ended_because`, by `ended_by` (USER or
    SYSTEM). `token_dead_at`: Meta takes our token for it no more. `told` keeps Meta's newest notifications about it by
    field, each with its time.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("client_id", "waba_id"),)

    id: Mapped[str] = key_column()
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"))
    waba_id: Mapped[str] = mapped_column(String(64), index=True)
    business_id: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str | None] = mapped_column(String(255))
    currency: Mapped[str | None] = mapped_column(String(8))
    country: Mapped[str | None] = mapped_column(String(8))
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    shared_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(64))
    ended_by: Mapped[str | None] = mapped_column(String(16))
    token_dead_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]


class Number(Base):
    """A business phone number inside one of our accounts; the facts are Meta's words, with the time we read them.

    `ended_at`: this number alone was taken away, while its account may still be ours.
    """

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
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]


class AccountEvent(Base):
    """The newest event of a kind in the life of an account, or of one number in it (`digits`, empty for the account).

    `at` is Meta's own time, `heard_at` ours. It stands here whether or not the account is known yet: Meta may tell of
    an end before the signup it ends has been read.
    """

    __tablename__ = "account_events"
    __table_args__ = (UniqueConstraint("waba_id", "digits", "kind"),)

    id: Mapped[str] = key_column()
    waba_id: Mapped[str] = mapped_column(String(64))
    digits: Mapped[str] = mapped_column(String(32), default="")
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    heard_at: Mapped[datetime]
    because: Mapped[str | None] = mapped_column(String(64))
    by: Mapped[str | None] = mapped_column(String(16))
