"""What the check keeps: when each account is due, and each fact with both values."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due


class AccountCheck(Due, Base):
    """When one of our accounts is checked next. `asked_at`: when Meta's news or a person last asked for it.

    `failures` counts checks in a row that could not ask Meta, `trouble` names the last one's kind, in words without
    secrets. `checked_at` is the last time that all was asked.
    """

    __tablename__ = "account_checks"

    id: Mapped[str] = key_column()
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), unique=True)
    asked_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(200))


class Fact(Base):
    """One fact about an account, a number, or this house, as it was seen last.

    `subject_id` is our own key. `ours` is what we hold or have accepted, `metas` what Meta says; `since` is when Meta's
    value or the verdict became what it is. `repair` is wanted (by a person), begun, asked (done, and not visible yet),
    done, refused or accepted; `was` is Meta's value before it, `repaired_by` who: `system`, or a person as the audit
    names them.
    """

    __tablename__ = "facts"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "name"),
        Index("ix_facts_account_id", "account_id"),
        Index(
            "ix_facts_wrong",
            "verdict",
            sqlite_where=text("verdict <> 'ok'"),
            postgresql_where=text("verdict <> 'ok'"),
        ),
    )

    id: Mapped[str] = key_column()
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(32))
    ours: Mapped[Any] = mapped_column(JSON)
    metas: Mapped[Any] = mapped_column(JSON)
    verdict: Mapped[str] = mapped_column(String(8))
    severity: Mapped[str] = mapped_column(String(16))
    says: Mapped[list[str]] = mapped_column(JSON, default=list)
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    repair: Mapped[str | None] = mapped_column(String(16))
    was: Mapped[Any] = mapped_column(JSON)
    repaired_at: Mapped[datetime | None]
    repaired_by: Mapped[str | None] = mapped_column(String(80))
    repair_trouble: Mapped[str | None] = mapped_column(String(200))
