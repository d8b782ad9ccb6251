"""`make onboarding-matrix`: plays every cell, prints the tables, and names each cell that is not as its row says.

Exit code 1 when one differs. `--part 20` plays every twentieth cell of a seeded order, `--only TEXT` those whose name
holds the text, `--processes` says how many play at once.
"""

import argparse
import sys
import time

from rich.console import Console

from tests.matrix import board
from tests.matrix.cells import every_cell, part_of
from tests.matrix.crew import play_all


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--part", type=int, default=1, metavar="N", help="every Nth cell of a seeded order")
    parser.add_argument("--only", default="", metavar="TEXT", help="cells whose name holds this")
    asked = parser.parse_args(arguments)
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    cells = [cell for cell in part_of(every_cell(), asked.part) if asked.only in cell.name]
    started = time.monotonic()
    played = play_all(cells, asked.processes)
    board.show(played, out)
    wrong = [(cell, seen) for cell, seen in played if seen.wrong]
    for cell, seen in wrong:
        out.print(f"[bold red]{cell.name}[/bold red]: {'; '.join(seen.wrong)}", markup=True)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    deaths = sum(seen.deaths for _, seen in played)
    out.print(
        f"{len(played)} cells of {len(every_cell())}, {len(wrong)} not as expected, {deaths} deaths, "
        f"{minutes} min {seconds} s with {asked.processes} processes."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
