"""Tests of one house are run by one process, or each process would build that house again."""

import ast
from pathlib import Path

import pytest

from tests.house.source import python_files, tree_of
from tests.spread import HOUSE, together_with

# The fixtures by which a test comes into the house that stands for the whole session.
DOORS = {"stage", "new_client"}


def test_who_lives_in_the_shared_house_is_kept_together() -> None:
    lodgers = {
        str(path) for path in python_files("tests/journeys", "tests/browser/connect") if asks_for_the_house(path)
    }
    assert lodgers == set(HOUSE)


def asks_for_the_house(path: Path) -> bool:
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and DOORS & {arg.arg for arg in node.args.args}
        for node in ast.walk(tree_of(path))
    )


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/journeys/test_aboard.py::test_a[standard-code]", "house"),
        ("tests/browser/connect/test_signup.py::test_b", "house"),
        ("tests/browser/walks/test_numbers.py::test_w", "walks"),
        ("tests/journeys/test_canary.py::test_c", "tests/journeys/test_canary.py"),
        (
            "tests/browser/connect/test_looks.py::test_d[live-sqlite]",
            "tests/browser/connect/test_looks.py::test_d[live-sqlite]",
        ),
        ("tests/kit/test_ids.py::test_e", "tests/kit/test_ids.py::test_e"),
    ],
)
def test_everything_else_goes_wherever_there_is_room(test: str, group: str) -> None:
    assert together_with(test) == group
