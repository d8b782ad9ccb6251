"""Bad days on demand: which Graph calls go wrong, how, and how often (``POST /_sandbox/faults``).

A fault matches by method, by a glob over the path without its version, and by ``nth`` (only the nth call that matches,
counted from 1) or ``from_nth`` (that one and all after it). Several may match one call: their delays add up, their
changes of the world all happen, and the first that does more than that decides. ``when`` says whether the call takes
effect: "before" (it does not, the default) or "after" (it does, and only its answer is lost or replaced). A fault
without ``times`` stays until it is cleared; clearing all ends every wait at once.
"""

import itertools
import threading
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

When = Literal["before", "after"]
Drop = Literal["before", "after", "midway"]


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to the world at the moment of the call: another of the ``/_sandbox/`` doors is opened."""

    method: str
    door: str
    body: Any = None


@dataclass(slots=True)
class Action:
    """What happens instead of (or around) the answer. ``body`` None with a ``status`` gives an empty body.

    ``half`` cuts the call's own answer in the middle of its JSON, ``drop`` "midway" its connection there. ``do`` lists
    changes of the world: a token that dies, a number that goes, just when this call comes.
    """

    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay_ms: float = 0
    drop: Drop | None = None
    hang_s: float | None = None
    html: int | None = None
    half: bool = False
    do: tuple[Change, ...] = ()

    @property
    def spoils(self) -> bool:
        """Whether the call does not get its own answer in the end."""
        return self.half or any(part is not None for part in (self.status, self.drop, self.hang_s, self.html))

    def takes_place(self, when: When) -> When:
        """Before or after the call's effect: some can be only one of the two."""
        if self.half or self.drop == "midway":
            return "after"
        return self.drop or when


@dataclass(slots=True)
class Fault:
    """One standing order. ``seen`` counts the calls that matched, ``fired`` those it hit."""

    id: int
    action: Action
    method: str | None = None
    path: str | None = None
    nth: int | None = None
    from_nth: int | None = None
    when: When = "before"
    times: int | None = None
    seen: int = 0
    fired: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Whether a call is of this fault's kind; ``path`` starts with a slash and has no version."""
        return (self.method is None or self.method == method) and (self.path is None or fnmatchcase(path, self.path))

    def fires(self) -> bool:
        """Counts a matching call and says whether it is hit."""
        if self.times is not None and self.fired >= self.times:
            return False
        self.seen += 1
        if self.nth is not None and self.seen != self.nth:
            return False
        if self.from_nth is not None and self.seen < self.from_nth:
            return False
        self.fired += 1
        return True


LAGGING = ("phone_numbers", "primary_funding_id", "subscribed_apps")
"""What Meta may show late: an account's numbers, its funding, its subscribed apps."""


@dataclass(slots=True)
class Lag:
    """Meta's lists are eventually consistent: what is there is hidden from the first so many looks at each account.

    ``looks`` says how many for each of :data:`LAGGING`; looks that would have found nothing do not count.
    """

    looks: dict[str, int] = field(default_factory=dict)
    hidden: Counter[tuple[str, str]] = field(default_factory=Counter)

    def hides(self, what: str, account_id: str) -> bool:
        """Whether this look at something that is there finds nothing yet. Counts it."""
        if self.hidden[what, account_id] >= self.looks.get(what, 0):
            return False
        self.hidden[what, account_id] += 1
        return True


@dataclass(slots=True)
class Plan:
    """What will go wrong with one call."""

    delay_before_s: float = 0.0
    delay_after_s: float = 0.0
    action: Action | None = None
    when: When = "before"
    changes_before: list[Change] = field(default_factory=list)
    changes_after: list[Change] = field(default_factory=list)


NOTHING = Plan()


class Faults:
    """The list of standing faults. Cheap while it is empty."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._serial = itertools.count(1)
        self._cleared = threading.Event()
        self.lag = Lag()

    def add(
        self,
        action: Action,
        *,
        method: str | None = None,
        path: str | None = None,
        nth: int | None = None,
        from_nth: int | None = None,
        when: When = "before",
        times: int | None = None,
    ) -> Fault:
        """Orders a fault; the path may be given with or without its leading slash."""
        if path is not None and not path.startswith(("/", "*")):
            path = "/" + path
        verb = method.upper() if method else None
        fault = Fault(next(self._serial), action, verb, path, nth, from_nth, when, times)
        with self._lock:
            self._faults.append(fault)
        return fault

    def list(self) -> list[Fault]:
        """All faults, also those that have fired as often as they should."""
        with self._lock:
            return list(self._faults)

    def clear(self, fault_id: int | None = None) -> int:
        """Removes one fault, or all, and says how many. With all of them goes the lag, and whoever waits goes on."""
        with self._lock:
            if fault_id is None:
                self.lag = Lag()
                self._cleared.set()
                self._cleared = threading.Event()
            kept = [] if fault_id is None else [fault for fault in self._faults if fault.id != fault_id]
            removed = len(self._faults) - len(kept)
            self._faults = kept
            return removed

    def wait(self, seconds: float) -> None:
        """Lets so much time pass, or as much as is left until all faults are cleared."""
        if seconds > 0:
            self._cleared.wait(seconds)

    def plan(self, method: str, path: str) -> Plan:
        """What goes wrong with this call. Counts it."""
        if not self._faults:
            return NOTHING
        plan = Plan()
        with self._lock:
            for fault in self._faults:
                if not fault.matches(method, path) or not fault.fires():
                    continue
                if fault.when == "after":
                    plan.delay_after_s += fault.action.delay_ms / 1000
                    plan.changes_after += fault.action.do
                else:
                    plan.delay_before_s += fault.action.delay_ms / 1000
                    plan.changes_before += fault.action.do
                if plan.action is None and fault.action.spoils:
                    plan.action = fault.action
                    plan.when = fault.action.takes_place(fault.when)
        return plan
