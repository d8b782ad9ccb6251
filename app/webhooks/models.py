"""The notification table: every POST of Meta's, kept raw before it is answered."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due

REASON = 200
"""Characters kept of a reason."""


class Notification(Due, Base):
    """One POST, kept byte for byte. `digest` (SHA-256 of the body) makes a repeat of the same bytes one row.

    `done_at` says that every change in it was understood or set aside, and `set_aside` names what nobody acted upon;
    `dead_at` says that something in it could not be read after all tries, with `trouble` naming why in words that hold
    nothing of the body. `failures` counts those tries.
    """

    __tablename__ = "notifications"

    id: Mapped[str] = key_column()
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    repeats: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    set_aside: Mapped[str | None] = mapped_column(String(REASON))
    trouble: Mapped[str | None] = mapped_column(String(REASON))
