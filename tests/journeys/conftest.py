"""The houses journeys are made in. One stands for the whole session; clients of different tests do not meet in it."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import pytest

from bench.local_meta import LocalMeta
from bench.partner import Partner
from bench.stack import Stack, stack
from bench.visitor import Visitor
from tests.conftest import POSTGRES

_databases = itertools.count(1)


@dataclass(frozen=True)
class Stage:
    """A running house and those who act in it."""

    house: Stack
    meta: LocalMeta
    partner: Partner

    def open_link(self, client: str, **more: object) -> Visitor:
        """A new client's browser on its own signup page."""
        contact = {"name": "Alex Example", "email": "alex@example.com"}
        return Visitor(self.partner.make_link(client, contact=contact, **more)["url"])

    def log(self) -> str:
        return self.house.log_path.read_text(errors="replace")


def stage_of(house: Stack) -> Stage:
    return Stage(house, LocalMeta(house.sandbox_url), Partner(house.base_url, house.demo["api_key"]))


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """One house on SQLite, shared by the journeys that leave it standing."""
    with stack() as house:
        yield stage_of(house)


@contextmanager
def without_worker(database: str, worker_id: str, **settings: str) -> Iterator[Stage]:
    """A house whose workers each test itself starts and kills, on "sqlite" or "postgres"."""
    if database == "sqlite":
        with stack(without=["worker"], **settings) as house:
            yield stage_of(house)
        return
    name = f"gangway_killed_{worker_id}_{os.getpid()}_{next(_databases)}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432")
    with server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    address = urlsplit(POSTGRES)._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()
    with stack(without=["worker"], DATABASE_URL=address, **settings) as house:
        yield stage_of(house)
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
