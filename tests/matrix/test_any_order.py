"""Random orders of everything that may happen, on both databases; see `machine.py` for what must hold.

The examples are the same in every run. `ANY_ORDER=200` draws so many new ones.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as trials
from hypothesis.stateful import run_state_machine_as_test

from tests.matrix.machine import AnyOrder
from tests.matrix.stage import Stage
from tests.matrix.test_matrix import stage

__all__ = ["stage"]

LONGER = int(os.environ.get("ANY_ORDER", "0"))


@pytest.mark.timeout(0 if LONGER else 300)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_whatever_happens_in_whatever_order_nothing_is_lost_doubled_or_stuck(database: str, stage: Stage) -> None:
    if database not in stage.databases:
        pytest.skip("no PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432")
    run_state_machine_as_test(
        lambda: AnyOrder(stage, database),
        settings=trials(
            max_examples=LONGER or 12,
            stateful_step_count=40 if LONGER else 25,
            derandomize=not LONGER,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # A shorter example of a failure costs minutes to find; who looks for it says how long.
            phases=list(Phase) if LONGER else [Phase.generate],
        ),
    )
