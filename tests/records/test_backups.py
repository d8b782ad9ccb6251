"""The drill: a database that is being written to is copied, lost, brought back, and a token in it opens."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from app.clients.models import Client
from app.clients.store import add_client
from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.db import Database
from app.kit.errors import Conflict, NotFound
from app.kit.secret import Secret
from app.records.backups import BackupFailed, check_restored, make_backup, note_path, read_note, restore_backup
from app.work.beats import beat
from config import Settings
from tests.conftest import POSTGRES, with_every_table

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TOKEN = Secret("EAATESTTOKENOFABAKERY")


def vault_of(settings: Settings) -> Vault:
    return Vault(Keyring.from_settings(settings.credential_keys))


def add(db: Database, name: str) -> str:
    with db.write() as session:
        return add_client(
            session, name=name, external_ref=None, contact_name=None, contact_email=None, language=None, now=NOON
        ).id


def seal(db: Database, settings: Settings) -> str:
    client_id = add(db, "Example Bakery")
    with db.write() as session:
        return (
            vault_of(settings)
            .seal(session, kind="business_token", client_id=client_id, subject="900", secret=TOKEN, now=NOON)
            .id
        )


@pytest.fixture
def elsewhere(db: Database, tmp_path: Path) -> Iterator[Database]:
    """Another, empty database of the same kind, as on a machine that takes over."""
    if db.is_sqlite:
        other = with_every_table(f"sqlite:///{tmp_path}/elsewhere.db")
        yield other
        other.dispose()
        return
    name = f"{db.url.database}_back"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    other = Database(db.url.set(database=name))
    yield other
    other.dispose()
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_a_database_in_use_is_copied_and_brought_back_to_a_token_that_opens(
    db: Database, elsewhere: Database, settings: Settings, tmp_path: Path
) -> None:
    key = seal(db, settings)
    stop, written = threading.Event(), threading.Event()

    def go_on_writing() -> None:
        while not stop.is_set():
            add(db, "Example Florist")
            written.set()

    writer = threading.Thread(target=go_on_writing)
    writer.start()
    assert written.wait(10)
    try:
        path = make_backup(db, tmp_path / "backups", now=NOON)
    finally:
        stop.set()
        writer.join(10)
    note = restore_backup(elsewhere, path, now=NOON)
    assert check_restored(elsewhere, vault_of(settings), note) == []
    with elsewhere.read() as session:
        assert vault_of(settings).open_one(session, key).reveal() == TOKEN.reveal()
        assert session.scalar(select(func.count()).select_from(Client)) == note.rows["clients"] > 1
    add(elsewhere, "Example Cafe")


def test_the_note_says_when_how_much_and_which_keys(db: Database, settings: Settings, tmp_path: Path) -> None:
    seal(db, settings)
    path = make_backup(db, tmp_path / "backups", now=NOON)
    note = read_note(path)
    assert path.name == f"gangway-20261102T120000Z{'.sqlite' if db.is_sqlite else '.dump'}"
    assert (note.made_at, note.kind) == (NOON.isoformat(), "sqlite" if db.is_sqlite else "postgresql")
    assert (note.rows["clients"], note.rows["credentials"]) == (1, 1)
    assert note.keys == (vault_of(settings).key_id,)


def test_nobody_else_may_read_it_and_no_secret_is_in_it(db: Database, settings: Settings, tmp_path: Path) -> None:
    seal(db, settings)
    path = make_backup(db, tmp_path / "backups", now=NOON)
    assert {stat.S_IMODE(file.stat().st_mode) for file in (path, note_path(path))} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert TOKEN.reveal().encode() not in path.read_bytes()
    assert sorted(file.name for file in path.parent.iterdir()) == sorted([path.name, note_path(path).name])


def test_nothing_is_replaced_while_somebody_works_on_it(db: Database, settings: Settings, tmp_path: Path) -> None:
    path = make_backup(db, tmp_path / "backups", now=NOON)
    add(db, "Example Cafe")
    with db.write() as session:
        beat(session, "worker-1", "worker", now=NOON - timedelta(seconds=9))
    with pytest.raises(Conflict, match="running"):
        restore_backup(db, path, now=NOON)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Client)) == 1


def test_a_backup_of_the_other_kind_does_not_fit(sqlite: Database, postgres: Database, tmp_path: Path) -> None:
    path = make_backup(sqlite, tmp_path / "backups", now=NOON)
    with pytest.raises(Conflict, match="other kind"):
        restore_backup(postgres, path, now=NOON)


def test_a_damaged_backup_leaves_the_database_as_it_is(sqlite: Database, tmp_path: Path) -> None:
    path = make_backup(sqlite, tmp_path / "backups", now=NOON)
    target = with_every_table(f"sqlite:///{tmp_path}/target.db")
    name = add(target, "Example Cafe")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    with pytest.raises((BackupFailed, sqlite3.DatabaseError)):
        restore_backup(target, path, now=NOON)
    with target.read() as session:
        assert session.get(Client, name) is not None
    target.dispose()


def test_a_missing_note_or_file_is_told(sqlite: Database, tmp_path: Path) -> None:
    path = make_backup(sqlite, tmp_path / "backups", now=NOON)
    note_path(path).unlink()
    for missing in (path, tmp_path / "nothing.sqlite"):
        with pytest.raises(NotFound):
            restore_backup(sqlite, missing, now=NOON)


def test_what_differs_after_a_restore_is_named(db: Database, settings: Settings, tmp_path: Path) -> None:
    seal(db, settings)
    note = read_note(make_backup(db, tmp_path / "backups", now=NOON))
    add(db, "Example Cafe")
    other = Vault(Keyring.from_settings((SecretStr("A" * 43 + "="),)))
    assert check_restored(db, other, note) == [
        "clients: 2 rows, the note says 1",
        "the newest secret is sealed with a key that CREDENTIAL_KEYS does not hold",
    ]
    with db.write() as session:
        session.query(Credential).update({"sealed_secret": b"x" * 60})
    assert check_restored(db, vault_of(settings), note)[1:] == ["the newest secret does not open"]


def test_a_copy_that_cannot_be_made_leaves_nothing_behind(
    postgres: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match="pg_dump is not installed"):
        make_backup(postgres, tmp_path / "backups", now=NOON)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_copy_is_one_file_that_any_sqlite_opens(sqlite: Database, tmp_path: Path) -> None:
    path = make_backup(sqlite, tmp_path / "backups", now=NOON)
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("SELECT count(*) FROM clients").fetchone() == (read_note(path).rows["clients"],)
