"""The facts of the daily check as typed values; the table itself is `facts.toml`, written by hand."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

Subject = Literal["account", "number"]
Source = Literal["account", "apps", "users", "templates"]
Right = Literal["words", "ours", "override", "least", "none"]
Repairs = Literal["ours", "staff", "client", "meta", "nobody"]

ACCOUNT: Final = "account"
NUMBER: Final = "number"


@dataclass(frozen=True)
class FactKind:
    """One row of the table; what each field means stands at its top."""

    name: str
    subject: Subject
    source: Source
    right: Right
    repairs: Repairs
    severity: str
    title: str
    wrong: str
    do: str
    kind: str | None = None
    good: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    bad: Mapping[str, str] = field(default_factory=dict)
    scale: tuple[str, ...] = ()


def _read() -> dict[str, FactKind]:
    rows = tomllib.loads(Path(__file__).with_name("facts.toml").read_text(encoding="utf-8"))
    return {name: FactKind(name=name, **_typed(row)) for name, row in rows.items()}


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


FACTS: Final = _read()
# What opens an incident, by kind: it closes when all of them are right.
BY_KIND: Final[Mapping[str, tuple[FactKind, ...]]] = {
    kind: tuple(fact for fact in FACTS.values() if fact.kind == kind)
    for kind in sorted({fact.kind for fact in FACTS.values() if fact.kind is not None})
}
