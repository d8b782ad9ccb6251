"""The rooms where a wrong answer costs most: decisions, vault, signatures, guards. Coverage and mutants ask here."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

TARGETS = (
    "app/*/rules.py",
    "app/*/*/rules.py",
    "app/*/*/rules/[a-z]*.py",
    "app/upkeep/check/house_rules.py",
    "app/credentials/judging.py",
    "app/onboarding/links/room.py",
    "app/credentials/envelope.py",
    "app/credentials/keyring.py",
    "app/credentials/vault.py",
    "app/credentials/succession.py",
    "app/upkeep/tokens/after.py",
    "app/kit/secret.py",
    "app/kit/signing.py",
    "app/web/guards.py",
    "app/*/guard.py",
)


def target_files() -> list[str]:
    """The files of `TARGETS`, relative to the top, sorted."""
    return sorted({str(path.relative_to(ROOT)) for pattern in TARGETS for path in ROOT.glob(pattern)})


def judges() -> list[str]:
    """The tests that must notice what goes wrong there, as pytest takes them: mutmut's own, so there is one list."""
    mutmut = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    return [*mutmut["pytest_add_cli_args"], *mutmut["pytest_add_cli_args_test_selection"]]
