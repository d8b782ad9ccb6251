"""Migrations: numbered, in one line, equal to the models, and able to go up, down and up again on both databases."""

import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import create_engine, inspect

from app.models import Base
from tests.conftest import POSTGRES
from tests.house.source import ROOT

VERSIONS = ROOT / "migrations/versions"


def alembic_for(address: str) -> Config:
    alembic = Config(ROOT / "alembic.ini")
    alembic.attributes["configure_logging"] = False
    alembic.set_main_option("sqlalchemy.url", address.replace("%", "%%"))
    return alembic


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[str]:
    """An empty database of each kind, without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    name = f"gangway_migrations_{worker_id}_{os.getpid()}_{tmp_path.name}"[:60].lower()
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432")
    with server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    yield POSTGRES.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://") + f"/{name}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def tables_in(address: str) -> set[str]:
    engine = create_engine(address)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def revisions() -> list[str]:
    return sorted(path.name for path in VERSIONS.glob("*.py"))


def test_migrations_are_numbered_without_a_gap_and_say_what_they_do() -> None:
    names = revisions()
    assert names
    assert all(re.fullmatch(r"\d{4}_[a-z][a-z0-9_]{5,}\.py", name) for name in names)
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_each_migration_follows_the_one_before() -> None:
    scripts = list(ScriptDirectory.from_config(alembic_for("sqlite://")).walk_revisions())
    assert [(script.revision, script.down_revision) for script in reversed(scripts)] == [
        (name[:4], f"{int(name[:4]) - 1:04d}" if name[:4] != "0001" else None) for name in revisions()
    ]


def test_the_newest_is_noted_so_that_two_branches_collide() -> None:
    assert (ROOT / "migrations/.current-head").read_text().strip() == revisions()[-1][:4]


def test_up_down_and_up_again(address: str) -> None:
    alembic = alembic_for(address)
    command.upgrade(alembic, "head")
    assert tables_in(address) == set(Base.metadata.tables)
    command.downgrade(alembic, "base")
    assert tables_in(address) == set()
    command.upgrade(alembic, "head")
    assert tables_in(address) == set(Base.metadata.tables)


def test_the_migrations_make_what_the_models_say(address: str) -> None:
    alembic = alembic_for(address)
    command.upgrade(alembic, "head")
    try:
        command.check(alembic)
    except CommandError as difference:
        pytest.fail(f"{difference}; make migration")


def test_every_table_can_be_made_twice_without_harm(address: str) -> None:
    alembic = alembic_for(address)
    command.upgrade(alembic, "head")
    command.upgrade(alembic, "head")
    assert tables_in(address) == set(Base.metadata.tables)


def test_a_migration_that_fails_leaves_nothing_on_sqlite(tmp_path: Path) -> None:
    """The last table of the first migration is there already, so the migration fails; the tables before it must go."""
    path = tmp_path / "half.db"
    with sqlite3.connect(path) as half:
        half.execute("CREATE TABLE steps (id INTEGER)")
    half.close()
    with pytest.raises(Exception, match="steps already exists"):
        command.upgrade(alembic_for(f"sqlite:///{path}"), "head")
    assert tables_in(f"sqlite:///{path}") == {"steps"}
