"""A bell between the processes of one machine: rings in microseconds what polling a file would find in half a second.

Each listener owns a named pipe in a shared folder; ringing writes one byte to every pipe. A ring that nobody hears is
lost on purpose: the bell carries no truth, and every listener also looks by itself now and then.
"""

import contextlib
import errno
import os
import select
import threading
from pathlib import Path

from app.kit.ids import new_id


class Bell:
    """The folder of pipes. One object may ring, listen, or both."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._rings = threading.Semaphore(0)
        self._listens = False
        self._beginning = threading.Lock()

    def ring(self) -> None:
        """Wake one waiting thread of each listening process; never waits and never raises."""
        for pipe in self._folder.glob("*.bell"):
            try:
                handle = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as refused:
                if refused.errno == errno.ENXIO:  # nobody reads: its process is gone
                    pipe.unlink(missing_ok=True)
                continue
            try:
                # A full pipe means that a thousand rings wait already; one more would say nothing new.
                with contextlib.suppress(OSError):
                    os.write(handle, b"!")
            finally:
                os.close(handle)

    def wait(self, seconds: float) -> bool:
        """Wait for a ring; False when none came in time. The first call starts the listening."""
        self._listen()
        return self._rings.acquire(timeout=seconds)

    def _listen(self) -> None:
        with self._beginning:
            if self._listens:
                return
            name = f"{os.getpid()}-{new_id()}"
            unheard = self._folder / f"{name}.new"
            os.mkfifo(unheard, 0o600)
            # Opened for writing as well, so that the pipe never reports its end when the last ringer goes.
            handle = os.open(unheard, os.O_RDWR | os.O_NONBLOCK)
            # Named a bell only now: a ringer who finds a bell that nobody reads takes it for a dead process's.
            unheard.rename(self._folder / f"{name}.bell")
            self._listens = True
        threading.Thread(target=self._pass_on, args=(handle,), name="bell", daemon=True).start()

    def _pass_on(self, handle: int) -> None:
        # One thread reads and hands out permits: were all workers to wait on the pipe, each ring would wake them all.
        while True:
            select.select([handle], [], [])
            with contextlib.suppress(BlockingIOError):
                self._rings.release(len(os.read(handle, 512)))
