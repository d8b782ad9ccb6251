"""So many calls a second and never more, whatever the answers take.

A call counts from the moment it leaves until a second after its answer. So of the calls that Meta handles within any
one second the last to leave found all others still counted: there are never more of them than the limit, however
unevenly they travel. Beside that they leave evenly, so that a limit of 200 is no burst of 200.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from app.kit import clock

SECOND = 1.0
CATCH_UP = 0.05


class Limiter:
    """One for all threads of a process; `with limiter:` around each call."""

    def __init__(
        self,
        per_second: int,
        *,
        now: Callable[[], float] = clock.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._most = per_second
        self._now = now
        self._sleep = sleep
        self._gate = threading.Lock()
        self._lock = threading.Condition()
        self._out = 0
        self._ended: deque[float] = deque()
        self._next = float("-inf")

    def __enter__(self) -> None:
        """Wait for a place, and hold it for the time of one call."""
        with self._lock:
            if self._place() is None:
                self._out += 1
                return
        # One waits for the next place, the others wait for that one: a crowd that wakes together costs a processor.
        with self._gate:
            while True:
                with self._lock:
                    wait = self._place()
                    if wait is None:
                        self._out += 1
                        return
                    if wait <= 0:
                        # All places are out on calls: the next answer says how long it takes from there.
                        self._lock.wait(SECOND)
                        continue
                self._sleep(wait)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._out -= 1
            self._ended.append(self._now())
            self._lock.notify()

    def _place(self) -> float | None:
        """None when a place is free now; else how long to wait at least, 0 where nobody can tell."""
        now = self._now()
        while self._ended and self._ended[0] <= now - SECOND:
            self._ended.popleft()
        if self._out + len(self._ended) >= self._most:
            return self._ended[0] + SECOND - now if self._ended else 0.0
        if self._next > now:
            return self._next - now
        # Who overslept a little may catch up a little, or each nap would cost a call.
        self._next = max(self._next, now - CATCH_UP) + SECOND / self._most
        return None
