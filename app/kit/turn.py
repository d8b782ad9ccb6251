"""One thread at a time; whoever is asked meanwhile leaves word and goes."""

import threading
from collections.abc import Callable


class Turn:
    """Lets one thread at a time do something; what others ask for meanwhile, it does once more."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._busy = threading.Lock()

    def take(self, do: Callable[[], None]) -> None:
        """Do it, and again while somebody asked; returns at once where another thread is doing it."""
        self._asked.set()
        # Asked again after each time: who left word just as it ended found the thread busy and left it to us.
        while self._asked.is_set() and self._busy.acquire(blocking=False):
            try:
                self._asked.clear()
                do()
            finally:
                self._busy.release()
