"""The catalogue as a list people can search: each explanation once, with the numbers and steps it speaks of."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from app.kit.errors import Fault, InvalidInput
from app.meta.catalogue.lookup import FINDINGS, ROWS
from app.meta.catalogue.rows import Case, Explanation

_NUMBERS = re.compile(r"\(?#?(\d{1,10})(?:/(\d{1,10}))?\)?")


@dataclass(frozen=True)
class Entry:
    """`numbers` as people write them (`133005`, `190/463`, `200–299`), none for a finding of ours; no `steps` = any."""

    explanation: Explanation
    numbers: tuple[str, ...]
    steps: tuple[str, ...]


@cache
def entries() -> tuple[Entry, ...]:
    """Everything the catalogue explains: Meta's numbers first, in order, then what we find ourselves, by name."""
    cases: dict[str, list[Case]] = defaultdict(list)
    for case, row in ROWS.items():
        cases[row.key].append(case)
    rows = {row.key: row for row in ROWS.values()}
    found = [
        Entry(rows[key], _written(own), tuple(dict.fromkeys(case.step for case in own if case.step)))
        for key, own in cases.items()
        if any(case.code is not None for case in own)
    ]
    found.sort(key=lambda entry: (int(re.split(r"\D", entry.numbers[0])[0]), entry.explanation.key))
    return (*found, *(Entry(row, (), ()) for _key, row in sorted(FINDINGS.items())))


def search(wanted: str) -> tuple[Entry, ...]:
    """The entries that speak of a number, or hold every word; all of them for nothing wanted."""
    words = wanted.casefold().split()
    if not words:
        return entries()
    shape = _NUMBERS.fullmatch(wanted.strip())
    if shape is not None:
        return tuple(entry for entry in entries() if _speaks_of(entry.explanation, int(shape[1]), shape[2]))
    return tuple(entry for entry in entries() if all(word in _text(entry) for word in words))


def read_numbers(typed: str) -> tuple[int, int | None]:
    """`133005`, `190/463` or Meta's `(#133005)` → (code, subcode); InvalidInput for anything else."""
    shape = _NUMBERS.fullmatch(typed.strip())
    if shape is None:
        raise InvalidInput([Fault("code", "must be a number of Meta’s, such as 133005, or with its subcode, 190/463")])
    return int(shape[1]), int(shape[2]) if shape[2] else None


def _speaks_of(row: Explanation, code: int, subcode: str | None) -> bool:
    own = [case for case, other in ROWS.items() if other.key == row.key]
    if subcode is not None:
        exact = any(case.code == code and str(case.subcode) == subcode for case in own)
        return exact or any(case.code == int(subcode) for case in own)
    return any(code in {case.code, case.subcode} for case in own)


def _text(entry: Entry) -> str:
    row = entry.explanation
    parts = (row.key, row.meaning, row.do, row.client_meaning, row.client_do, *entry.numbers, *entry.steps)
    return " ".join(parts).casefold()


def _written(cases: Iterable[Case]) -> tuple[str, ...]:
    """The numbers of some cases; five and more in a row become a range."""
    plain = sorted({case.code for case in cases if case.code is not None and case.subcode is None})
    runs: list[list[int]] = []
    for code in plain:
        if runs and code == runs[-1][-1] + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    written = [
        text for run in runs for text in ([f"{run[0]}–{run[-1]}"] if len(run) >= 5 else [str(code) for code in run])
    ]
    exact = sorted({(case.code, str(case.subcode)) for case in cases if case.code is not None and case.subcode})
    return (*written, *(f"{code}/{subcode}" for code, subcode in exact))
