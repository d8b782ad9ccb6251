"""When something is due is a row: no clock that dies, sleeps or doubles loses or repeats it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import select

from app.db import Database
from app.work.leadership import lead
from app.work.models import Schedule, Tick
from app.work.schedules import LEADERSHIP, begin, enqueue, newest_due, next_times

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
NIGHT = CronTrigger(hour=3, minute=17, timezone="UTC")
DAY = timedelta(days=1)


def known(db: Database, now: datetime = NOON) -> None:
    with db.write() as session:
        begin(session, {"night": NIGHT}, now=now)


def ask(db: Database, holder: str, now: datetime) -> int | None:
    with db.write() as session:
        return lead(session, LEADERSHIP, holder, now=now)


def enqueue_at(db: Database, now: datetime, *, holder: str = "ann", fence: int | None = None) -> bool:
    mine = ask(db, holder, now) if fence is None else fence
    with db.write() as session:
        return enqueue(session, "night", NIGHT, holder=holder, fence=mine or 0, now=now)


def ticks(db: Database) -> list[datetime]:
    with db.read() as session:
        return list(session.scalars(select(Tick.planned_at).order_by(Tick.planned_at)))


def end_all(db: Database) -> None:
    with db.write() as session:
        for tick in session.scalars(select(Tick)):
            tick.due_at = None


def test_a_new_schedule_is_first_due_at_its_next_time(db: Database) -> None:
    known(db)
    assert enqueue_at(db, NOON) is False
    assert enqueue_at(db, datetime(2026, 11, 3, 3, 16, 59, tzinfo=UTC)) is False
    assert enqueue_at(db, datetime(2026, 11, 3, 3, 17, tzinfo=UTC)) is True
    assert ticks(db) == [datetime(2026, 11, 3, 3, 17, tzinfo=UTC)]


def test_three_nights_asleep_are_one_tick_the_newest(db: Database) -> None:
    known(db)
    late = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
    assert enqueue_at(db, late) is True
    assert enqueue_at(db, late) is False
    assert ticks(db) == [datetime(2026, 11, 5, 3, 17, tzinfo=UTC)]


def test_a_schedule_whose_tick_still_waits_gets_no_second(db: Database) -> None:
    known(db)
    assert enqueue_at(db, NOON + DAY) is True
    assert enqueue_at(db, NOON + 2 * DAY) is False
    end_all(db)
    assert enqueue_at(db, NOON + 2 * DAY) is False, "what passed meanwhile was done by the tick that waited"
    assert enqueue_at(db, NOON + 3 * DAY) is True


def test_a_clock_that_slept_through_its_lease_enqueues_nothing(db: Database) -> None:
    known(db)
    at = NOON + DAY
    old = ask(db, "ann", at - timedelta(seconds=15))
    assert ask(db, "bob", at) == 2
    assert enqueue_at(db, at, holder="ann", fence=old) is False
    assert enqueue_at(db, at, holder="bob", fence=1) is False, "an older fence of its own counts for nothing either"
    assert enqueue_at(db, at, holder="bob", fence=2) is True


def test_a_lease_that_has_just_ended_enqueues_nothing(db: Database) -> None:
    known(db)
    fence = ask(db, "ann", NOON + DAY)
    assert enqueue_at(db, NOON + DAY + timedelta(seconds=15), holder="ann", fence=fence) is False
    assert ticks(db) == []


def test_a_clock_a_day_ahead_makes_a_time_come_early_and_never_twice(db: Database) -> None:
    known(db)
    assert enqueue_at(db, NOON + 2 * DAY, holder="ahead") is True
    end_all(db)
    # It dies, and a clock that is right takes over at once: nobody holds a lease for a day.
    assert ask(db, "right", NOON + DAY) == 2
    assert enqueue_at(db, NOON + DAY + timedelta(hours=16), holder="right") is False
    assert enqueue_at(db, NOON + 3 * DAY, holder="right") is True
    assert ticks(db) == [datetime(2026, 11, day, 3, 17, tzinfo=UTC) for day in (4, 5)]


def test_two_who_ask_in_the_same_moment_make_one_tick(db: Database) -> None:
    known(db)
    together = threading.Barrier(2)
    fence = ask(db, "ann", NOON + DAY)

    def one(_: int) -> bool:
        together.wait(10)
        return enqueue_at(db, NOON + DAY, fence=fence)

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(one, range(2))) == [False, True]


def test_a_schedule_made_known_again_keeps_how_far_it_came(db: Database) -> None:
    known(db)
    known(db, NOON + DAY)
    with db.read() as session:
        assert session.get_one(Schedule, "night").planned_at == NOON
        assert next_times(session, {"night": NIGHT}) == {"night": datetime(2026, 11, 3, 3, 17, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("minutes", "newest"), [(0, None), (4.9, None), (5, 5), (9.9, 5), (10, 10), (4320, 4320), (4321, 4320)]
)
def test_the_newest_time_that_has_come_is_found(minutes: float, newest: float | None) -> None:
    every = IntervalTrigger(minutes=5, start_date=NOON, timezone="UTC")
    found = newest_due(every, after=NOON, now=NOON + timedelta(minutes=minutes))
    assert found == (None if newest is None else NOON + timedelta(minutes=newest))
