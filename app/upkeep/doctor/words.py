"""The words of the doctor: what each finding says, and the exact fix. They are data, in `findings/`, a file a group.

A table is a check, a table in it one of its cases; the rules choose the case. A check has a `title`, and of each case

    state    ok, warn, broken, or look: a person has to look, because Graph does not tell
    says     what is so; places in braces are filled by the rule, {app_id} and {business_id} always
    setting  the setting's name, ours or at Meta, as it is written there      fix   what to do, exactly
    link     a page of Meta's        practice   it rests on what is seen in practice, not on Meta's documentation

A case that is ok has nothing but what it says. A file that breaks a rule stops the program at its start.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

State = Literal["ok", "warn", "broken", "look", "unchecked"]

FOLDER = Path(__file__).parent / "findings"
GROUPS: Final[Mapping[str, str]] = {
    "app": "The app at Meta",
    "partner": "Partner and money",
    "signup": "Signup window",
    "notifications": "Notifications",
    "house": "This installation",
}
_OK = {"state", "says"}
_NOT_OK = {"state", "says", "setting", "fix"}
_OPTIONAL = {"link", "practice"}


class BadFindings(ValueError):
    """A table that cannot be used; the text names it and the rule."""


@dataclass(frozen=True)
class Case:
    """The words of one case, with places to fill."""

    state: State
    says: str
    setting: str = ""
    fix: str = ""
    link: str = ""
    practice: bool = False


@dataclass(frozen=True)
class Subject:
    """A check's title, the group it stands in, and its cases."""

    title: str
    group: str
    cases: Mapping[str, Case]


def read_findings(folder: Path = FOLDER) -> Mapping[str, Subject]:
    """Every check's words by its id; raises `BadFindings`."""
    found: dict[str, Subject] = {}
    for group in GROUPS:
        for check, table in tomllib.loads((folder / f"{group}.toml").read_text(encoding="utf-8")).items():
            if check in found:
                raise BadFindings(f"{check} stands in two files")
            cases = {name: _case(f"{check}.{name}", row) for name, row in table.items() if name != "title"}
            found[check] = Subject(table["title"], group, cases)
    return found


def _case(name: str, row: Mapping[str, Any]) -> Case:
    state = row.get("state")
    if state not in get_args(State) or state == "unchecked":
        raise BadFindings(f"{name}: state is {state}")
    required = _OK if state == "ok" else _NOT_OK
    missing, unknown = required - row.keys(), row.keys() - required - (_OPTIONAL if state != "ok" else set())
    if missing or unknown:
        raise BadFindings(f"{name}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    return Case(**row)


SUBJECTS: Final = read_findings()
