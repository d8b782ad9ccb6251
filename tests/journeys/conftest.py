"""The houses journeys are made in. One stands for the whole session; clients of different tests do not meet in it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bench.local_meta import LocalMeta
from bench.partner import Partner
from bench.stack import Stack, stack
from bench.visitor import Visitor


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
