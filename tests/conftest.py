"""What every test may ask for: a database of each kind, settings, the running parts, and the tripwires."""

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import requests
from hypothesis import settings as trials
from sqlalchemy import text

from app.db import Database, transaction_is_open
from app.models import Base
from config import Settings, load

# How long an example takes is no matter of right and wrong; a busy machine must not fail a test.
trials.register_profile("gangway", parent=trials.default, deadline=None)
trials.load_profile("gangway")

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(autouse=True)
def no_call_inside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tripwire: nobody telephones while holding the database."""
    send = requests.adapters.HTTPAdapter.send

    def watched(self: requests.adapters.HTTPAdapter, *args: object, **options: object) -> requests.Response:
        assert not transaction_is_open(), "an HTTP call was made inside an open transaction"
        return send(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", watched)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A developer's own environment and .env change no test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(scope="session")
def postgres_database(worker_id: str) -> Iterator[str]:
    """A PostgreSQL database of this test process alone, with every table; skipped where no server answers."""
    name = f"gangway_test_{worker_id}_{os.getpid()}"
    try:
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}"')
            server.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432")
    address = POSTGRES.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://") + f"/{name}"
    database = Database(address)
    Base.metadata.create_all(database.engine)
    database.dispose()
    yield address
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file with every table, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    database.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with every table: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "gangway.db"
        path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        database = Database(f"sqlite:///{path}")
    else:
        database = Database(request.getfixturevalue("postgres_database"))
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        with database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} CASCADE"))
    yield database
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
