"""Sealed secrets, and the watch over each token that ends. No row holds a secret in plain text."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due


class Credential(Base):
    """One sealed secret of a client, or of our own (`client_id` empty: the partner's token).

    `kind` is business_token, pin, link or partner_token; `subject` what it opens (a waba_id, a phone_number_id …).
    `current_scope` repeats `kind:client:subject` while the row is the current one and is empty afterwards: its unique
    constraint is what makes "one current row" true. `version` counts within that scope and never goes back. `key_id`
    names the master key that wraps this row's data key. `last_four` and `fingerprint` stay empty for a PIN, which a
    search over a million fingerprints would give away.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        UniqueConstraint("kind", "client_id", "subject", "version"),
        Index("ix_credentials_key_id", "key_id"),
    )

    id: Mapped[str] = key_column()
    kind: Mapped[str] = mapped_column(String(32))
    client_id: Mapped[str | None] = mapped_column(ForeignKey("clients.id"))
    subject: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    current_scope: Mapped[str | None] = mapped_column(String(200), unique=True)

    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_data_key: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(64))

    last_four: Mapped[str | None] = mapped_column(String(4))
    fingerprint: Mapped[str | None] = mapped_column(String(12))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    expires_at: Mapped[datetime | None]
    inspected_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class TokenWatch(Due, Base):
    """The watch over the tokens of one scope, whichever is current: when to look next, and what came of it last.

    `state` is waiting (its time will come), lasting (it never ends), refused (Meta renews it by no way), dead, or gone
    (nothing is current there). `failures` counts tries in a row that brought no new token; `suspected` holds Meta's
    code and subcode after a call that failed with this very token, until `debug_token` has said what is true;
    `asked_by` (staff or doctor) wants it renewed whatever its time. `alarmed`: an incident about it may be open.
    """

    __tablename__ = "token_watches"
    __table_args__ = (Index("ix_token_watches_due", "due_at", "id"), Index("ix_token_watches_client_id", "client_id"))

    id: Mapped[str] = key_column()
    scope: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    client_id: Mapped[str | None] = mapped_column(ForeignKey("clients.id"))
    subject: Mapped[str] = mapped_column(String(64))
    credential_id: Mapped[str] = mapped_column(ForeignKey("credentials.id"))
    state: Mapped[str] = mapped_column(String(16))
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    alarmed: Mapped[bool] = mapped_column(default=False)
    dead_since: Mapped[datetime | None]
    suspected: Mapped[str | None] = mapped_column(String(32))
    asked_by: Mapped[str | None] = mapped_column(String(16))
    last_way: Mapped[str | None] = mapped_column(String(16))
    last_outcome: Mapped[str | None] = mapped_column(String(16))
    last_at: Mapped[datetime | None]
