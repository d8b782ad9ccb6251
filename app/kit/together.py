"""Threads that need the same thing at once get it together: one of them does the work of all who are waiting.

    together = Together(do_all)
    together.ask(wish)    # in many threads

Whoever comes while nobody works begins at once. Whoever comes meanwhile waits, and when the work is done the first of
those who wait does the work of them all. So nobody waits for company, and a crowd costs few turns.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

W = TypeVar("W")


class Together(Generic[W]):
    """Hands wishes over in batches, in the order they came. `do_all(wishes)` notes in each what became of it."""

    def __init__(self, do_all: Callable[[Sequence[W]], None]) -> None:
        self._do_all = do_all
        self._waiting: list[tuple[W, _Waiter]] = []
        self._busy = False
        self._mutex = threading.Lock()

    def ask(self, wish: W) -> None:
        """Return when `do_all` has seen the wish. What it raises is raised in all whose wishes were in that batch."""
        waiter = _Waiter()
        with self._mutex:
            self._waiting.append((wish, waiter))
            leads, self._busy = not self._busy, True
        if not leads:
            waiter.called.wait()
        if not waiter.done:
            self._lead()
        if waiter.failure is not None:
            raise waiter.failure

    def _lead(self) -> None:
        with self._mutex:
            batch, self._waiting = self._waiting, []
        failure: BaseException | None = None
        try:
            self._do_all([wish for wish, _ in batch])
        except BaseException as raised:  # noqa: BLE001 - it is raised again in each of those who asked
            failure = raised
        for _, waiter in batch:
            waiter.done, waiter.failure = True, failure
        with self._mutex:
            following = self._waiting[0][1] if self._waiting else None
            self._busy = following is not None
        if following is not None:
            following.called.set()
        for _, waiter in batch:
            waiter.called.set()


class _Waiter:
    """Called when its wish is done, or when it is its turn to do everybody's."""

    def __init__(self) -> None:
        self.called = threading.Event()
        self.done = False
        self.failure: BaseException | None = None
