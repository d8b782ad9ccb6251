"""Accounts that were shared with us, as Meta told them, and what became of each."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class UnclaimedAccount(Base):
    """One share that no onboarding of ours held when Meta told of it. It is unclaimed until it is settled.

    `kind` is Meta's word (`PARTNER_ADDED`, `PARTNER_APP_INSTALLED`); `told_at` is Meta's time of the last telling,
    `seen_at` ours of the first. `settled_as` is claimed (a code brought the account), joined (an opening of Meta's own
    page waited for it), attached or client_made (staff), refused (staff, with `reason`) or removed (taken back).
    `account_name` and `owner_name` are Meta's, once somebody has asked. An account has one open row at most.
    """

    __tablename__ = "unclaimed_accounts"
    __table_args__ = (
        Index(
            "uq_unclaimed_open",
            "waba_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[str] = key_column()
    waba_id: Mapped[str] = mapped_column(String(64), index=True)
    business_id: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    solution_id: Mapped[str | None] = mapped_column(String(64))
    told_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    account_name: Mapped[str | None] = mapped_column(String(200))
    owner_name: Mapped[str | None] = mapped_column(String(200))
    settled_at: Mapped[datetime | None]
    settled_as: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(500))
    onboarding_id: Mapped[str | None] = mapped_column(ForeignKey("onboardings.id"))
