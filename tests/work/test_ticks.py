"""A tick is one job: done once, taken up after a death, tried again after a failure, given up in the end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.db import Database
from app.work import due
from app.work.keeper import Keeper
from app.work.models import Schedule, Tick
from app.work.ticks import Ticks, forget_old_ticks

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=8)


def add_tick(db: Database, name: str = "night", at: datetime = NOON) -> str:
    with db.write() as session:
        if session.get(Schedule, name) is None:
            session.add(Schedule(name=name, planned_at=at))
            session.flush()
        tick = Tick(schedule=name, planned_at=at, enqueued_at=at, due_at=at, fence=1)
        session.add(tick)
        session.flush()
        return tick.id


def the_tick(db: Database) -> Tick:
    with db.read() as session:
        return session.scalars(select(Tick)).one()


def ticks_of(db: Database, **jobs: Callable[[], int]) -> Ticks:
    return Ticks(db, Keeper(db, LEASE), jobs)


def broken() -> int:
    raise OSError("disk")


def test_a_tick_is_worked_off_once_and_says_how_much_was_done(db: Database) -> None:
    add_tick(db)
    done: list[str] = []
    ticks = ticks_of(db, night=lambda: done.append("night") or 7)  # type: ignore[func-returns-value]
    with time_machine.travel(NOON, tick=False):
        assert (ticks.take("ann"), ticks.take("ann")) == (1, 0)
    assert done == ["night"]
    row = the_tick(db)
    assert (row.worked, row.done_at, row.due_at, row.leased_by, row.trouble) == (7, NOON, None, None, None)


def test_a_tick_whose_worker_died_is_taken_up_when_the_lease_ends(db: Database) -> None:
    add_tick(db)
    with db.write() as session:
        assert due.claim(session, Tick, worker="dead", now=NOON, lease=LEASE, most=1)
    ticks = ticks_of(db, night=lambda: 1)
    with time_machine.travel(NOON + LEASE - timedelta(milliseconds=1), tick=False):
        assert ticks.take("ann") == 0
    with time_machine.travel(NOON + LEASE, tick=False):
        assert ticks.take("ann") == 1


def test_who_lost_the_lease_writes_nothing(db: Database) -> None:
    key = add_tick(db)

    def taken_away() -> int:
        with db.write() as session:
            session.get_one(Tick, key).leased_by = "bob"
        return 1

    with time_machine.travel(NOON, tick=False):
        ticks_of(db, night=taken_away).take("ann")
    row = the_tick(db)
    assert (row.done_at, row.leased_by, row.due_at) == (None, "bob", NOON)


def test_a_job_that_breaks_is_tried_again_and_given_up_after_the_fourth_time(db: Database) -> None:
    add_tick(db)
    ticks = ticks_of(db, night=broken)
    now = NOON
    waits = []
    for _ in range(4):
        with time_machine.travel(now, tick=False):
            assert ticks.take("ann") == 1
        row = the_tick(db)
        assert (row.trouble, row.done_at) == ("OSError", None)
        waits.append(None if row.due_at is None else row.due_at - now)
        now = row.due_at or now
    assert waits == [timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), None]
    assert (row.failures, row.given_up_at) == (4, now)


def test_a_schedule_that_nobody_knows_any_more_is_done_with(db: Database) -> None:
    add_tick(db, "abolished")
    with time_machine.travel(NOON, tick=False):
        ticks_of(db).take("ann")
    assert (the_tick(db).done_at, the_tick(db).worked) == (NOON, 0)


@pytest.mark.parametrize(("age", "gone"), [(timedelta(days=29), 0), (timedelta(days=31), 1)])
def test_old_ticks_are_forgotten_after_a_month(db: Database, age: timedelta, gone: int) -> None:
    add_tick(db)
    with time_machine.travel(NOON, tick=False):
        ticks_of(db, night=lambda: 1).take("ann")
    with time_machine.travel(NOON + age, tick=False):
        assert forget_old_ticks(db) == gone


def test_a_tick_that_still_waits_is_never_forgotten(db: Database) -> None:
    add_tick(db)
    with time_machine.travel(NOON + timedelta(days=365), tick=False):
        assert forget_old_ticks(db) == 0
