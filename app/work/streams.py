"""A worker's day: answer wake-ups, and look by itself for rows whose time has come or whose wake-up was lost.

A stream is a table of due rows and a verb that takes a batch of them. Streams without a table (`tidy`) run when rung.
In one process one thread takes a stream at a time: a hundred wake-ups at once are a few full batches, not a hundred
threads in each other's way.
"""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from app.db import Database
from app.kit import clock
from app.kit.ids import readable
from app.kit.turn import Turn
from app.work.due import Due, is_due
from app.work.engine import Engine

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.5  # seconds between two looks for due rows


@dataclass(frozen=True)
class Stream:
    """`take(worker)` claims what it can carry, handles it, and returns how many rows that were.

    `hears_all` says that it wants to hear every wake-up, also while another thread is taking: it orders its own turns.
    """

    take: Callable[[str], int]
    table: type[Due] | None = None
    hears_all: bool = False


def worker_name() -> str:
    """A name for leases: which machine, which process, and a random end because process ids return."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{readable(6)}"


class Streams:
    """The streams one worker process serves."""

    def __init__(self, db: Database, engine: Engine, streams: Mapping[str, Stream], *, threads: int) -> None:
        self._db = db
        self._engine = engine
        self._streams = streams
        self._threads = threads
        self._turns = {name: Turn() for name, stream in streams.items() if not stream.hears_all}
        self._ended = threading.Event()
        self.name = worker_name()

    def answer(self, name: str) -> None:
        """Serve one wake-up."""
        if name not in self._streams:
            log.warning("unknown_stream", stream=name)
        elif name in self._turns:
            self._turns[name].take(lambda: self._take(name))
        else:
            self._take(name)

    def _take(self, name: str) -> None:
        try:
            self._streams[name].take(self.name)
        except Exception:
            # The rows stay leased until the lease ends and are then taken again; the thread must live on.
            log.exception("stream_failed", stream=name)

    def look(self) -> None:
        """Ring for each stream that has a due row, unless wake-ups are already queueing; unheard, take it ourselves."""
        if self._engine.waiting() >= self._threads:
            return
        now = clock.now()
        with self._db.read() as session:
            found = [
                name
                for name, stream in self._streams.items()
                if stream.table is not None and is_due(session, stream.table, now=now)
            ]
        for name in found:
            if not self._engine.is_carried(name):
                # Work must not stand still because nobody carries the word for it.
                threading.Thread(target=self.answer, args=(name,), name=f"direct-{name}", daemon=True).start()

    def run(self) -> None:
        """Work until the process is told to end."""
        threading.Thread(target=self._keep_looking, name="look", daemon=True).start()
        try:
            self._engine.serve(self.answer, threads=self._threads)
        finally:
            self._ended.set()

    def _keep_looking(self) -> None:
        while not self._ended.wait(timedelta(seconds=LOOK_EVERY).total_seconds()):
            try:
                self.look()
            except Exception:
                log.exception("look_failed")
