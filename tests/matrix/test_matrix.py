"""A part of the matrix, drawn by a seed and always the same, and the tables' own completeness.

`make onboarding-matrix` plays the whole of it. A cell that fails there can be played alone:
`python -m tests.matrix --only "standard: lost at register on sqlite"`.
"""

import os
from collections.abc import Iterator

import pytest

from app.onboarding.plans import FIRST_OF, PLANS
from app.onboarding.rules import REGISTERS
from tests.matrix.cells import Cell, boundaries, day_cells, event_cells, every_cell, fault_cells, part_of, plans
from tests.matrix.crew import stage_of_this_process
from tests.matrix.judge import REGISTERS as METAS_REGISTERS
from tests.matrix.play import play
from tests.matrix.stage import Stage

# One of so many cells is played with every run of the tests.
PART = int(os.environ.get("MATRIX_PART", "30"))


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with stage_of_this_process(needs_postgres=False) as ready:
        yield ready


@pytest.mark.parametrize("cell", part_of(every_cell(), PART), ids=lambda cell: cell.name)
def test_a_cell_ends_as_the_table_says(cell: Cell, stage: Stage) -> None:
    if cell.database not in stage.databases:
        pytest.skip("no PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432")
    assert play(stage, cell).wrong == []


def test_every_cell_has_a_name_of_its_own() -> None:
    names = [f"{cell.kind} {cell.name}" for cell in every_cell()]
    assert len(names) == len(set(names)) > 6000


def test_every_plan_and_every_way_of_the_product_is_played() -> None:
    assert set(PLANS) == {plan.plan for plan in plans().values()}
    assert {plan.way for plan in plans().values()} == set(FIRST_OF)


def test_every_outside_call_meets_every_fault_and_every_kill() -> None:
    faults = {(cell.plan.name, cell.call, cell.nth): 0 for cell in fault_cells()}
    for cell in fault_cells():
        faults[cell.plan.name, cell.call, cell.nth] += 1
    wanted = {(plan.name, call, nth) for plan in plans().values() for call, nth in boundaries(plan)}
    assert set(faults) == wanted
    assert set(faults.values()) == {16}
    kills = [cell for cell in every_cell() if cell.kind == "kill"]
    assert len(kills) == len(wanted) * 3 * 2


def test_every_end_event_meets_every_plan_with_a_window() -> None:
    with_window = {plan.name for plan in plans().values() if plan.way == "popup"}
    events = {cell.what for cell in event_cells()}
    assert {(cell.what, cell.plan.name) for cell in event_cells()} == {
        (event, plan) for event in events for plan in with_window
    }
    assert len(events) == 22


def test_bad_days_meet_every_plan() -> None:
    assert {cell.plan.name for cell in day_cells()} == set(plans())


def test_meta_counts_to_ten() -> None:
    assert REGISTERS == METAS_REGISTERS == 10
