"""What every test may ask for: a database of each kind, settings, the running parts, and the tripwires."""

import base64
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import requests
from argon2 import PasswordHasher
from hypothesis import HealthCheck
from hypothesis import settings as trials

from app.access import passwords
from app.db import Database, transaction_is_open
from app.kit.memory import settle_in
from app.models import Base
from app.runtime import Runtime
from config import Settings, load
from tests import once
from tests.emptying import empty
from tests.parts import running
from tests.spread import pytest_xdist_make_scheduler

__all__ = ["pytest_xdist_make_scheduler"]

# How long an example takes is no matter of right and wrong; a busy machine must not fail a test.
trials.register_profile("gangway", parent=trials.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
trials.load_profile("gangway")

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
MEMORY = Path("/dev/shm")


def pytest_collection_finish() -> None:
    """Every test is loaded by now and stays: the collector of garbage need not look through them again and again."""
    settle_in()


@pytest.fixture(autouse=True)
def no_call_inside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tripwire: nobody telephones while holding the database."""
    send = requests.adapters.HTTPAdapter.send

    def watched(self: requests.adapters.HTTPAdapter, *args: object, **options: object) -> requests.Response:
        assert not transaction_is_open(), "an HTTP call was made inside an open transaction"
        return send(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", watched)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own environment and .env change no test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(scope="session", autouse=True)
def applications_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    once.compile_templates_once(tmp_path_factory.mktemp("templates"))
    once.compile_addresses_once()


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2id at its least cost. What a password has to cost is for `tests/access/test_passwords.py`."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys_hash.cache_clear()
    yield
    passwords._nobodys_hash.cache_clear()


@pytest.fixture(scope="session")
def postgres(worker_id: str) -> Iterator[Database]:
    """A PostgreSQL database of this test process alone, with every table; skipped where no server answers."""
    name = f"gangway_test_{worker_id}_{os.getpid()}"
    try:
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=10) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}"')
            server.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432")
    address = POSTGRES.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://") + f"/{name}"
    database = with_every_table(address)
    yield database
    database.dispose()
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Database]:
    """A SQLite file of this test process alone, with every table."""
    with folder_in_memory("gangway-test-") as folder:
        database = with_every_table(f"sqlite:///{folder}/gangway.db")
        yield database
        database.dispose()


@contextmanager
def folder_in_memory(prefix: str) -> Iterator[Path]:
    """A folder that is in memory where the machine has such a place: SQLite does there what it does anywhere.

    No test cuts the power, so whether a commit would outlive that none can judge, and none need wait for a disk.
    """
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=prefix, dir=memory, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def with_every_table(address: str) -> Database:
    database = Database(address)
    Base.metadata.create_all(database.engine)
    return database


@pytest.fixture(params=["sqlite", "postgres"])
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with every table: the test runs once on SQLite and once on PostgreSQL.

    It is the same one each time, because an engine learns: what it has compiled once it need not compile again.
    """
    database: Database = request.getfixturevalue(request.param)
    empty(database)
    yield database
    # To a server a new connection takes longer than most tests, so what one thread or two used stays. A crowd's goes,
    # but not under a thread that is still at its last words: its connection would come back to a pool that is no more.
    pool = database.engine.pool
    if pool.checkedin() > 2 and not pool.checkedout():
        database.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Complete settings of a partner that exists nowhere; nothing listens at the addresses."""
    return settings_with(tmp_path)


def settings_with(data_dir: Path, **given: object) -> Settings:
    """Complete settings, with `given` in place of the defaults."""
    values: dict[str, object] = {
        "public_url": "http://localhost:5000",
        "data_dir": data_dir,
        "secret_keys": "a-signing-key-for-tests-and-nothing-else-0001",
        "credential_keys": base64.urlsafe_b64encode(bytes(range(32))).decode(),
        "meta_app_id": "100000000000001",
        "meta_app_secrets": "test_app_secret",
        "meta_verify_token": "test_verify_token",
        "meta_signup_config_id": "100000000000002",
        "meta_business_id": "100000000000003",
        "meta_system_user_id": "100000000000004",
        "meta_system_token": "EAATESTSYSTEMTOKEN",
        "meta_credit_line_id": "100000000000005",
        "meta_graph_url": "http://localhost:9",
    }
    return load(**(values | given))


@dataclass
class Rings:
    """Stands where the wake-ups are carried; remembers what was rung."""

    rung: list[str] = field(default_factory=list)

    def ring(self, stream: str) -> None:
        self.rung.append(stream)


@pytest.fixture
def rings() -> Rings:
    return Rings()


@pytest.fixture
def rt(db: Database, settings: Settings, rings: Rings) -> Iterator[Runtime]:
    """The running parts. Nothing answers at Meta's address."""
    with running(settings, db, rings) as parts:
        yield parts
