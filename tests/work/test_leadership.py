import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from app.db import Database
from app.work.leadership import lead, led_until, resign
from app.work.models import Leadership
from tests.work.rows import NOON

LEASE = timedelta(seconds=15)
A_MOMENT = timedelta(microseconds=1)


def ask(db: Database, holder: str, now: datetime = NOON, name: str = "clock") -> int | None:
    with db.write() as session:
        return lead(session, name, holder, now=now)


def test_the_first_to_ask_leads_with_the_first_fence(db: Database) -> None:
    assert ask(db, "ann") == 1
    assert ask(db, "bob") is None


def test_a_leader_who_keeps_asking_leads_on_under_the_same_fence(db: Database) -> None:
    ask(db, "ann")
    assert ask(db, "ann", NOON + timedelta(seconds=10)) == 1
    assert ask(db, "bob", NOON + timedelta(seconds=24)) is None


@pytest.mark.parametrize(
    ("after", "fence"), [(LEASE - A_MOMENT, None), (LEASE, 2), (LEASE + A_MOMENT, 2), (timedelta(days=3), 2)]
)
def test_a_silent_leader_is_followed_after_its_lease_by_a_higher_fence(
    db: Database, after: timedelta, fence: int | None
) -> None:
    ask(db, "ann")
    assert ask(db, "bob", NOON + after) == fence


def test_a_sleeper_finds_its_leadership_gone_and_the_fence_grows_with_each_change_of_hands(db: Database) -> None:
    ask(db, "ann")
    assert ask(db, "bob", NOON + LEASE) == 2
    assert ask(db, "ann", NOON + LEASE) is None
    assert ask(db, "ann", NOON + 2 * LEASE) == 3


def test_a_leader_who_overslept_but_was_not_followed_leads_on(db: Database) -> None:
    ask(db, "ann")
    assert ask(db, "ann", NOON + 4 * LEASE) == 1


def test_who_resigns_is_followed_at_once(db: Database) -> None:
    ask(db, "ann")
    with db.write() as session:
        resign(session, "clock", "ann")
    assert ask(db, "bob") == 2


def test_until_when_somebody_leads_is_read_without_asking_to_lead(db: Database) -> None:
    with db.read() as session:
        assert led_until(session, "clock") is None
    ask(db, "ann")
    with db.read() as session:
        assert (led_until(session, "clock"), led_until(session, "other")) == (NOON + LEASE, None)
    with db.write() as session:
        resign(session, "clock", "ann")
    with db.read() as session:
        assert led_until(session, "clock") is None


def test_only_the_leader_can_resign(db: Database) -> None:
    ask(db, "ann")
    with db.write() as session:
        resign(session, "clock", "bob")
        resign(session, "nothing", "ann")
    assert ask(db, "bob") is None


def test_leaderships_of_different_names_are_independent(db: Database) -> None:
    assert ask(db, "ann", name="clock") == 1
    assert ask(db, "bob", name="other") == 1


def test_of_many_who_ask_first_at_once_exactly_one_leads(db: Database) -> None:
    start = threading.Barrier(4)

    def one(holder: str) -> int | None:
        start.wait(10)
        return ask(db, holder)

    with ThreadPoolExecutor(4) as pool:
        fences = list(pool.map(one, ["ann", "bob", "cat", "dan"]))
    assert sorted(fences, key=str) == [1, None, None, None]
    with db.read() as session:
        row = session.get_one(Leadership, "clock")
        assert (row.fence, row.held_until) == (1, NOON + LEASE)


def test_of_many_who_follow_at_once_exactly_one_does(db: Database) -> None:
    ask(db, "old")
    start = threading.Barrier(4)

    def one(holder: str) -> int | None:
        start.wait(10)
        return ask(db, holder, NOON + LEASE)

    with ThreadPoolExecutor(4) as pool:
        fences = list(pool.map(one, ["ann", "bob", "cat", "dan"]))
    assert sorted(fences, key=str) == [2, None, None, None]


@pytest.mark.parametrize(
    ("ahead", "fence"), [(timedelta(minutes=1), None), (timedelta(hours=1), 2), (timedelta(days=1), 2)]
)
def test_a_lease_left_by_a_clock_that_is_hours_ahead_holds_nobody_up(
    db: Database, ahead: timedelta, fence: int | None
) -> None:
    ask(db, "ahead", NOON + ahead)
    assert ask(db, "right", NOON) == fence
