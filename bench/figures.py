"""A measured figure and its goal, and how both are shown and kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One row of the table. `beside` holds what one needs to judge the value: rounds, spread, what was counted."""

    name: str
    value: float
    unit: str
    goal: float
    must: Literal["at most", "at least"] = "at most"
    beside: Mapping[str, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.value <= self.goal if self.must == "at most" else self.value >= self.goal


def keep(figures: Sequence[Figure], path: Path) -> None:
    """Write `bench.json`: `[{name, value, unit, goal, must, ok, beside}]`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(figure) | {"ok": figure.ok, "beside": dict(figure.beside)} for figure in figures]
    path.write_text(json.dumps(rows, indent=2) + "\n")


def show(figures: Sequence[Figure], out: Console) -> None:
    table = Table("Measured", "Value", "Goal", "", "Beside it", box=None, pad_edge=False, header_style="dim")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:.3g} {figure.unit}",
            f"{figure.must} {figure.goal:g}",
            "[green]ok[/green]" if figure.ok else "[bold red]missed[/bold red]",
            ", ".join(f"{name} {value}" for name, value in figure.beside.items()),
        )
    out.print(table)
