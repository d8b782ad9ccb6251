"""The two ways into the database, and the moments in it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from app.clients.models import Client
from app.clients.store import add_client
from app.db import Database, transaction_is_open
from app.work.models import Leadership

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
