"""The cells of the matrix, read from the tables beside this file, which were written by hand."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "tables"
OWN_END = "the plan's own end"
NO_CELL = "-"
SEED = 2026
BOTH = ("sqlite", "postgres")


@dataclass(frozen=True)
class Plan:
    """One way to come aboard; see the head of `tables/plans.toml`."""

    name: str
    plan: str
    ends: str
    effects: Mapping[str, int]
    signup: Mapping[str, Any] = field(default_factory=dict)
    asked: str = "standard"
    way: str = "popup"
    before: str | None = None
    calls: Mapping[str, int] = field(default_factory=dict)

    def as_first(self) -> "Plan":
        """The plan such a client came aboard by the first time."""
        return plans()["standard"]


@dataclass(frozen=True)
class Event:
    """What the window says and when; see the head of `tables/events.toml`."""

    name: str
    told: tuple[str, ...] = ("with",)
    code: bool = True
    event: str | None = None
    data: Mapping[str, Any] | None = None
    omit: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def straight(cls) -> "Event":
        return cls("finish")

    def payload(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """The window's message, made from its own."""
        data = dict(own["data"]) if self.data is None else dict(self.data)
        kept = {name: value for name, value in data.items() if name not in self.omit}
        return {**own, "event": self.event or own["event"], "data": {**kept, **self.more}}


@dataclass(frozen=True)
class Cell:
    """One square: a plan, and what happens to it.

    `expected` is the word it ends with at first. Where `then` says so it must end as its plan does (or with `at_last`)
    after the trouble is gone and the button was pressed.
    """

    kind: str
    plan: Plan
    what: str
    database: str
    expected: str
    event: Event = field(default_factory=Event.straight)
    call: str | None = None
    nth: int = 1
    answer: Any = None
    then: bool = False
    at_last: str | None = None

    @property
    def name(self) -> str:
        at = f" at {self.call}{f'#{self.nth}' if self.nth > 1 else ''}" if self.call else ""
        return f"{self.plan.name}: {self.what}{at} on {self.database}"

    @property
    def ends(self) -> str:
        """The word of the very end."""
        if self.at_last is not None:
            return self.at_last
        return self.plan.ends if self.then or self.expected == OWN_END else self.first

    @property
    def first(self) -> str:
        return self.plan.ends if self.expected == OWN_END else self.expected


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def plans() -> dict[str, Plan]:
    return {name: Plan(name=name, **row) for name, row in _table("plans").items()}


@cache
def events() -> dict[str, Event]:
    rows = _table("events")["events"]
    return {
        name: Event(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})
        for name, row in rows.items()
    }


def every_cell() -> list[Cell]:
    return [*event_cells(), *fault_cells(), *kill_cells(), *day_cells()]


def part_of(cells: list[Cell], every: int) -> list[Cell]:
    """Every nth cell of an order that a seed has shuffled: always the same ones, from all over the matrix."""
    if every == 1:
        return cells
    shuffled = sorted(cells, key=lambda cell: sha256(f"{SEED} {cell.kind} {cell.name}".encode()).digest())
    return shuffled[::every]


def event_cells() -> Iterator[Cell]:
    """Plans × what Meta's window says, in turns on either database."""
    table = _table("events")
    count = 0
    for name, row in table["rows"].items():
        for plan, letter in zip(table["columns"]["plans"], row.split(), strict=True):
            word, _, last = table["letters"][letter].partition(" then ")
            at_last = plans()[plan].ends if last == OWN_END else last or None
            count += 1
            yield Cell(
                "event",
                plans()[plan],
                name,
                BOTH[count % 2],
                word,
                event=events()[name],
                then=bool(last),
                at_last=at_last,
            )


def fault_cells() -> Iterator[Cell]:
    """Plans × outside calls × what may go wrong with one, in turns on either database."""
    table = _table("faults")
    count = 0
    for plan in plans().values():
        for call, nth in boundaries(plan):
            places = (f"{plan.name} {call}#{nth}", f"{call}#{nth}", call)
            row = next(table["rows"][place] for place in places if place in table["rows"])
            for (fault, answer), letter in zip(table["faults"].items(), row.split(), strict=True):
                count += 1
                word = table["letters"][letter]
                yield Cell(
                    "fault", plan, fault, BOTH[count % 2], word, call=call, nth=nth, answer=answer, then=word != OWN_END
                )


def kill_cells() -> Iterator[Cell]:
    """Plans × outside calls × before, in and after it, on both databases; and every commit in turn."""
    table = _table("kills")
    for plan in plans().values():
        for call, nth in boundaries(plan):
            row = table["rows"].get(call) or table["rows"]["*"]
            for moment, letter in zip(("before", "in", "after"), row.split(), strict=True):
                word = table["letters"][letter]
                for database in BOTH:
                    yield Cell(
                        "kill", plan, f"killed {moment}", database, word, call=call, nth=nth, then=word != OWN_END
                    )
        for database in BOTH:
            yield Cell("commits", plan, "killed instead of each commit", database, OWN_END)


def day_cells() -> Iterator[Cell]:
    """Plans × bad days, on both databases."""
    table = _table("days")
    for name, row in table["rows"].items():
        day = table["days"][name]
        call, _, nth = day.get("at", "").partition("#")
        for plan, letter in zip(table["columns"]["plans"], row.split(), strict=True):
            if letter == NO_CELL:
                continue
            word = table["letters"][letter]
            for database in BOTH:
                yield Cell(
                    "day", plans()[plan], name, database, word, call=call or None, nth=int(nth or 1), answer=day["what"]
                )


def boundaries(plan: Plan) -> Iterator[tuple[str, int]]:
    """Every outside call of a plan's straight day: its name and which one of that name."""
    for call, times in plan.calls.items():
        for nth in range(1, times + 1):
            yield call, nth
