"""`make mutants`: break rules, vault, signature and guards in every small way; the tests must notice at least 90 %.

mutmut makes the mutants and runs, for each, the tests that pass through it; its settings stand in pyproject.toml. What
survives is printed as a difference, with the reason from `bench/survivors.toml` where somebody has looked at it.
`ONLY=app/credentials/vault.py` looks at one file. Exit code 1 below the goal.
"""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bench.targets import ROOT, target_files

GOAL = 0.90
NOTICED = {"killed", "timeout", "suspicious", "caught by type check"}
FOLDER = ROOT / "mutants"


@dataclass(frozen=True)
class Mutant:
    """One broken copy of a function and what became of it; `name` is mutmut's."""

    name: str
    fate: str

    @property
    def file(self) -> str:
        return "/".join(self.name.split(".x", 1)[0].split(".")) + ".py"


def main(arguments: list[str]) -> int:
    only = arguments[0] if arguments else ""
    shutil.rmtree(FOLDER, ignore_errors=True)
    run = subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=ROOT, check=False)
    mutants = [mutant for mutant in read_fates() if mutant.file.startswith(only)]
    if run.returncode or not mutants:
        print("mutmut could not run; the tests must be green without mutants first", file=sys.stderr)
        return run.returncode or 1
    alive = [mutant for mutant in mutants if mutant.fate not in NOTICED]
    reasons = read_reasons()
    show(alive, reasons)
    for file in target_files():
        here = [mutant for mutant in mutants if mutant.file == file]
        if here:
            print(f"  {file:40} {sum(mutant.fate in NOTICED for mutant in here):4} of {len(here):4} noticed")
    share = 1 - len(alive) / len(mutants)
    print(f"{len(mutants) - len(alive)} of {len(mutants)} mutants noticed: {share:.1%} (goal {GOAL:.0%})")
    return 0 if share >= GOAL else 1


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


def read_reasons() -> dict[str, str]:
    """Why a mutant may live, by the changed line: its number in the file would not last."""
    rows = tomllib.loads((Path(__file__).parent / "survivors.toml").read_text()).get("survivor", [])
    return {f"{row['file']}: {row['becomes']}": row["reason"] for row in rows}


def show(alive: list[Mutant], reasons: dict[str, str]) -> None:
    """Each survivor as the line it was, the line it became, and why it may live."""
    for mutant in alive:
        told = subprocess.run(
            [sys.executable, "-m", "mutmut", "show", mutant.name], cwd=ROOT, check=False, capture_output=True, text=True
        ).stdout.splitlines()
        gone = [line[1:].strip() for line in told if line.startswith("-") and not line.startswith("---")]
        came = [line[1:].strip() for line in told if line.startswith("+") and not line.startswith("+++")]
        reason = reasons.get(f"{mutant.file}: {' '.join(came)}", "nobody has said why")
        print(f"{mutant.file} ({mutant.fate})\n  - {' '.join(gone)}\n  + {' '.join(came)}\n  {reason}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
