"""Rows by which processes know of each other: heartbeats, and who leads the clock."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Beat(Base):
    """The last sign of life of one process; `role` is worker or clock."""

    __tablename__ = "beats"

    process: Mapped[str] = mapped_column(String(96), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), index=True)
    beat_at: Mapped[datetime]


class Leadership(Base):
    """Who may fire a schedule now. `fence` grows with every change of hands, so a sleeper's late writes can be told."""

    __tablename__ = "leaderships"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(96))
    held_until: Mapped[datetime | None]
    fence: Mapped[int]
