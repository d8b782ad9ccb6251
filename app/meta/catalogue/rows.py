"""Reading the catalogue's files into typed rows; a file that breaks a rule stops the program at its start."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

# "window" is Meta's signup window, where numbers mean what they mean in no answer of Graph's.
Step = Literal[
    "window", "exchange", "fetch", "inspect", "subscribe", "credit", "verify", "register", "confirm", "sync", "name",
    "test",
]  # fmt: skip
Who = Literal["client", "partner", "meta", "nobody"]
RetryBy = Literal["auto", "by_hand", "never"]
# Which of our own buttons helps whoever must act; "none" where only time, Meta or another program does.
Button = Literal[
    "none", "try_again", "connect_again", "request_code", "enter_pin", "open_manager", "share_credit", "send_test"
]

HERE = Path(__file__).parent
CLIENT_FILE = "client.toml"
FINDINGS_FILE = "findings.toml"
FINDING_REQUIRED = {"meaning", "who", "do", "retry", "button", "client_meaning", "client_do"}
REQUIRED = {"match", "key", "meaning", "who", "do", "retry", "button", "client"}
OPTIONAL = {"step", "link"}

_MATCH = re.compile(r"class:(?P<kind>[a-z_]+)|(?P<first>\d+)-(?P<last>\d+)|(?P<code>\d+)(?:/(?P<subcode>\d+|\*))?")


class BadCatalogue(ValueError):
    """A row that cannot be used; the text names the row and the rule."""


@dataclass(frozen=True)
class Explanation:
    """What an error means. `meaning` and `do` are for staff; the `client_` texts are message ids for gettext."""

    key: str
    meaning: str
    who: Who
    do: str
    link: str | None
    retry: RetryBy
    button: Button
    client_meaning: str
    client_do: str


@dataclass(frozen=True)
class Case:
    """What a row speaks of. `subcode` is a number, "*" for any, or None; `kind` stands in place of numbers."""

    code: int | None = None
    subcode: int | Literal["*"] | None = None
    step: Step | None = None
    kind: str | None = None


def read_catalogue(folder: Path = HERE) -> dict[Case, Explanation]:
    """Every case the files of `folder` explain."""
    texts = _read_toml(folder / CLIENT_FILE)
    found: dict[Case, Explanation] = {}
    keys: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
        for row in _read_toml(path).get("row", []) if path.name not in {CLIENT_FILE, FINDINGS_FILE} else []:
            explanation = _explanation(row, texts)
            if explanation.key in keys:
                raise BadCatalogue(f"two rows are called {explanation.key}")
            keys.add(explanation.key)
            for case in _cases(row):
                if case in found:
                    raise BadCatalogue(f"{explanation.key} and {found[case].key} both explain {case}")
                found[case] = explanation
    return found


def read_findings(folder: Path = HERE) -> dict[str, Explanation]:
    """What we find ourselves, by key. No numbers of Meta's lead there; each carries its client's words with it."""
    found = {}
    for key, row in _read_toml(folder / FINDINGS_FILE).items():
        missing, unknown = FINDING_REQUIRED - row.keys(), row.keys() - FINDING_REQUIRED - {"link"}
        if missing or unknown:
            raise BadCatalogue(f"{key}: missing {sorted(missing)}, unknown {sorted(unknown)}")
        found[key] = Explanation(
            key=key,
            meaning=row["meaning"],
            who=_one_of(key, "who", row["who"], get_args(Who)),
            do=row["do"],
            link=row.get("link"),
            retry=_one_of(key, "retry", row["retry"], get_args(RetryBy)),
            button=_one_of(key, "button", row["button"], get_args(Button)),
            client_meaning=row["client_meaning"],
            client_do=row["client_do"],
        )
    return found


def _explanation(row: Mapping[str, Any], texts: Mapping[str, Any]) -> Explanation:
    name = row.get("key", "a row without key")
    missing, unknown = REQUIRED - row.keys(), row.keys() - REQUIRED - OPTIONAL
    if missing or unknown:
        raise BadCatalogue(f"{name}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    client = texts.get(row["client"], {})
    if client.keys() != {"meaning", "do"}:
        raise BadCatalogue(f"{name}: {CLIENT_FILE} has no meaning and do for {row['client']}")
    return Explanation(
        key=row["key"],
        meaning=row["meaning"],
        who=_one_of(name, "who", row["who"], get_args(Who)),
        do=row["do"],
        link=row.get("link"),
        retry=_one_of(name, "retry", row["retry"], get_args(RetryBy)),
        button=_one_of(name, "button", row["button"], get_args(Button)),
        client_meaning=client["meaning"],
        client_do=client["do"],
    )


def _cases(row: Mapping[str, Any]) -> Iterator[Case]:
    for step in _steps(row):
        for written in row["match"]:
            yield from _written(row["key"], written, step)


def _steps(row: Mapping[str, Any]) -> tuple[Step | None, ...]:
    """The steps a row is for: one, several, or (None) all."""
    named = row.get("step")
    if named is None:
        return (None,)
    several = named if isinstance(named, list) else [named]
    return tuple(_one_of(row["key"], "step", one, get_args(Step)) for one in several)


def _written(key: str, written: str, step: Step | None) -> Iterator[Case]:
    found = _MATCH.fullmatch(written)
    if found is None:
        raise BadCatalogue(f"{key}: {written} is neither a code, a code/subcode, a range nor a class")
    if found["kind"]:
        yield Case(kind=found["kind"], step=step)
    elif found["first"]:
        for code in range(int(found["first"]), int(found["last"]) + 1):
            yield Case(code=code, step=step)
    else:
        yield Case(code=int(found["code"]), subcode=_subcode(found["subcode"]), step=step)


def _subcode(written: str | None) -> int | Literal["*"] | None:
    if written is None:
        return None
    return "*" if written == "*" else int(written)


def _one_of(name: str, key: str, value: Any, allowed: Iterable[Any]) -> Any:
    if value not in allowed:
        raise BadCatalogue(f"{name}: {key} is {value}, which is none of {', '.join(allowed)}")
    return value


def _read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
