"""The rooms where a wrong answer costs most: decisions, vault, signatures, guards. Coverage and mutants ask here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

TARGETS = (
    "app/*/rules.py",
    "app/credentials/envelope.py",
    "app/credentials/keyring.py",
    "app/credentials/vault.py",
    "app/kit/secret.py",
    "app/kit/signing.py",
    "app/web/guards.py",
    "app/*/guard.py",
)
# Tests of these folders run without other processes and without a browser.
TESTS = "not browser and not stack"


def target_files() -> list[str]:
    """The files of `TARGETS`, relative to the top, sorted."""
    return sorted({str(path.relative_to(ROOT)) for pattern in TARGETS for path in ROOT.glob(pattern)})
