"""Prints what was played: one table a kind, plans across, one word a square."""

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.matrix.cells import Cell, plans
from tests.matrix.judge import Seen

TITLES = {
    "event": "What Meta's window said, and when",
    "fault": "One call goes wrong",
    "kill": "Killed around a call",
    "commits": "Killed instead of a commit",
    "day": "Bad days",
}
# One letter for each word; what has none is shown by its first four letters.
SHORT = {"live": "live", "connected": "conn", "nothing": "–", "finished": "fin"}


def show(played: Sequence[tuple[Cell, Seen]], out: Console) -> None:
    """The tables, then the words in full."""
    by_kind: defaultdict[str, list[tuple[Cell, Seen]]] = defaultdict(list)
    for cell, seen in played:
        by_kind[cell.kind].append((cell, seen))
    legend: dict[str, str] = {}
    for kind, title in TITLES.items():
        if by_kind[kind]:
            out.print(_table(title, by_kind[kind], legend))
    for letter, word in sorted(legend.items()):
        out.print(f"  {letter:6} {word}")
    out.print("  a → b  at first, and after the trouble was gone and its button pressed;  !  not as expected")


def show_numbers(every: Sequence[Cell], played: Sequence[tuple[Cell, Seen]], out: Console) -> None:
    """How many cells there are of each kind, how many were played, and how many differ."""
    table = Table("", "cells", "played", "left out", "not as expected", box=None, pad_edge=False, padding=(0, 1))
    for kind, title in ((kind, title) for kind, title in TITLES.items() if any(cell.kind == kind for cell in every)):
        cells = sum(cell.kind == kind for cell in every)
        seen = [seen for cell, seen in played if cell.kind == kind]
        wrong = sum(bool(one.wrong) for one in seen)
        table.add_row(title, str(cells), str(len(seen)), str(cells - len(seen)), str(wrong))
    out.print(table)


def _table(title: str, played: Sequence[tuple[Cell, Seen]], legend: dict[str, str]) -> Table:
    columns = [name for name in plans() if any(cell.plan.name == name for cell, _ in played)]
    table = Table("", *columns, title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 1))
    squares: defaultdict[str, defaultdict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for cell, seen in played:
        squares[_row(cell)][cell.plan.name][_square(cell, seen, legend)] = None
    for row, found in squares.items():
        table.add_row(row, *(" / ".join(found[name]) if name in found else "" for name in columns))
    return table


def _row(cell: Cell) -> str:
    return f"{cell.call} {cell.what}" if cell.kind in {"fault", "kill"} else cell.what


def _square(cell: Cell, seen: Seen, legend: dict[str, str]) -> str:
    words = [seen.word] if seen.word == seen.end else [seen.word, seen.end]
    return " → ".join(_short(word, legend) for word in words) + (" !" if seen.wrong else "")


def _short(word: str, legend: dict[str, str]) -> str:
    kind, _, reason = word.partition(":")
    letter = SHORT.get(word) or (f"{kind[0].upper()}:{''.join(part[:2] for part in reason.split('_'))[:5]}")
    legend[letter] = word
    return letter
