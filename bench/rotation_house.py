"""A house whose keys turn while it works: rows in bulk, hands beside them, and a rotation that is killed on its way.

`turn_keys` plays it from the beginning to the end and says what was found; it judges nothing. A journey of the tests
plays the same with few rows.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import func, insert, select

from app.clients.models import Client
from app.credentials.envelope import seal
from app.credentials.keyring import Keyring, key_id_of
from app.credentials.models import Credential
from app.credentials.rotation import list_key_counts
from app.credentials.scopes import place_of, scope_of
from app.credentials.vault import Vault
from app.db import Database
from app.kit import clock
from app.kit.ids import new_id
from app.models import Base
from bench.rotation_hand import KIND, token_of
from bench.stack import ROOT, bare_environment

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
OLD_ID, NEW_ID = key_id_of(OLD), key_id_of(NEW)
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
PATIENCE = 120.0  # seconds until all hands are at work


@dataclass(frozen=True)
class Plan:
    """How many rows; how many hands in how many processes; rows a batch; after which share of the rows it is killed."""

    rows: int
    processes: int
    threads: int
    batch: int
    kill_at: float = 0.4

    @property
    def hands(self) -> int:
        return self.processes * self.threads


@dataclass(frozen=True)
class Outcome:
    """What was found.

    `first` are the rows that the killed run has done, `second` those the next one says it did, `left` those under an
    older key at the end. `wrong` are reads that got another secret or none, `lost` renewals that are not the current
    version, and `unreadable` rows of all versions that the new key alone does not open to what they held.
    """

    code: int
    seconds: float
    first: int
    second: int
    left: int
    reads: int
    wrong: tuple[str, ...]
    renewals: int
    lost: int
    unreadable: int


def turn_keys(address: str, folder: Path, plan: Plan) -> Outcome:
    """Sow, let the hands begin, rotate, kill, rotate to the end, and look at every row."""
    db = Database(address)
    Base.metadata.create_all(db.engine)
    sow(db, plan.rows)
    env = environment(address, folder)
    with hands(env, plan) as working:
        began = time.monotonic()
        _killed_rotation(env, plan)
        first = _count_turned(db)
        code, second = _whole_rotation(env, plan)
        seconds = time.monotonic() - began
        told = [row for process in working for row in _ask(process)]
    with db.read() as session:
        counts = list_key_counts(session)
    renewed = {subject: version for row in told for subject, version in row["renewed"].items()}
    unreadable, lost = _look_at_all(db, renewed)
    db.dispose()
    return Outcome(
        code=code,
        seconds=seconds,
        first=first,
        second=second,
        left=sum(counts.values()) - counts.get(NEW_ID, 0),
        reads=sum(row["reads"] for row in told),
        wrong=tuple(word for row in told for word in row["wrong"]),
        renewals=sum(row["renewals"] for row in told),
        lost=lost,
        unreadable=unreadable,
    )


def sow(db: Database, many: int) -> None:
    """So many clients with one token each, sealed with the old key."""
    keyring, now = Keyring([OLD]), clock.now()
    for start in range(0, many, 2000):
        clients, credentials = [], []
        for number in range(start, min(start + 2000, many)):
            client_id, row_id, subject = new_id(), new_id(), str(number)
            sealed = seal(keyring, token_of(subject, 1).encode(), place_of(row_id, KIND, client_id))
            clients.append({"id": client_id, "name": "Example", "created_at": now})
            credentials.append(
                {
                    "id": row_id,
                    "kind": KIND,
                    "client_id": client_id,
                    "subject": subject,
                    "version": 1,
                    "current_scope": scope_of(KIND, client_id, subject),
                    "sealed_secret": sealed.secret,
                    "sealed_data_key": sealed.data_key,
                    "key_id": sealed.key_id,
                    "facts": {},
                    "expires_at": now + timedelta(days=14),
                    "created_at": now,
                }
            )
        with db.write() as session:
            session.execute(insert(Client), clients)
            session.execute(insert(Credential), credentials)


def environment(address: str, folder: Path) -> dict[str, str]:
    """Settings as of somebody who has put a new key first and kept the old one behind it."""
    keys = ",".join(base64.urlsafe_b64encode(key).decode() for key in (NEW, OLD))
    return bare_environment() | {
        "DATABASE_URL": address,
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
        "SECRET_KEYS": "a-signing-key-for-a-measurement-0000001",
        "CREDENTIAL_KEYS": keys,
        "META_APP_ID": "1234567890",
        "META_APP_SECRETS": "a_secret_of_nothing",
        "META_VERIFY_TOKEN": "a_verify_token",
        "META_SIGNUP_CONFIG_ID": "100000",
        "META_BUSINESS_ID": "100001",
        "META_SYSTEM_USER_ID": "100002",
        "META_SYSTEM_TOKEN": "EAAsystem",
        "META_GRAPH_URL": "http://localhost:9",
    }


@contextmanager
def hands(env: dict[str, str], plan: Plan) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that read and renew; all of them are at work when the block begins."""
    with ExitStack() as opened:
        working = []
        for place in range(plan.processes):
            words = [str(place * plan.threads), str(plan.threads), str(plan.hands)]
            process = subprocess.Popen(
                [sys.executable, "-m", "bench.rotation_hand", *words],
                cwd=ROOT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            opened.callback(_end, process)
            working.append(process)
        for process in working:
            assert _out(process).readline() == "ready\n", "a hand did not begin"
        yield working


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _out(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _ask(process: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    """Let a hand end, and hear what it saw."""
    assert process.stdin is not None
    process.stdin.close()
    told = json.loads(_out(process).readline())
    assert isinstance(told, list)
    return told


def _rotation(env: dict[str, str], plan: Plan, **pipes: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "keys", "rotate", "--batch", str(plan.batch)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | pipes
    return subprocess.Popen(command, cwd=ROOT, env=env, text=True, **quiet)


def _killed_rotation(env: dict[str, str], plan: Plan) -> None:
    """A rotation that is killed as soon as it says that it has done its share."""
    with _rotation(env, plan, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            number, _, word = line.partition(" ")
            if word == "rewrapped\n" and int(number) >= plan.rows * plan.kill_at:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL, "it ended before it could be killed"


def _whole_rotation(env: dict[str, str], plan: Plan) -> tuple[int, int]:
    """A rotation to its end: its exit code, and how many rows it says it has done."""
    process = _rotation(env, plan, stdout=subprocess.PIPE)
    told, _ = process.communicate()
    return process.returncode, int(told.partition(" ")[0] or 0)


def _count_turned(db: Database) -> int:
    """The rows that were sown and stand under the new key; what the hands add has it from the beginning."""
    with db.read() as session:
        counted = select(func.count()).where(Credential.version == 1, Credential.key_id == NEW_ID)
        return session.scalar(counted) or 0


def _look_at_all(db: Database, renewed: dict[str, int]) -> tuple[int, int]:
    """Rows that the new key alone does not open rightly; scopes whose current version is not the last one written."""
    vault, unreadable, after = Vault(Keyring([NEW])), 0, ""
    current: dict[str, int] = {}
    while True:
        with db.read() as session:
            rows = session.execute(
                select(Credential.id, Credential.subject, Credential.version, Credential.current_scope)
                .where(Credential.id > after)
                .order_by(Credential.id)
                .limit(1000)
            ).all()
            opened = vault.open_many(session, [row.id for row in rows])
        if not rows:
            break
        after = rows[-1].id
        for row in rows:
            secret = opened.get(row.id)
            unreadable += secret is None or secret.reveal() != token_of(row.subject, row.version)
            if row.current_scope is not None:
                current[row.subject] = row.version
    lost = sum(current.get(subject) != version for subject, version in renewed.items())
    return unreadable, lost + sum(version != renewed.get(subject, 1) for subject, version in current.items())


@contextmanager
def postgres(name: str) -> Iterator[str | None]:
    """The address of an empty PostgreSQL database of this name, dropped afterwards; None where no server answers."""
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError:
        yield None
        return
    with server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(POSTGRES)._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
