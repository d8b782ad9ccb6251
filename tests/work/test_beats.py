from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.work.beats import beat, keep_beating, silent_roles
from app.work.models import Beat
from tests.waiting import until
from tests.work.rows import NOON

A_MOMENT = timedelta(microseconds=1)


def give(db: Database, process: str, role: str, at: datetime = NOON) -> None:
    with db.write() as session:
        beat(session, process, role, now=at)


def silent(db: Database, now: datetime = NOON) -> list[str]:
    with db.read() as session:
        return silent_roles(session, ("worker", "clock"), now=now)


def known(db: Database) -> set[str]:
    with db.read() as session:
        return set(session.scalars(select(Beat.process)))


def test_a_role_that_never_beat_is_silent(db: Database) -> None:
    assert silent(db) == ["worker", "clock"]
    give(db, "one", "clock")
    assert silent(db) == ["worker"]


@pytest.mark.parametrize(
    ("after", "expected"), [(10 * timedelta(seconds=1), []), (timedelta(seconds=10) + A_MOMENT, ["worker"])]
)
def test_a_role_is_silent_after_ten_seconds_without_a_sign(db: Database, after: timedelta, expected: list[str]) -> None:
    give(db, "one", "worker")
    give(db, "two", "clock", NOON + after)
    assert silent(db, NOON + after) == expected


def test_one_living_process_speaks_for_its_role(db: Database) -> None:
    give(db, "dead", "worker", NOON - timedelta(hours=1))
    give(db, "alive", "worker")
    give(db, "late", "worker", NOON - timedelta(minutes=1))
    assert silent(db) == ["clock"]


def test_a_process_has_one_row_with_its_last_sign(db: Database) -> None:
    give(db, "one", "worker")
    give(db, "one", "worker", NOON + timedelta(seconds=2))
    with db.read() as session:
        assert [row.beat_at for row in session.scalars(select(Beat))] == [NOON + timedelta(seconds=2)]


@pytest.mark.parametrize(
    ("age", "left"), [(timedelta(days=1), {"old", "new"}), (timedelta(days=1) + A_MOMENT, {"new"})]
)
def test_a_process_silent_for_more_than_a_day_is_forgotten(db: Database, age: timedelta, left: set[str]) -> None:
    give(db, "old", "worker", NOON - age)
    give(db, "new", "worker")
    assert known(db) == left


def test_a_process_beats_by_itself_until_it_is_told_to_stop(db: Database) -> None:
    stop = keep_beating(db, "one", "worker")
    assert until(lambda: known(db) == {"one"})
    stop()


def test_a_process_that_calls_itself_stuck_gives_no_sign(db: Database) -> None:
    asked: list[bool] = []

    def alive() -> bool:
        asked.append(True)
        return False

    stop = keep_beating(db, "one", "worker", alive=alive)
    assert until(lambda: asked)
    stop()
    assert known(db) == set()


def test_a_beat_that_fails_is_not_the_last(db: Database) -> None:
    asked: list[bool] = []

    def alive() -> bool:
        asked.append(True)
        if len(asked) == 1:
            raise ConnectionError
        return True

    stop = keep_beating(db, "one", "worker", alive=alive)
    assert until(lambda: known(db) == {"one"})
    stop()
