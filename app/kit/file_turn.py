"""Turns across the threads and processes of one machine, in which nobody is passed by again and again.

    turn = FileTurn(path)
    with turn: ...

A file lock alone is not fair: who gives it back and wants it again has it before those who wait are awake. So there
are two of them. Whoever wants a turn first takes the place at the head of the queue, keeps it while it waits, and gives
it up once the turn is its own; who was inside meets it there and comes after.
"""

import fcntl
import threading
from pathlib import Path
from typing import IO


class FileTurn:
    """One at a time. The locks are the kernel's: a process that dies gives back what it held."""

    def __init__(self, path: Path) -> None:
        """`path` and one beside it with `.queue` at its end are made at the first turn, in a folder made now."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._paths = path, path.with_name(f"{path.name}.queue")
        self._threads = threading.Lock()
        self._files: tuple[IO[str], IO[str]] | None = None

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            turn, queue = self._files = self._files or self._open()
            fcntl.flock(queue, fcntl.LOCK_EX)
            try:
                fcntl.flock(turn, fcntl.LOCK_EX)
            finally:
                fcntl.flock(queue, fcntl.LOCK_UN)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        assert self._files is not None  # noqa: S101 - entered
        try:
            fcntl.flock(self._files[0], fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def close(self) -> None:
        """Close the files; the next turn opens them again."""
        with self._threads:
            for file in self._files or ():
                file.close()
            self._files = None

    def _open(self) -> tuple[IO[str], IO[str]]:
        turn, queue = self._paths
        return turn.open("a"), queue.open("a")
