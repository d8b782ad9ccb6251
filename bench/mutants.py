"""`make mutants`: break rules, vault, signature and guards in every small way; the tests must notice at least 90 %.

mutmut makes the mutants and runs, for each, those of the chosen tests that pass through it; its settings, and which
tests judge, stand in pyproject.toml. What survives is printed as a difference, with the reason from
`bench/survivors.toml` where somebody has looked at it. `ONLY=app/credentials/vault.py` looks at one file. Exit code 1
below the goal.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bench.targets import ROOT, target_files
from config import handed_on

GOAL = 0.90
NOTICED = {"killed", "timeout"}
FOLDER = ROOT / "mutants"


@dataclass(frozen=True)
class Mutant:
    """One broken copy of a function and what became of it; `name` is mutmut's."""

    name: str
    fate: str

    @property
    def file(self) -> str:
        return "/".join(self.name.split(".x", 1)[0].split(".")) + ".py"


@dataclass(frozen=True, order=True)
class Change:
    """What a mutant does to its file; line numbers would not last."""

    file: str
    was: str
    becomes: str

    def __str__(self) -> str:
        return f"- {self.was}\n  + {self.becomes}"


def main(arguments: list[str]) -> int:
    files = [file for file in target_files() if not arguments or file == arguments[0]]
    if not files:
        print(f"{arguments[0]} is not among the files that are broken: {', '.join(target_files())}", file=sys.stderr)
        return 2
    began = time.monotonic()
    code = let_the_tests_judge(files if arguments else [])
    mutants = [mutant for mutant in read_fates() if mutant.file in files]
    if code or not mutants:
        print("mutmut could not run; the tests must be green without mutants first", file=sys.stderr)
        return code or 1
    alive = [mutant for mutant in mutants if mutant.fate not in NOTICED]
    show(alive, {change: reason for change, reason in read_reasons().items() if change.file in files})
    for file in files:
        here = [mutant for mutant in mutants if mutant.file == file]
        print(f"  {file:40} {sum(mutant.fate in NOTICED for mutant in here):4} of {len(here):4} noticed")
    share = 1 - len(alive) / len(mutants)
    minutes = (time.monotonic() - began) / 60
    noticed = f"{len(mutants) - len(alive)} of {len(mutants)} mutants noticed in {minutes:.0f} minutes"
    print(f"{noticed}: {share:.1%} (goal {GOAL:.0%})")
    return 0 if share >= GOAL else 1


def let_the_tests_judge(files: list[str]) -> int:
    """Make the mutants and run the tests on those of `files` (all where none is named). The exit code of mutmut."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    names = [f"{file.removesuffix('.py').replace('/', '.')}.*" for file in files]
    # Each mutant's tests leave their files behind, so all of it goes to one folder that goes away.
    with tempfile.TemporaryDirectory() as folder:
        env = handed_on(PYTEST_DEBUG_TEMPROOT=folder)
        command = [sys.executable, "-m", "mutmut", "run", *names]
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def read_fates() -> list[Mutant]:
    told = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    rows = (line.strip().partition(": ") for line in told.stdout.splitlines() if ": " in line)
    return [Mutant(name, fate) for name, _, fate in rows]


def read_reasons() -> dict[Change, str]:
    """Why a mutant may live."""
    rows = tomllib.loads((Path(__file__).parent / "survivors.toml").read_text()).get("survivor", [])
    return {Change(row["file"], row["was"], row["becomes"]): row["reason"] for row in rows}


def change_of(mutant: Mutant) -> Change:
    told = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant.name], cwd=ROOT, check=False, capture_output=True, text=True
    ).stdout.splitlines()
    gone = [line[1:].strip() for line in told if line.startswith("-") and not line.startswith("---")]
    came = [line[1:].strip() for line in told if line.startswith("+") and not line.startswith("+++")]
    return Change(mutant.file, " ".join(gone), " ".join(came))


def show(alive: list[Mutant], reasons: dict[Change, str]) -> None:
    """Each survivor as the line it was, the line it became, and why it may live; then the reasons nobody needs."""
    changes = {mutant: change_of(mutant) for mutant in alive}
    for mutant, change in changes.items():
        print(f"{mutant.file} ({mutant.fate})\n  {change}\n  {reasons.get(change, 'nobody has said why')}\n")
    for change in sorted(reasons.keys() - set(changes.values())):
        print(f"{change.file} (noticed, although survivors.toml says why it may live)\n  {change}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
