"""Waiting for a condition, with a deadline: the only way a test lets time pass."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], *, seconds: float = 30, every: float = 0.02) -> bool:
    """True as soon as the condition holds, False when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
