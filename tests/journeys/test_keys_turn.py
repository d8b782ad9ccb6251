"""Keys turn while eight hands in four processes read and renew, and the rotation is killed on its way.

The same at a hundred thousand rows is `make bench ONLY=rotation`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.rotation_house import Outcome, Plan, postgres, turn_keys

pytestmark = pytest.mark.stack

PLAN = Plan(rows=2000, processes=4, threads=2, batch=20)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def outcome(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Outcome]:
    """Played once for all that is asked of it."""
    folder: Path = tmp_path_factory.mktemp("keys")
    if request.param == "sqlite":
        yield turn_keys(f"sqlite:///{folder}/gangway.db", folder, PLAN)
        return
    with postgres(f"gangway_keys_{worker_id}_{os.getpid()}") as address:
        if address is None:
            pytest.skip("no PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432")
        yield turn_keys(address, folder, PLAN)


def test_nobody_ever_reads_a_wrong_secret_or_none(outcome: Outcome) -> None:
    assert outcome.reads > PLAN.rows / 10
    assert outcome.wrong == ()


def test_every_row_opens_with_the_new_key_alone(outcome: Outcome) -> None:
    assert (outcome.unreadable, outcome.left) == (0, 0)


def test_what_was_renewed_meanwhile_is_kept(outcome: Outcome) -> None:
    assert outcome.renewals > 0
    assert outcome.lost == 0


def test_a_rotation_killed_on_its_way_is_taken_up_where_it_stopped(outcome: Outcome) -> None:
    assert outcome.code == 0
    assert PLAN.rows * PLAN.kill_at <= outcome.first < PLAN.rows
    assert outcome.first + outcome.second == PLAN.rows
    assert outcome.second > 0
