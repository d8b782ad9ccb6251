"""The wording of our terms as values, each version in each language; the table itself is `terms.toml`, by hand.

The page shows it and a record of consent quotes it, both from here, so that what was agreed to can always be read.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ENGLISH: Final = "en"


@dataclass(frozen=True)
class Terms:
    """One version in one language: the sentence beside the button, and the clauses of the page it leads to."""

    version: str
    language: str
    accepts: str
    clauses: tuple[str, ...]


def read_terms(version: str, language: str | None, *, partner: str) -> Terms:
    """The wording that was in force with this version (a day, as TERMS_VERSION): the newest that is not later.

    A day before our first wording reads the first. English where we have no wording of a language.
    """
    known = [one for one in VERSIONS if one <= version] or list(VERSIONS[:1])
    by_language = _WORDINGS[known[-1]]
    spoken = language if language in by_language else ENGLISH
    row = by_language[spoken or ENGLISH]
    # A name may hold a per cent sign, so that no text is formatted; only this one place is filled.
    clauses = tuple(clause.replace("%(partner)s", partner) for clause in row.clauses)
    return Terms(known[-1], spoken or ENGLISH, row.accepts, clauses)


def _read() -> dict[str, dict[str, Terms]]:
    rows = tomllib.loads(Path(__file__).with_name("terms.toml").read_text(encoding="utf-8"))
    return {
        version: {name: Terms(version, name, row["accepts"], tuple(row["clauses"])) for name, row in its.items()}
        for version, its in rows.items()
    }


_WORDINGS: Final[Mapping[str, Mapping[str, Terms]]] = _read()
VERSIONS: Final[Sequence[str]] = sorted(_WORDINGS)
