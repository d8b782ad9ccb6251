"""A calendar: a house, the local Meta, and time that passes for both while the tokens' worker looks every few hours."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from app.runtime import Runtime
from app.work.keeper import Keeper
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey
from tests.upkeep.tokens.calendar import NOON, Calendar

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=True) as moving:
        yield moving


@pytest.fixture
def calendar(traveller: time_machine.Traveller, journey: Journey, rt: Runtime) -> Iterator[Calendar]:
    keeper = Keeper(rt.db, timedelta(seconds=8))
    opened = Calendar(journey, traveller, keeper)
    yield opened
    opened.close()
    keeper.close()
