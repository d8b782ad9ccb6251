"""Links, the browsers that opened them, and what was agreed to on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Link(Base):
    """A signup link of one client. The token in its address is kept hashed; a newer link of the client ends it.

    `plans` lists the plans it allows; `prefill` is what Meta's window is filled with (platform: `extras.setup`);
    `return_urls` has `success` and `failure`, each optional.
    """

    __tablename__ = "links"

    id: Mapped[str] = key_column()
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    plans: Mapped[list[str]] = mapped_column(JSON)
    prefill: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    return_urls: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None] = mapped_column(String(64))


class ConnectSession(Base):
    """One browser that opened a link; its cookie's secret is kept hashed."""

    __tablename__ = "connect_sessions"

    id: Mapped[str] = key_column()
    link_id: Mapped[str] = mapped_column(ForeignKey("links.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Consent(Base):
    """What a client agreed to when Meta's window was opened: text version, scopes, time and address."""

    __tablename__ = "consents"

    id: Mapped[str] = key_column()
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    link_id: Mapped[str] = mapped_column(ForeignKey("links.id"))
    signup_id: Mapped[str] = mapped_column(String(36), unique=True)
    terms_version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str | None] = mapped_column(String(8))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[datetime]
