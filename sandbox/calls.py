"""The log of Graph calls: the last twenty thousand, secrets cut, for tests that count and people who watch."""

import itertools
import threading
from collections import deque
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

KEPT = 20_000
CUT = "<cut>"
SECRETS = frozenset(
    {
        "access_token",
        "appsecret_proof",
        "business_token",
        "client_secret",
        "code",
        "fb_exchange_token",
        "input_token",
        "pin",
        "revoke_token",
        "verify_token",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. ``at`` is unix seconds on the world's clock; ``status`` None means the connection was cut.

    ``effect`` names what the call changed in the world ("registered", "subscribed", …), None if it changed nothing.
    """

    id: int
    at: float
    method: str
    path: str
    params: dict[str, Any]
    status: int | None
    reply: Any
    token_kind: str | None
    effect: str | None
    took_ms: float

    def to_dict(self) -> dict[str, Any]:
        """The row of ``GET /_sandbox/calls``, secrets cut."""
        return {
            "id": self.id,
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "params": cut_secrets(self.params),
            "status": self.status,
            "reply": cut_secrets(self.reply),
            "token_kind": self.token_kind,
            "effect": self.effect,
            "took_ms": self.took_ms,
        }

    def to_brief(self) -> dict[str, Any]:
        """The same row without what was sent and answered."""
        return {
            "id": self.id,
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "params": {},
            "status": self.status,
            "reply": None,
            "token_kind": self.token_kind,
            "effect": self.effect,
            "took_ms": self.took_ms,
        }


class CallLog:
    """Bounded; adding costs one append, masking happens when somebody looks."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._serial = itertools.count(1)
        self._lock = threading.Lock()

    def add(
        self,
        *,
        at: float,
        method: str,
        path: str,
        params: dict[str, Any],
        status: int | None,
        reply: Any,
        token_kind: str | None,
        effect: str | None,
        took_ms: float,
    ) -> None:
        """Notes a call that has just been answered, or cut."""
        with self._lock:
            entry = Entry(
                next(self._serial), at, method, path, params, status, reply, token_kind, effect, round(took_ms, 3)
            )
            self._entries.append(entry)

    def list(self, *, since: int = 0, path: str | None = None, method: str | None = None) -> list[Entry]:
        """Calls with an id above ``since``, oldest first; ``path`` is a glob without the version."""
        with self._lock:
            entries = [entry for entry in self._entries if entry.id > since]
        if path is not None:
            entries = [entry for entry in entries if fnmatchcase(entry.path, path)]
        if method is not None:
            entries = [entry for entry in entries if entry.method == method.upper()]
        return entries

    def clear(self) -> None:
        """Forgets all calls; ids go on."""
        with self._lock:
            self._entries.clear()


def cut_secrets(value: Any) -> Any:
    """A copy without secrets, however deep they stand. An error's ``code`` is a number and stays."""
    if isinstance(value, dict):
        return {
            key: CUT if key in SECRETS and isinstance(inner, str) else cut_secrets(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [cut_secrets(inner) for inner in value]
    return value
