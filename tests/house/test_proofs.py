"""What coverage and mutants look at is one list, and everything on it exists."""

import tomllib

from bench.targets import TARGETS, target_files
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


def test_a_reason_for_a_survivor_names_a_file_that_exists() -> None:
    rows = tomllib.loads((ROOT / "bench/survivors.toml").read_text()).get("survivor", [])
    assert [row["file"] for row in rows if not (ROOT / row["file"]).exists() or len(row["reason"]) < 20] == []
