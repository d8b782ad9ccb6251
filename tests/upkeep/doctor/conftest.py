"""A clinic on each database. Time passes from noon on, for us, for the local Meta and for the web process alike."""

from collections.abc import Iterator

import pytest
import time_machine

from app.db import Database
from app.runtime import Runtime
from tests.credentials.key_services import use
from tests.house.source import ROOT
from tests.meta.local_graph import closed_port
from tests.onboarding.conftest import meta_world, rt, world_settings
from tests.onboarding.world import MetaWorld
from tests.upkeep.doctor.clinic import NOON, Clinic

__all__ = ["meta_world", "rt", "world_settings"]


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no fault: what answers at all answers in time."""
    monkeypatch.setattr("app.upkeep.doctor.examination.DEADLINE", 90.0)
    for asks in ("from_meta", "from_house", "registering"):
        monkeypatch.setattr(f"app.upkeep.doctor.{asks}.PATIENCE", (60.0, 60.0))


@pytest.fixture
def no_key_service(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, f"http://127.0.0.1:{closed_port()}")


@pytest.fixture
def clinic(
    noon: None, patience: None, no_key_service: None, db: Database, rt: Runtime, meta_world: MetaWorld
) -> Iterator[Clinic]:
    opened = Clinic.open(rt, meta_world, (ROOT / "migrations/.current-head").read_text().strip())
    yield opened
    opened.close(db)
