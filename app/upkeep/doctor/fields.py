"""Which fields of Meta's notifications we need. The list is `fields.toml`, written by hand."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

OBJECT = "whatsapp_business_account"


@dataclass(frozen=True)
class NeededField:
    """One field. Without one that `must` be there nobody comes aboard."""

    name: str
    need: Literal["must", "should"]
    why: str


def read_fields() -> tuple[NeededField, ...]:
    """The list, in the order of the file."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(NeededField(name, row["need"], row["why"]) for name, row in table.items())


FIELDS = read_fields()
