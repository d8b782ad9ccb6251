"""What coverage and mutants look at is one list, and everything on it exists."""

import tomllib
from pathlib import Path

from bench.targets import TARGETS, judges, target_files
from tests.house.source import ROOT

MUTMUT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]


def test_mutants_are_made_of_what_coverage_measures() -> None:
    assert tuple(MUTMUT["only_mutate"]) == TARGETS


def test_every_target_is_there() -> None:
    for pattern in TARGETS:
        assert list(ROOT.glob(pattern)), pattern
    assert {"app/onboarding/rules.py", "app/credentials/vault.py", "app/kit/signing.py"} <= set(target_files())


def test_the_tests_that_judge_mutants_exist() -> None:
    missing = [name for name in MUTMUT["pytest_add_cli_args_test_selection"] if not (ROOT / name).exists()]
    assert missing == []


def test_every_target_is_judged_by_the_tests_that_stand_where_it_stands() -> None:
    rooms = [Path(file).relative_to("app") for file in target_files()]
    mirrors = {f"tests/{room.parent}/test_{room.name}" for room in rooms}
    assert "tests/webhooks/test_guard.py" in mirrors
    assert mirrors - set(judges()) == set()


def test_a_reason_for_a_survivor_names_a_line_that_is_there_and_says_why() -> None:
    rows = tomllib.loads((ROOT / "bench/survivors.toml").read_text())["survivor"]
    for row in rows:
        code = " ".join((ROOT / row["file"]).read_text().split())
        assert row["was"] in code, row["file"]
        assert row["becomes"] != row["was"], row["file"]
        assert len(row["reason"]) >= 20, row["file"]
