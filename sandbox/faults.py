"""Bad days on demand: which Graph calls go wrong, how, and how often (``POST /_sandbox/faults``).

A fault matches by method, by a glob over the path without its version, and by ``nth`` (only the nth call that matches,
counted from 1). Several may match one call: their delays add up, and the first that does more than delay decides.
``when`` says whether the call takes effect: "before" (it does not, the default) or "after" (it does, and only its
answer is lost or replaced). A fault without ``times`` stays until it is cleared.
"""

import itertools
import threading
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

When = Literal["before", "after"]


@dataclass(slots=True)
class Action:
    """What happens instead of (or around) the answer. ``body`` None with a ``status`` gives an empty body."""

    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay_ms: float = 0
    drop: When | None = None
    hang_s: float | None = None
    html: int | None = None

    @property
    def only_delays(self) -> bool:
        """Whether the call gets its own answer in the end."""
        return self.status is None and self.drop is None and self.hang_s is None and self.html is None


@dataclass(slots=True)
class Fault:
    """One standing order. ``seen`` counts the calls that matched, ``fired`` those it hit."""

    id: int
    action: Action
    method: str | None = None
    path: str | None = None
    nth: int | None = None
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
        self.fired += 1
        return True


@dataclass(slots=True)
class LateFunding:
    """Meta shows an account's funding only after it was looked for ``polls`` times; 0 shows it at once."""

    polls: int = 0
    asked: Counter[str] = field(default_factory=Counter)

    def hides(self, account_id: str) -> bool:
        """Whether this look at a funded account still finds nothing. Counts it."""
        if self.asked[account_id] >= self.polls:
            return False
        self.asked[account_id] += 1
        return True


@dataclass(slots=True)
class Plan:
    """What will go wrong with one call."""

    delay_before_s: float = 0.0
    delay_after_s: float = 0.0
    action: Action | None = None
    when: When = "before"


NOTHING = Plan()


class Faults:
    """The list of standing faults. Cheap while it is empty."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._serial = itertools.count(1)
        self.late_funding = LateFunding()

    def add(
        self,
        action: Action,
        *,
        method: str | None = None,
        path: str | None = None,
        nth: int | None = None,
        when: When = "before",
        times: int | None = None,
    ) -> Fault:
        """Orders a fault; the path may be given with or without its leading slash."""
        if path is not None and not path.startswith(("/", "*")):
            path = "/" + path
        fault = Fault(next(self._serial), action, method.upper() if method else None, path, nth, when, times)
        with self._lock:
            self._faults.append(fault)
        return fault

    def list(self) -> list[Fault]:
        """All faults, also those that have fired as often as they should."""
        with self._lock:
            return list(self._faults)

    def clear(self, fault_id: int | None = None) -> int:
        """Removes one fault, or all, and says how many. With all of them goes the late funding."""
        with self._lock:
            if fault_id is None:
                self.late_funding = LateFunding()
            kept = [] if fault_id is None else [fault for fault in self._faults if fault.id != fault_id]
            removed = len(self._faults) - len(kept)
            self._faults = kept
            return removed

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
                else:
                    plan.delay_before_s += fault.action.delay_ms / 1000
                if plan.action is None and not fault.action.only_delays:
                    plan.action = fault.action
                    plan.when = fault.action.drop or fault.when
        return plan
