"""The two ways into the database, and the moments in it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.clients.store import add_client
from app.db import Database, transaction_is_open
from app.models import Base
from app.work.models import Leadership
from tests.waiting import until

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def add(db: Database, name: str = "Example Bakery", at: datetime = NOON) -> str:
    with db.write() as session:
        return add_client(
            session, name=name, external_ref=None, contact_name=None, contact_email=None, language=None, now=at
        ).id


def names(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Client.name)))


def test_what_is_written_is_kept_when_the_block_ends_well(db: Database) -> None:
    add(db)
    assert names(db) == ["Example Bakery"]


@pytest.mark.parametrize("kind", [KeyError, KeyboardInterrupt, SystemExit])
def test_nothing_is_kept_when_the_block_raises(db: Database, kind: type[BaseException]) -> None:
    def fail() -> None:
        with db.write() as session:
            session.add(Client(name="Example", created_at=NOON))
            session.flush()
            raise kind

    with pytest.raises(kind):
        fail()
    assert names(db) == []
    add(db)
    assert names(db) == ["Example Bakery"]


def test_what_a_reader_changes_is_thrown_away(db: Database) -> None:
    key = add(db)
    with db.read() as session:
        session.get_one(Client, key).name = "Changed"
        assert session.scalar(select(Client.name)) == "Example Bakery"
    assert names(db) == ["Example Bakery"]


def test_rows_can_be_used_after_their_session(db: Database) -> None:
    with db.write() as session:
        client = add_client(
            session, name="A", external_ref=None, contact_name=None, contact_email=None, language=None, now=NOON
        )
    assert (client.name, client.created_at) == ("A", NOON)


def test_a_moment_comes_back_aware_and_in_utc_whatever_zone_it_was_told_in(db: Database) -> None:
    told = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-3)))
    key = add(db, at=told)
    with db.read() as session:
        kept = session.get_one(Client, key).created_at
    assert kept == NOON.replace(microsecond=123456)
    assert kept.utcoffset() == timedelta(0)


def test_no_moment_stays_none(db: Database) -> None:
    with db.write() as session:
        session.add(Leadership(name="clock", holder=None, held_until=None, fence=1))
    with db.read() as session:
        assert session.get_one(Leadership, "clock").held_until is None


def test_a_moment_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        add(db, at=datetime(2026, 11, 2, 12, 0))  # noqa: DTZ001


def test_moments_compare_alike_on_both_databases(db: Database) -> None:
    key = add(db, at=NOON)
    with db.read() as session:
        before = select(Client.id).where(Client.created_at < NOON + timedelta(microseconds=1))
        after = select(Client.id).where(Client.created_at > NOON - timedelta(microseconds=1))
        same = select(Client.id).where(Client.created_at == NOON.astimezone(timezone(timedelta(hours=5))))
        assert [session.scalar(one) for one in (before, after, same)] == [key] * 3


def test_everybody_inside_knows_that_a_transaction_is_open(db: Database) -> None:
    assert not transaction_is_open()
    with db.read():
        assert transaction_is_open()
        with db.read():
            assert transaction_is_open()
        assert transaction_is_open()
    assert not transaction_is_open()
    with db.write():
        assert transaction_is_open()
        seen = ThreadPoolExecutor(1).submit(transaction_is_open)
        assert seen.result() is False
    assert not transaction_is_open()


def test_writers_at_once_all_get_their_turn_and_lose_no_update(db: Database) -> None:
    with db.write() as session:
        session.add(Leadership(name="counter", holder=None, held_until=None, fence=0))
    start = threading.Barrier(4)

    def count(_turn: int) -> None:
        start.wait(10)
        for _ in range(10):
            with db.write() as session:
                session.get_one(Leadership, "counter", with_for_update=True).fence += 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    with db.read() as session:
        assert session.get_one(Leadership, "counter").fence == 40


def test_two_handles_on_one_database_take_turns_as_two_processes_do(db: Database) -> None:
    with db.write() as session:
        session.add(Leadership(name="counter", holder=None, held_until=None, fence=0))
    other = Database(db.url)

    def count(handle: Database) -> None:
        for _ in range(15):
            with handle.write() as session:
                session.get_one(Leadership, "counter", with_for_update=True).fence += 1

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, [db, other]))
    other.dispose()
    with db.read() as session:
        assert session.get_one(Leadership, "counter").fence == 30


def test_a_reader_is_not_kept_waiting_by_a_writer(db: Database) -> None:
    add(db)
    with db.write() as session:
        session.execute(text("UPDATE clients SET name = 'Half'"))
        assert ThreadPoolExecutor(1).submit(names, db).result(10) == ["Example Bakery"]
    assert names(db) == ["Half"]


def test_a_database_can_be_used_again_after_it_was_disposed_of(db: Database) -> None:
    add(db)
    db.dispose()
    add(db, "Example Garage")
    assert sorted(names(db)) == ["Example Bakery", "Example Garage"]


def test_the_text_of_an_error_does_not_quote_what_was_written(db: Database) -> None:
    """A client's name twice under one key: both databases refuse, and neither tells what the statement held."""
    key = add(db)
    with pytest.raises(DBAPIError) as failed:
        add_again(db, key, "canary")
    assert "UNIQUE" in str(failed.value).upper()
    assert "canary" not in str(failed.value)


def add_again(db: Database, key: str, name: str) -> None:
    with db.write() as session:
        row = {"id": key, "name": name, "at": NOON.isoformat()}
        session.execute(text("INSERT INTO clients (id, name, created_at) VALUES (:id, :name, :at)"), row)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_sqlite_writes_through_to_the_disk_and_holds_its_foreign_keys(db: Database) -> None:
    with db.read() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    # 2 is FULL: a commit that was answered survives a power cut.
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


@pytest.mark.parametrize("db", ["postgres"], indirect=True)
def test_postgresql_compiles_no_statement(db: Database) -> None:
    with db.read() as session:
        assert session.execute(text("SHOW jit")).scalar_one() == "off"


@pytest.mark.parametrize("db", ["postgres"], indirect=True)
def test_postgresql_ends_what_takes_too_long(db: Database) -> None:
    with db.read() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "30s"
        assert session.scalar(text("SHOW lock_timeout")) == "10s"


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_sqlite_database_in_memory_is_refused_because_processes_share_it(address: str) -> None:
    with pytest.raises(ValueError, match="needs a file"):
        Database(address)


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/gangway.db")
    with database.write() as session:
        session.execute(text("CREATE TABLE example (id INTEGER)"))
    database.dispose()
    assert (tmp_path / "new/folder/gangway.db").exists()


def test_what_many_write_together_is_kept_and_each_gets_its_own_answer(db: Database) -> None:
    def one(number: int) -> str:
        def do(session: Session) -> str:
            session.add(Client(name=f"Example {number}", created_at=NOON))
            return f"answer {number}"

        return db.together(do)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(40))) == [f"answer {number}" for number in range(40)]
    assert sorted(names(db)) == sorted(f"Example {number}" for number in range(40))


def test_one_of_a_crowd_that_fails_takes_no_other_along(db: Database) -> None:
    def one(number: int) -> None:
        def do(session: Session) -> None:
            session.add(Client(name=f"Example {number}", created_at=NOON))
            session.flush()
            if number % 5 == 0:
                raise KeyError(number)

        db.together(do)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(one, number) for number in range(20)]
    failed = [number for number, each in enumerate(asked) if each.exception() is not None]
    assert failed == [0, 5, 10, 15]
    assert {type(asked[number].exception()) for number in failed} == {KeyError}
    assert sorted(names(db)) == sorted(f"Example {number}" for number in range(20) if number % 5)


def new_sqlite(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder}/crowd.db")
    Base.metadata.create_all(database.engine)
    return database


def test_on_sqlite_those_who_wait_for_a_turn_share_one_transaction(tmp_path: Path) -> None:
    db = new_sqlite(tmp_path)
    begun: list[str] = []
    event.listen(db.engine, "commit", lambda _connection: begun.append("commit"))
    inside, gate = threading.Event(), threading.Event()

    def slowly(_session: Session) -> None:
        inside.set()
        gate.wait(20)

    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(db.together, slowly)
        assert inside.wait(20)
        others = [pool.submit(db.together, lambda session: session.scalar(text("select 1"))) for _ in range(5)]
        assert until(lambda: len(db._crowd._waiting) == 5)
        gate.set()
        assert [each.result(20) for each in (first, *others)] == [None, 1, 1, 1, 1, 1]
    assert len(begun) == 2
    db.dispose()


def test_nobody_finds_in_hand_what_another_of_the_crowd_has_read(tmp_path: Path) -> None:
    db = new_sqlite(tmp_path)
    inside, gate = threading.Event(), threading.Event()
    held: list[int] = []

    def slowly(_session: Session) -> None:
        inside.set()
        gate.wait(20)

    def look(session: Session, number: int) -> None:
        held.append(len(session.identity_map))
        session.add(Leadership(name=f"role {number}", fence=1))

    with ThreadPoolExecutor(3) as pool:
        pool.submit(db.together, slowly)
        assert inside.wait(20)
        both = [pool.submit(db.together, partial(look, number=number)) for number in range(2)]
        assert until(lambda: len(db._crowd._waiting) == 2)
        gate.set()
        for each in both:
            each.result(20)
    assert held == [0, 0]
    db.dispose()
