"""A clinic on each database. Time passes from noon on, for us, for the local Meta and for the web process alike."""

from collections.abc import Iterator

import pytest
import time_machine

from app.db import Database
from app.runtime import Runtime
from tests.house.source import ROOT
from tests.onboarding.conftest import meta_world, rt, world_settings
from tests.onboarding.world import MetaWorld
from tests.upkeep.doctor.clinic import NOON, Clinic

__all__ = ["meta_world", "rt", "world_settings"]


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def clinic(noon: None, db: Database, rt: Runtime, meta_world: MetaWorld) -> Iterator[Clinic]:
    opened = Clinic.open(rt, meta_world, (ROOT / "migrations/.current-head").read_text().strip())
    yield opened
    opened.close(db)
