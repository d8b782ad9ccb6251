"""Every try at a token, and every warning given: what happened, never a secret."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class TokenRenewal(Base):
    """One try at the token of the row `credential_id`: by which way, when, and what became of it.

    `way` is look (`debug_token` alone), exchange or fetch. `outcome` is renewed, or why not: refused, busy, lost, dead,
    sealed, ours_dead (the partner's token was), the fault that `debug_token` found in what came (not_later, other_app,
    other_targets, other_scopes, invalid), or overtaken, when another token had become current meanwhile. `asked_by` is
    clock, staff or doctor.
    """

    __tablename__ = "token_renewals"
    __table_args__ = (Index("ix_token_renewals_watch", "watch_id", "at"), Index("ix_token_renewals_at", "at"))

    id: Mapped[str] = key_column()
    watch_id: Mapped[str] = mapped_column(ForeignKey("token_watches.id"))
    credential_id: Mapped[str] = mapped_column(ForeignKey("credentials.id"))
    way: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[str] = mapped_column(String(16), index=True)
    at: Mapped[datetime]
    took_ms: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(16))
    code: Mapped[int | None]
    subcode: Mapped[int | None]
    trace_id: Mapped[str | None] = mapped_column(String(64))
    new_credential_id: Mapped[str | None] = mapped_column(ForeignKey("credentials.id"))
    old_end: Mapped[datetime | None]
    new_end: Mapped[datetime | None]


class TokenWarning(Base):
    """One warning to a client about one token, once at each stage; `link_id`: the link it carries to connect again."""

    __tablename__ = "token_warnings"
    __table_args__ = (UniqueConstraint("credential_id", "stage"),)

    id: Mapped[str] = key_column()
    credential_id: Mapped[str] = mapped_column(ForeignKey("credentials.id"))
    stage: Mapped[str] = mapped_column(String(8))
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    link_id: Mapped[str] = mapped_column(ForeignKey("links.id"))
    days_left: Mapped[int]
    at: Mapped[datetime]
