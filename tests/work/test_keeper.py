from datetime import timedelta

from app.db import Database
from app.kit import clock
from app.onboarding.models import Onboarding
from app.work.due import claim
from app.work.keeper import Keeper
from tests.waiting import until
from tests.work.rows import LEASE, add_rows, get_row


def take(db: Database, worker: str, lease: timedelta = LEASE) -> None:
    with db.write() as session:
        assert claim(session, Onboarding, worker=worker, now=clock.now(), lease=lease, most=1)


def test_a_held_lease_is_prolonged_from_now_and_one_let_go_is_not(db: Database) -> None:
    (key,) = add_rows(db, clock.now())
    take(db, "ann", timedelta(seconds=2))
    keeper = Keeper(db, timedelta(minutes=5))
    with keeper.holding(Onboarding, key, "ann"):
        keeper.prolong()
        kept = get_row(db, key).leased_until
        assert kept is not None
        assert timedelta(minutes=4) < kept - clock.now() <= timedelta(minutes=5)
    keeper.prolong()
    assert get_row(db, key).leased_until == kept


def test_a_lease_somebody_else_has_taken_stays_theirs(db: Database) -> None:
    (key,) = add_rows(db, clock.now())
    take(db, "bob")
    theirs = get_row(db, key).leased_until
    keeper = Keeper(db, timedelta(minutes=5))
    with keeper.holding(Onboarding, key, "ann"):
        keeper.prolong()
    assert get_row(db, key).leased_until == theirs


def test_each_holder_keeps_its_own_rows(db: Database) -> None:
    first, second = add_rows(db, clock.now() - LEASE, clock.now())
    take(db, "ann")
    take(db, "bob")
    keeper = Keeper(db, timedelta(minutes=5))
    with keeper.holding(Onboarding, first, "ann"), keeper.holding(Onboarding, second, "bob"):
        keeper.prolong()
    soon = clock.now() + timedelta(minutes=4)
    assert all((get_row(db, key).leased_until or soon) > soon for key in (first, second))


def test_leases_are_kept_alive_from_a_thread_of_its_own(db: Database) -> None:
    (key,) = add_rows(db, clock.now())
    lease = timedelta(seconds=0.3)
    take(db, "ann", lease)
    first = get_row(db, key).leased_until
    assert first is not None
    with Keeper(db, lease).holding(Onboarding, key, "ann"):
        assert until(lambda: (get_row(db, key).leased_until or first) > first + 2 * lease)


def test_a_lease_is_let_go_also_when_the_work_fails(db: Database) -> None:
    (key,) = add_rows(db, clock.now())
    take(db, "ann")
    before = get_row(db, key).leased_until
    keeper = Keeper(db, timedelta(minutes=5))
    try:
        with keeper.holding(Onboarding, key, "ann"):
            raise KeyError
    except KeyError:
        keeper.prolong()
    assert get_row(db, key).leased_until == before


def test_holders_that_are_gone_leave_nothing_behind(db: Database) -> None:
    keeper = Keeper(db, timedelta(minutes=5))
    for turn in range(50):
        with keeper.holding(Onboarding, "some-key", f"ann/{turn}"):
            pass
    assert keeper._held == {}


def test_the_keeper_survives_a_database_that_is_away_for_a_moment(db: Database) -> None:
    (key,) = add_rows(db, clock.now())
    lease = timedelta(seconds=0.3)
    take(db, "ann", lease)
    first = get_row(db, key).leased_until
    assert first is not None
    keeper = Keeper(db, lease)
    working, fails = db.write, []

    def away() -> object:
        fails.append(1)
        raise ConnectionError

    keeper._db = type("Away", (), {"write": staticmethod(away)})()
    with keeper.holding(Onboarding, key, "ann"):
        assert until(lambda: fails)
        keeper._db = type("Back", (), {"write": staticmethod(working)})()
        assert until(lambda: (get_row(db, key).leased_until or first) > first)


def test_a_keeper_that_is_closed_prolongs_nothing_and_leaves_no_thread(db: Database) -> None:
    (key,) = add_rows(db, clock.now())
    take(db, "ann")
    keeper = Keeper(db, timedelta(seconds=0.05))
    with keeper.holding(Onboarding, key, "ann"):
        keeper.close()
        assert until(lambda: not keeper.is_running)
