"""The kinds of incidents as typed values; the table itself is `kinds.toml`, written by hand."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SEVERITIES: Final = ("notice", "warning", "urgent", "critical")


@dataclass(frozen=True)
class Kind:
    """One kind: the severity at which it opens, and its words for people. Its runbook is `docs/runbooks/<name>.md`."""

    name: str
    severity: str
    title: str
    means: str
    do: str


def _read() -> dict[str, Kind]:
    rows = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text())
    return {name: Kind(name, **row) for name, row in rows.items()}


KINDS: Final = _read()


def height(severity: str) -> int:
    """How bad a severity is: 0 for the mildest. Raises `ValueError` for a word that is none."""
    return SEVERITIES.index(severity)
