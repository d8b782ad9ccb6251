"""The plans as typed values; the table itself is `plans.toml`, written by hand."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

_TABLE = tomllib.loads((Path(__file__).parent / "plans.toml").read_text(encoding="utf-8"))

AFTER: dict[str, tuple[str, ...]] = {name: tuple(before) for name, before in _TABLE.pop("after").items()}


@dataclass(frozen=True)
class Plan:
    """`connected` and `live` are the proofs that make it so; live needs both groups."""

    name: str
    steps: tuple[str, ...]
    connected: tuple[str, ...]
    live: tuple[str, ...]

    @property
    def proofs(self) -> tuple[str, ...]:
        return self.connected + self.live

    def before(self, step: str) -> tuple[str, ...]:
        """The steps of this plan that must be done before `step` may start."""
        return tuple(name for name in AFTER[step] if name in self.steps)


PLANS: dict[str, Plan] = {
    name: Plan(name, tuple(row["steps"]), tuple(row["connected"]), tuple(row["live"])) for name, row in _TABLE.items()
}
