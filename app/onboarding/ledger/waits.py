"""The waits as typed values; the table itself is `waits.toml`, written by hand."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Final

from app.onboarding.rules import Wait

_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_PATIENCE = re.compile(r"(\d+) (s|min|h|d)")


def _read() -> dict[str, Wait]:
    table = tomllib.loads((Path(__file__).parent / "waits.toml").read_text(encoding="utf-8"))
    return {name: Wait(**{**row, "patience": _time(row["patience"])}) for name, row in table.items()}


def _time(written: str) -> timedelta:
    found = _PATIENCE.fullmatch(written)
    if found is None:
        raise ValueError(f"{written} is no patience: write a whole number and s, min, h or d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


WAITS: Final[dict[str, Wait]] = _read()
