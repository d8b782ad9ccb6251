"""The credential table. It holds sealed bytes and what may be shown; never a secret in plain text."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Credential(Base):
    """One sealed secret of a client.

    `kind` is business_token or pin; `subject` what it opens (a waba_id, a phone_number_id). `current_scope` repeats
    `kind:client:subject` while the row is the current one and is empty afterwards: its unique constraint is what makes
    "one current row" true. `version` counts within that scope and never goes back. `key_id` names the master key that
    wraps this row's data key. `last_four` and `fingerprint` stay empty for a PIN, which a search over a million
    fingerprints would give away.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        UniqueConstraint("kind", "client_id", "subject", "version"),
        Index("ix_credentials_key_id", "key_id"),
    )

    id: Mapped[str] = key_column()
    kind: Mapped[str] = mapped_column(String(32))
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"))
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
