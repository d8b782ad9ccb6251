"""A process that can be killed at any boundary: before a call, after its effect, or instead of a commit.

`Death` is no `Exception`, so nothing in the program can catch it by accident. Once dead, every thread of that process
fails at its next call or transaction: nothing it knew is written down any more.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from app.credentials.judging import DeadTokens
from app.db import Database
from app.meta.client import Meta
from app.meta.transport import Graph
from app.runtime import Runtime


class Death(BaseException):
    """The process was killed."""


@contextmanager
def the_dead_are_silent() -> Iterator[None]:
    """A thread of a process that was killed has nothing to say when it ends; any other has."""
    before = threading.excepthook

    def hear(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_type is not Death:
            before(ended)

    threading.excepthook = hear
    try:
        yield
    finally:
        threading.excepthook = before


@dataclass
class Fate:
    """When to die. `at` names a call as `POST /register`; `moment` is before or after it. `at_write` counts commits."""

    at: str | None = None
    moment: str = "before"
    at_write: int | None = None
    dead: bool = False
    writes: int = 0
    on_call: Callable[[str], None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self) -> None:
        if self.dead:
            raise Death

    def call(self, name: str, moment: str) -> None:
        self.check()
        if self.on_call is not None and moment == "before":
            self.on_call(name)
        if self.at == name and self.moment == moment:
            self.dead = True
            raise Death

    def commit(self) -> None:
        with self._lock:
            self.check()
            self.writes += 1
            if self.writes == self.at_write:
                self.dead = True
                raise Death


def name_of(method: str, path: str) -> str:
    """`POST /register` for an edge, `GET /` for a node, `GET /debug_token` for a root."""
    node, _, edge = path.strip("/").partition("/")
    return f"{method} /{edge or ('' if re.fullmatch(r'[0-9]+', node) else node)}"


class MortalGraph(Graph):
    """Graph of a process that may die around a call."""

    fate: Fate

    def call(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        name = name_of(method, path)
        self.fate.call(name, "before")
        reply = super().call(method, path, **given)
        self.fate.call(name, "after")
        return reply


class MortalDatabase(Database):
    """The database as a process sees it that may die before a commit; what was not committed is gone."""

    fate: Fate

    @contextmanager
    def read(self) -> Iterator[Session]:
        self.fate.check()
        with super().read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        self.fate.check()
        with super().write() as session:
            yield session
            self.fate.commit()


def mortal(rt: Runtime, fate: Fate) -> Runtime:
    """The same runtime in a process with this fate: own database handle, own connections."""
    alive = rt.meta.graph
    graph = MortalGraph(
        base_url=alive.base_url,
        version=alive.version,
        app_id=alive.app_id,
        app_secrets=[alive.app_secret],
        timeout=alive.timeout,
        pool=16,
    )
    graph.fate = fate
    db = MortalDatabase(rt.db.url)
    db.fate = fate

    def close() -> None:
        graph._adapter.close()
        db.dispose()

    return replace(rt, meta=Meta.over(graph.hearing(DeadTokens(db, rt.partner, rt.wakes.ring))), db=db, close=close)
