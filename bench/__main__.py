"""`make bench`: measure, show beside the goals, keep in `DATA_DIR/bench.json`; exit code 1 when a goal is missed.

`python -m bench onboarding` measures one subject, `--long` does five times the rounds.
"""

import argparse
import sys
from collections.abc import Callable, Iterator

from rich.console import Console

from bench.figures import Figure, keep, show
from bench.measures import checks, crowd, onboarding, pages_beside, rotation, tokens
from config import load_ground

ROUNDS = 7
SUBJECTS: dict[str, Callable[[int], Iterator[Figure]]] = {
    "onboarding": onboarding.measure,
    "crowd": crowd.measure,
    "tokens": tokens.measure,
    "pages_beside": pages_beside.measure,
    "checks": checks.measure,
    "rotation": rotation.measure,
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("only", nargs="*", choices=[[], *SUBJECTS], help="measure these subjects only")
    parser.add_argument("--long", action="store_true", help="five times the rounds")
    asked = parser.parse_args(arguments)
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    figures: list[Figure] = []
    for name in asked.only or SUBJECTS:
        out.print(f"Measuring {name} …")
        figures.extend(SUBJECTS[name](ROUNDS * 5 if asked.long else ROUNDS))
    show(figures, out)
    path = load_ground().data_dir / "bench.json"
    keep(figures, path)
    out.print(f"Kept in {path}.")
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
