import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from app.db import Database
from app.onboarding.models import Onboarding
from app.work.due import claim, is_due, keep, settle
from tests.work.rows import LEASE, NOON, SECOND, add_rows, get_row

A_MOMENT = timedelta(microseconds=1)


def take(db: Database, worker: str, *, now: datetime = NOON, most: int = 10) -> list[str]:
    with db.write() as session:
        return list(claim(session, Onboarding, worker=worker, now=now, lease=LEASE, most=most))


def give_back(db: Database, key: str, worker: str, due_at: datetime | None = None) -> bool:
    with db.write() as session:
        return settle(session, Onboarding, key, worker=worker, due_at=due_at)


@pytest.mark.parametrize(
    ("due", "taken"),
    [(NOON - SECOND, True), (NOON, True), (NOON + A_MOMENT, False), (None, False)],
)
def test_a_row_is_taken_from_its_due_time_on(db: Database, due: datetime | None, taken: bool) -> None:
    (key,) = add_rows(db, due)
    assert take(db, "ann") == ([key] if taken else [])


def test_a_claimed_row_names_its_holder_and_counts_the_claim(db: Database) -> None:
    (key,) = add_rows(db, NOON)
    take(db, "ann")
    row = get_row(db, key)
    assert (row.leased_by, row.leased_until, row.claims, row.due_at) == ("ann", NOON + LEASE, 1, NOON)


def test_the_oldest_rows_are_taken_first_and_no_more_than_asked_for(db: Database) -> None:
    late, oldest, middle = add_rows(db, NOON, NOON - 9 * SECOND, NOON - SECOND)
    assert set(take(db, "ann", most=2)) == {oldest, middle}
    assert take(db, "bob", most=2) == [late]
    assert take(db, "bob", most=2) == []


@pytest.mark.parametrize(("after", "taken"), [(LEASE - A_MOMENT, False), (LEASE, True), (LEASE + A_MOMENT, True)])
def test_a_lease_holds_until_its_end_and_no_longer(db: Database, after: timedelta, taken: bool) -> None:
    (key,) = add_rows(db, NOON)
    take(db, "ann")
    assert take(db, "bob", now=NOON + after) == ([key] if taken else [])


def test_a_row_the_caller_is_at_work_on_is_not_taken_again_when_its_lease_has_run_out(db: Database) -> None:
    busy, other = add_rows(db, NOON, NOON)
    assert set(take(db, "ann")) == {busy, other}
    with db.write() as session:
        later = NOON + LEASE
        taken = claim(session, Onboarding, worker="ann2", now=later, lease=LEASE, most=10, besides=[busy])
    assert list(taken) == [other]
    assert get_row(db, busy).leased_by == "ann"


def test_who_settles_gives_the_row_back_with_its_next_time(db: Database) -> None:
    (key,) = add_rows(db, NOON)
    take(db, "ann")
    assert give_back(db, key, "ann", NOON + 3 * SECOND)
    row = get_row(db, key)
    assert (row.due_at, row.leased_by, row.leased_until) == (NOON + 3 * SECOND, None, None)
    assert take(db, "bob", now=NOON + 2 * SECOND) == []
    assert take(db, "bob", now=NOON + 3 * SECOND) == [key]


def test_a_row_settled_for_good_is_never_taken_again(db: Database) -> None:
    (key,) = add_rows(db, NOON)
    take(db, "ann")
    give_back(db, key, "ann", None)
    assert take(db, "bob", now=NOON + timedelta(days=99)) == []


def test_a_sleeper_who_wakes_after_its_lease_changes_nothing(db: Database) -> None:
    (key,) = add_rows(db, NOON)
    take(db, "ann")
    take(db, "bob", now=NOON + LEASE)
    assert not give_back(db, key, "ann", None)
    with db.write() as session:
        assert not keep(session, Onboarding, key, worker="ann", now=NOON + LEASE, lease=10 * LEASE)
    row = get_row(db, key)
    assert (row.leased_by, row.leased_until, row.due_at, row.claims) == ("bob", NOON + 2 * LEASE, NOON, 2)


def test_settling_twice_changes_nothing_the_second_time(db: Database) -> None:
    (key,) = add_rows(db, NOON)
    take(db, "ann")
    assert give_back(db, key, "ann", NOON + SECOND)
    assert not give_back(db, key, "ann", None)
    assert get_row(db, key).due_at == NOON + SECOND


def test_keeping_prolongs_our_own_lease_only(db: Database) -> None:
    mine, other = add_rows(db, NOON, NOON)
    take(db, "ann", most=1)
    with db.write() as session:
        assert keep(session, Onboarding, mine, worker="ann", now=NOON + 5 * SECOND, lease=LEASE)
        assert not keep(session, Onboarding, other, worker="ann", now=NOON, lease=LEASE)
    assert get_row(db, mine).leased_until == NOON + 13 * SECOND
    assert get_row(db, other).leased_until is None


def test_a_look_sees_what_claiming_would_take(db: Database) -> None:
    def due(now: datetime) -> bool:
        with db.read() as session:
            return is_due(session, Onboarding, now=now)

    assert not due(NOON)
    add_rows(db, NOON, None)
    assert not due(NOON - A_MOMENT)
    assert due(NOON)
    take(db, "ann", most=1)
    assert not due(NOON)
    assert not due(NOON + LEASE - A_MOMENT)
    assert due(NOON + LEASE)


def test_workers_who_claim_at_once_never_get_the_same_row(db: Database) -> None:
    keys = add_rows(db, *[NOON] * 60)
    start = threading.Barrier(4)

    def work(name: str) -> list[str]:
        mine: list[str] = []
        start.wait(10)
        while batch := take(db, name, most=3):
            assert len(batch) <= 3
            mine += batch
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = Counter(key for mine in pool.map(work, ["ann", "bob", "cat", "dan"]) for key in mine)
    assert taken == Counter(keys)


@pytest.mark.parametrize("db", ["postgres"], indirect=True)
def test_a_worker_passes_by_rows_another_is_claiming_right_now(db: Database) -> None:
    first, second = add_rows(db, NOON - SECOND, NOON)
    with db.write() as session:
        assert list(claim(session, Onboarding, worker="ann", now=NOON, lease=LEASE, most=1)) == [first]
        assert take(db, "bob") == [second]
