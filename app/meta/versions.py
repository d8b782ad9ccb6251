"""The table of Graph's versions: which we know, and until when each works. `versions.toml` is written by hand."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

TABLE = Path(__file__).with_suffix(".toml")


def read_versions(path: Path = TABLE) -> Mapping[str, date | None]:
    """Each version we know with its last day, None while Meta has named none."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {**table["until"], **dict.fromkeys(table["no_end_yet"])}
