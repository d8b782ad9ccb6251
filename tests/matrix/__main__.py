"""`make onboarding-matrix` and `make onboarding-kills`: plays cells, prints the tables, names each that differs.

The matrix is what Meta's window says and what goes wrong with a call; the kills are deaths around each call and at
each commit, and bad days. Exit code 1 when one is not as its row says. `--part 20` plays every twentieth cell of a
seeded order, `--only TEXT` those whose name holds the text, `--processes` says how many play at once.
"""

import argparse
import sys
import time

from rich.console import Console
from rich.markup import escape

from tests.matrix import board
from tests.matrix.cells import Cell, every_cell, part_of
from tests.matrix.crew import play_all
from tests.matrix.judge import Seen

EVERY = 10.0  # seconds between two words about how far it is


class Watch:
    """Lets people see how far it is, and every cell that differs at once."""

    def __init__(self, out: Console, cells: int) -> None:
        self._out, self._cells, self._done = out, cells, 0
        self._started = self._told = time.monotonic()

    def tell(self, cell: Cell, seen: Seen) -> None:
        self._done += 1
        if seen.wrong:
            self._out.print(f"[bold red]{escape(cell.name)}[/bold red]: {escape('; '.join(seen.wrong))}")
        if time.monotonic() - self._told >= EVERY or self._done == self._cells:
            self._told = time.monotonic()
            self._out.print(f"{self._done} of {self._cells} cells, {self.spent}")

    @property
    def spent(self) -> str:
        minutes, seconds = divmod(round(time.monotonic() - self._started), 60)
        return f"{minutes} min {seconds} s"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--part", type=int, default=1, metavar="N", help="every Nth cell of a seeded order")
    parser.add_argument("--kinds", default="", metavar="A,B", help=f"of {', '.join(board.TITLES)}; else all")
    parser.add_argument("--only", default="", metavar="TEXT", help="cells whose name holds this")
    asked = parser.parse_args(arguments)
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    kinds = asked.kinds.split(",") if asked.kinds else list(board.TITLES)
    every = [cell for cell in every_cell() if cell.kind in kinds]
    cells = [cell for cell in part_of(every, asked.part) if asked.only in cell.name]
    watch = Watch(out, len(cells))
    played = play_all(cells, asked.processes, watch.tell)
    board.show(played, out)
    board.show_numbers(every, played, out)
    wrong = [cell for cell, seen in played if seen.wrong]
    deaths = sum(seen.deaths for _, seen in played)
    out.print(
        f"{len(played)} cells of {len(every)}, {len(wrong)} not as expected, {deaths} deaths, "
        f"{watch.spent} with {asked.processes} processes."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
