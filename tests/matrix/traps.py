"""A process in which one chosen call to Meta goes wrong, or around which the process dies.

Unlike `tests/onboarding/mortal.py`, which knows calls by their address, a trap knows a call by what it is for, and
the code exchange is among them. What goes wrong goes wrong at the local Meta or on the wire, never in our own code.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import requests

from app.credentials.judging import DeadTokens
from app.meta.calls import Watch
from app.meta.client import Meta
from app.meta.transport import Graph
from app.runtime import Runtime
from tests.onboarding.mortal import Death, Fate, MortalDatabase
from tests.onboarding.world import MetaWorld

KILLS = ("before", "in", "after")
# Calls by method and edge; a call to a node itself is told by whose id it is.
NAMES = {
    "POST oauth/access_token": "exchange",
    "GET debug_token": "debug_token",
    "POST system_user_access_tokens": "fetch_token",
    "GET phone_numbers": "numbers",
    "GET subscribed_apps": "subscribed_apps",
    "POST subscribed_apps": "subscribe",
    "GET subscriptions": "app_callback",
    "GET system_users": "system_users",
    "GET assigned_users": "assigned_users",
    "POST assigned_users": "assign",
    "GET owning_credit_allocation_configs": "allocations",
    "POST whatsapp_credit_sharing_and_attach": "share",
    "POST register": "register",
    "POST request_code": "request_code",
    "POST verify_code": "verify_code",
    "POST messages": "message",
}
SYNCS = {"smb_app_state_sync": "sync_contacts", "history": "sync_history"}
SILENCE, PATIENCE = 0.8, 0.4  # seconds Meta says nothing, and seconds this one call waits for it


@dataclass
class Trap:
    """Springs at the `nth` call named `call`: `what` is a kill, a word of `wire`, or an answer of the local Meta's.

    `answer` is given to `MetaWorld.fault`; `lasting` leaves it there until `lift`. `meanwhile` is done first.
    """

    world: MetaWorld
    fate: Fate = field(default_factory=Fate)
    call: str | None = None
    nth: int = 1
    what: str | None = None
    answer: Mapping[str, Any] | None = None
    when: str = "before"
    lasting: bool = False
    meanwhile: Callable[[], None] | None = None
    seen: Counter[str] = field(default_factory=Counter)
    sprung: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_for(self, name: str) -> bool:
        with self._lock:
            self.seen[name] += 1
            hit = name == self.call and (self.seen[name] == self.nth or (self.lasting and self.seen[name] > self.nth))
            self.sprung += hit
            return hit

    def lift(self) -> None:
        """From here on nothing goes wrong any more."""
        self.call = None
        self.world.clear_faults()

    def die(self) -> None:
        self.fate.dead = True
        raise Death


class TrapGraph(Graph):
    """Graph of a process with a trap. Every call passes `watch`, the code exchange too."""

    trap: Trap

    def watch(self, method: str, path: str, request: Mapping[str, Any], token: Any = None) -> Watch:
        watch = super().watch(method, path, request, token)
        run, name = watch.run, self.name(method, path, request)
        watch.run = lambda send: self._run(name, method, path, run, send)  # type: ignore[method-assign]
        return watch

    def name(self, method: str, path: str, request: Mapping[str, Any]) -> str:
        node, _, edge = path.strip("/").partition("/")
        if edge == "smb_app_data":
            return SYNCS[request["sync_type"]]
        key = f"{method} {node}/{edge}" if node == "oauth" else f"{method} {edge or node}"
        if key in NAMES:
            return NAMES[key]
        records = self.trap.world.listener.app.extensions["sandbox"].world.records
        if node in records.numbers:
            return "number"
        return "account" if node in records.accounts else "allocation"

    def _run(self, name: str, method: str, path: str, run: Callable[..., Any], send: Callable[[], Any]) -> Any:
        trap = self.trap
        trap.fate.check()
        if not trap.is_for(name):
            reply = run(send)
            trap.fate.check()
            return reply
        if trap.meanwhile is not None:
            trap.meanwhile()
        if trap.what == "before":
            trap.die()
        if trap.what == "no_connection":
            return run(lambda: self._session.request(method, "http://127.0.0.1:1/", timeout=1))
        fault = self._order(method, path)
        try:
            if trap.what == "silent":
                self.timeout = (self.timeout[0], PATIENCE)
            reply = run(send)
        finally:
            if trap.what == "silent":
                self.timeout = (self.timeout[0], 10.0)
            if fault is not None:
                requests.delete(f"{trap.world.url}/_sandbox/faults/{fault}", timeout=20)
            if trap.what in {"in", "after"}:
                trap.die()
        return reply

    def _order(self, method: str, path: str) -> int | None:
        """Order this call's bad day at the local Meta; the fault's number."""
        trap = self.trap
        action = {"in": {"drop": "before"}, "silent": {"hang_s": SILENCE}}.get(str(trap.what), trap.answer)
        if action is None:
            return None
        when = "after" if trap.what == "silent" else trap.when
        body = {"match": {"path": path, "method": method}, "action": action, "when": when, "times": 2}
        reply = requests.post(f"{trap.world.url}/_sandbox/faults", json=body, timeout=20)
        assert reply.ok, reply.text
        return int(reply.json()["id"])


def with_trap(rt: Runtime, trap: Trap, db: MortalDatabase) -> Runtime:
    """The same runtime in a process of its own with this trap, over the same database; close it afterwards."""
    alive = rt.meta.graph
    graph = TrapGraph(
        base_url=alive.base_url,
        version=alive.version,
        app_id=alive.app_id,
        app_secrets=[alive.app_secret],
        timeout=alive.timeout,
        pool=16,
    )
    graph.trap = trap
    db.fate = trap.fate
    heard = graph.hearing(DeadTokens(db, rt.partner, rt.wakes.ring))
    return replace(rt, meta=Meta.over(heard), db=db, close=graph._adapter.close)
