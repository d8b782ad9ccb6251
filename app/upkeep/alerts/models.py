"""What was told to whom."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due


class Notice(Due, Base):
    """One change of an incident for one channel, named by its key and, for people, its label.

    It ends as told (`told_at`; for mail: handed to the post) or given up (`given_up_at`), with `trouble` in our words.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("change_id", "channel"), Index("ix_notices_due", "due_at"))

    id: Mapped[str] = key_column()
    change_id: Mapped[str] = mapped_column(ForeignKey("incident_changes.id"))
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(200))
