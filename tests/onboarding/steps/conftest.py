"""A clock that stands still until a test moves it."""

from collections.abc import Iterator

import pytest
import time_machine

from app.kit import clock


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller
