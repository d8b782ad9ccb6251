"""How often each thing that must not be done twice was done, for tests that count: by what it was and to whom.

Only calls that reached their rule count: what a fault swallowed beforehand, a dead token or an unknown id never did
anything. The object is the number, account, portfolio or allocation; of an exchange and of an extended token the first
twelve hexadecimal digits of its SHA-256, since codes and tokens are secrets.
"""

import hashlib
import threading
from dataclasses import dataclass


@dataclass(slots=True)
class Count:
    """``done`` changed the world, ``again`` succeeded without changing it, ``refused`` broke a rule of Meta's.

    ``what`` is named as the effects of the call log: exchanged, registered, credit_attached, sent and so on.
    """

    what: str
    object: str
    done: int = 0
    again: int = 0
    refused: int = 0

    @property
    def attempts(self) -> int:
        """All three together."""
        return self.done + self.again + self.refused


class Counts:
    """One :class:`Count` for each pair of what and object. Never forgets before a reset, unlike the log of calls."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], Count] = {}
        self._lock = threading.Lock()

    def add(self, what: str, object_: str, *, refused: bool, changed: bool) -> None:
        """Notes one attempt."""
        with self._lock:
            count = self._counts.setdefault((what, object_), Count(what, object_))
            if refused:
                count.refused += 1
            elif changed:
                count.done += 1
            else:
                count.again += 1

    def list(self, *, what: str | None = None, object_: str | None = None) -> list[Count]:
        """Those of one kind, of one object, or all, in the order in which they first happened."""
        with self._lock:
            return [c for c in self._counts.values() if what in (None, c.what) and object_ in (None, c.object)]

    def clear(self) -> None:
        """Starts from nothing."""
        with self._lock:
            self._counts.clear()


def name_code(code: str) -> str:
    """The object of an exchange, or of an extended token."""
    return hashlib.sha256(code.encode()).hexdigest()[:12]
