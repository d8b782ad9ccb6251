"""Rows by which processes know of each other: heartbeats, who leads the clock, and what it has found due."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due


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


class Schedule(Base):
    """How far a schedule has come: `planned_at` is the newest time of it that was looked at, done or passed over."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    planned_at: Mapped[datetime]


class Tick(Due, Base):
    """One time that a schedule was due, as work for a worker. `fence` is that of the clock that found it.

    `done_at` says that its job ended, `worked` how much that was; `failures` counts tries that broke, `trouble` names
    the last one's kind, and `given_up_at` says that the next tick will have to do.
    """

    __tablename__ = "ticks"
    __table_args__ = (UniqueConstraint("schedule", "planned_at"), Index("ix_ticks_due", "due_at"))

    id: Mapped[str] = key_column()
    schedule: Mapped[str] = mapped_column(ForeignKey("schedules.name"))
    planned_at: Mapped[datetime]
    enqueued_at: Mapped[datetime]
    fence: Mapped[int]
    done_at: Mapped[datetime | None]
    worked: Mapped[int | None]
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(200))
    given_up_at: Mapped[datetime | None]


class PaceRow(Base):
    """How far a limit of calls a second is handed out, for all processes that share it (`app/work/pace.py`)."""

    __tablename__ = "paces"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    next_at: Mapped[datetime]
