"""Staff, their sessions, what they tried at the door, and API keys. Passwords and keys are kept as hashes only."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Staff(Base):
    """One of the partner's people. `password_hash` is Argon2id."""

    __tablename__ = "staff"

    id: Mapped[str] = key_column()
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class StaffSession(Base):
    """A signed-in browser: revocable, with an idle and an absolute end. The cookie's secret is kept hashed."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = key_column()
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInTry(Base):
    """One password typed at the door. The e-mail is kept as its SHA-256 only: people type passwords into that field."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        Index("ix_sign_in_tries_account_hash", "account_hash", "at"),
        Index("ix_sign_in_tries_network", "network", "at"),
    )

    id: Mapped[str] = key_column()
    account_hash: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ApiKey(Base):
    """A key of the partner's own programs: shown once, kept hashed, found by its prefix."""

    __tablename__ = "api_keys"

    id: Mapped[str] = key_column()
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(24), unique=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
