"""Schedules: when something is due is a row, so that no clock that dies, sleeps or doubles loses or repeats it.

A clock that leads asks `enqueue` for every schedule whose time has come. Under the leadership's fence, in one
transaction, the newest time that was missed becomes one tick: three days asleep are one tick, not three. A schedule
whose last tick still waits or runs gets no second one, since its job does all there is to do.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.ids import new_id
from app.work.arrivals import insert_into
from app.work.models import Leadership, Schedule, Tick

LEADERSHIP: Final = "clock"
FORGET_AFTER: Final = timedelta(days=30)


class Trigger(Protocol):
    """When a schedule is due; APScheduler's triggers are such."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The first time at or after `now`, and after `previous`."""
        ...


def begin(session: Session, schedules: Mapping[str, Trigger], *, now: datetime) -> None:
    """Make schedules known that are not yet. A new one is first due at its next time, not at once."""
    for name in schedules:
        session.execute(insert_into(session, Schedule).values(name=name, planned_at=now).on_conflict_do_nothing())


def newest_due(trigger: Trigger, *, after: datetime, now: datetime) -> datetime | None:
    """The newest time of a schedule that is not after `now`, but after `after`; None where none has come."""
    newest = None
    at = trigger.get_next_fire_time(after, after + timedelta(microseconds=1))
    while at is not None and at <= now:
        newest = at
        at = trigger.get_next_fire_time(at, at + timedelta(microseconds=1))
    return newest


def next_times(session: Session, schedules: Mapping[str, Trigger]) -> dict[str, datetime | None]:
    """When each known schedule is due next, seen from how far it has come."""
    rows = session.execute(select(Schedule.name, Schedule.planned_at).where(Schedule.name.in_(schedules))).all()
    return {
        name: schedules[name].get_next_fire_time(planned_at, planned_at + timedelta(microseconds=1))
        for name, planned_at in rows
    }


def enqueue(session: Session, name: str, trigger: Trigger, *, holder: str, fence: int, now: datetime) -> bool:
    """Make one tick of what a schedule has come to; False where nothing is due, or we do not lead under this fence.

    Both rows are locked until the caller's transaction ends, so of two clocks one waits, and then finds it done.
    """
    if not _leads(session, holder, fence, now):
        return False
    schedule = session.get(Schedule, name, with_for_update=True, populate_existing=True)
    newest = None if schedule is None else newest_due(trigger, after=schedule.planned_at, now=now)
    if schedule is None or newest is None:
        return False
    schedule.planned_at = newest
    if session.scalar(select(Tick.id).where(Tick.schedule == name, Tick.due_at.is_not(None)).limit(1)) is not None:
        return False
    session.add(Tick(id=new_id(), schedule=name, planned_at=newest, enqueued_at=now, due_at=now, fence=fence))
    return True


def _leads(session: Session, holder: str, fence: int, now: datetime) -> bool:
    row = session.get(Leadership, LEADERSHIP, with_for_update=True, populate_existing=True)
    return (
        row is not None
        and row.holder == holder
        and row.fence == fence
        and row.held_until is not None
        and row.held_until > now
    )
