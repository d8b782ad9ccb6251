"""Backups of either database while it works, and the way back.

SQLite writes a copy of one moment (`VACUUM INTO`), beside readers and writers; PostgreSQL's `pg_dump` reads one
snapshot. Beside each lies a note (`.json`) with the time, the revision of the tables, rows by table, and which keys it
needs: what is sealed in a backup opens with the same CREDENTIAL_KEYS as before, and with nothing else.
"""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, create_engine, func, inspect, select, text
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.credentials.vault import KeyMissing, SealBroken, Vault
from app.db import Base, Database
from app.kit.errors import Conflict, NotFound
from app.work.models import Beat
from config import handed_on

OF_SQLITE, OF_POSTGRES = ".sqlite", ".dump"
STILL_BEATING: Final = timedelta(seconds=10)


class BackupFailed(Exception):
    """The copy could not be made or brought back; the text holds no address of a database."""


@dataclass(frozen=True)
class Note:
    """What lies beside a backup. `rows` are counted in the backup, `keys` are the ids of the keys it needs."""

    made_at: str
    kind: str
    revision: str | None
    rows: Mapping[str, int]
    keys: tuple[str, ...]


def make_backup(db: Database, folder: Path, *, now: datetime) -> Path:
    """Copy the database into a new file of a folder, readable by its owner only; returns the file."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"gangway-{now:%Y%m%dT%H%M%SZ}"
    path = folder / f"{name}{OF_SQLITE if db.is_sqlite else OF_POSTGRES}"
    half = path.with_suffix(f"{path.suffix}.part")
    half.touch(mode=0o600)
    try:
        note = _copy_sqlite(db, half, now) if db.is_sqlite else _dump_postgres(db, half, now)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    _write_note(path, note)
    half.rename(path)
    return path


def read_note(path: Path) -> Note:
    """The note beside a backup. Raises `NotFound`."""
    beside = note_path(path)
    if not path.is_file() or not beside.is_file():
        raise NotFound("There is no such backup, or its note is missing.")
    found = json.loads(beside.read_text())
    return Note(found["made_at"], found["kind"], found["revision"], found["rows"], tuple(found["keys"]))


def restore_backup(db: Database, path: Path, *, now: datetime) -> Note:
    """Put a backup in the place of the database. Nothing may be running on it, and another kind's does not fit.

    Raises `Conflict` while a process gives signs of life, and for a backup of the other kind.
    """
    note = read_note(path)
    if note.kind != ("sqlite" if db.is_sqlite else "postgresql"):
        raise Conflict(f"This is a backup of {note.kind}, and DATABASE_URL names the other kind.", code="other_kind")
    if _is_in_use(db, now):
        raise Conflict("Worker or clock are running on this database. Stop web, worker and clock first.", code="in_use")
    if db.is_sqlite:
        _bring_back_sqlite(db, path)
    else:
        what = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", str(path)]
        _run(["pg_restore", f"--dbname={_without_password(db.url)}", *what], db.url)
    return note


def check_restored(db: Database, vault: Vault, note: Note) -> list[str]:
    """What is not as the note says: counts of rows, and whether the newest sealed secret opens. Empty: all is well."""
    with db.read() as session:
        rows = _count(session)
        wrong = [
            f"{name}: {rows.get(name, 0)} rows, the note says {count}"
            for name, count in sorted(note.rows.items())
            if rows.get(name, 0) != count
        ]
        sealed = session.scalars(select(Credential.id).order_by(Credential.id.desc()).limit(1)).one_or_none()
        if sealed is not None:
            try:
                vault.open_one(session, sealed)
            except KeyMissing:
                wrong.append("the newest secret is sealed with a key that CREDENTIAL_KEYS does not hold")
            except SealBroken:
                wrong.append("the newest secret does not open")
    return wrong


def note_path(path: Path) -> Path:
    """Where the note of a backup lies."""
    return path.with_suffix(f"{path.suffix}.json")


def _copy_sqlite(db: Database, target: Path, now: datetime) -> Note:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as here:
        here.exec_driver_sql("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as there:
        if there.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise BackupFailed("the copy is damaged; nothing was kept")
    copy = create_engine(f"sqlite:///{target.absolute()}")
    try:
        with Session(copy) as session:
            return _note_of(session, now, "sqlite")
    finally:
        copy.dispose()


def _dump_postgres(db: Database, target: Path, now: datetime) -> Note:
    """Dumped and counted in one snapshot, whatever is written meanwhile."""
    with Session(db.engine.execution_options(isolation_level="REPEATABLE READ")) as session:
        snapshot: str = session.execute(select(func.pg_export_snapshot())).scalar_one()
        what = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        _run(["pg_dump", f"--dbname={_without_password(db.url)}", *what], db.url)
        return _note_of(session, now, "postgresql")


def _bring_back_sqlite(db: Database, path: Path) -> None:
    place = Path(str(db.url.database))
    fresh = place.with_suffix(f"{place.suffix}.restored")
    shutil.copyfile(path, fresh)
    with closing(sqlite3.connect(fresh)) as there:
        if there.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            fresh.unlink()
            raise BackupFailed("the backup is damaged; the database was left as it is")
    db.dispose()
    for beside in ("-wal", "-shm"):
        Path(f"{place}{beside}").unlink(missing_ok=True)
    fresh.replace(place)


def _run(command: list[str], url: URL) -> None:
    """A tool of PostgreSQL's. The password goes by the environment: a command line can be read by everybody here."""
    tool = shutil.which(command[0])
    if tool is None:
        raise BackupFailed(f"{command[0]} is not installed (Debian's package postgresql-client)")
    environment = handed_on(**({"PGPASSWORD": str(url.password)} if url.password else {}))
    done = subprocess.run([tool, *command[1:]], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise BackupFailed(f"{command[0]} ended with {done.returncode}: {last[0][:200]}")


def _without_password(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _note_of(session: Session, now: datetime, kind: str) -> Note:
    keys = session.scalars(select(Credential.key_id).distinct().order_by(Credential.key_id)).all()
    return Note(now.isoformat(), kind, _revision(session), _count(session), tuple(keys))


def _revision(session: Session) -> str | None:
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _count(session: Session) -> dict[str, int]:
    there = set(inspect(session.connection()).get_table_names())
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name in there
    }


def _is_in_use(db: Database, now: datetime) -> bool:
    try:
        with db.read() as session:
            if not inspect(session.connection()).has_table(Beat.__tablename__):
                return False
            last: datetime | None = session.scalar(select(func.max(Beat.beat_at)))
    except Exception:  # noqa: BLE001 - what cannot be read any more is what one restores
        return False
    return last is not None and now - last < STILL_BEATING


def _write_note(path: Path, note: Note) -> None:
    beside = note_path(path)
    beside.touch(mode=0o600)
    found: dict[str, Any] = asdict(note)
    beside.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
