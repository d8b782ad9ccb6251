"""Processes that live and die together: start, show what they say, end all when one ends or a person says so.

One thread, on purpose: a child is told to end with its parent (Linux's parent-death signal), and that signal follows
the thread that made the child. So a supervisor that is killed outright still leaves nothing behind.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TextIO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from app.kit import clock

TICK = 0.1  # seconds between two looks at who still lives
GRACE = 12.0  # seconds a process may take to end what it has begun
PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Ended(Exception):
    """The run is over: a process ended by itself (`name`, `code`), or a signal asked for it (`name` empty, code 0).

    A child that a signal has ended counts as a shell counts it: 128 and the signal's number.
    """

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} ended with code {code}" if name else "asked to end")
        self.name = name
        self.code = 128 - code if code < 0 else code


def end_with_parent() -> None:
    """Ask the kernel to send TERM to this process when its parent dies. Does nothing where there is no such thing."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Processes:
    """The running children, oldest first."""

    def __init__(self, output: TextIO, *, grace: float = GRACE) -> None:
        self._grace = grace
        self._printer = Printer(output, width=8)
        self._colours = get_colours()
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._rest: dict[str, bytes] = {}
        self._pipes = selectors.DefaultSelector()
        self._asked = False

    def listen(self) -> None:
        """Let INT, TERM and HUP end the run."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True

    def start(self, name: str, command: str, env: Mapping[str, str], folder: Path) -> None:
        """Start a line of the Procfile by the shell, which expands its variables and then steps aside."""
        hear, speak = os.pipe()
        self._children[name] = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            env=env,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=speak,
            stderr=speak,
            process_group=0,  # Ctrl-C reaches us alone, and we end the children in order
            preexec_fn=end_with_parent,  # noqa: PLW1509 - safe: this program has one thread
        )
        os.close(speak)
        self._rest[name] = b""
        self._pipes.register(hear, selectors.EVENT_READ, (name, next(self._colours)))

    def finish(self, name: str) -> None:
        """Wait for a child that is meant to end; raise `Ended` when it ends badly."""
        self.wait(lambda: self._children[name].poll() is not None, but=name)
        self._hear_out()
        code = self._children.pop(name).returncode
        if code:
            raise Ended(name, code)

    def wait(self, until: Callable[[], bool], *, seconds: float | None = None, but: str = "") -> bool:
        """Show what the children say until the condition holds; False when the time is over before.

        Raises `Ended` when a child other than `but` ends, or when a signal asks for the end.
        """
        deadline = None if seconds is None else clock.monotonic() + seconds
        while not until():
            self._show(TICK)
            if self._asked:
                raise Ended("", 0)
            for name, child in self._children.items():
                if child.poll() is not None and name != but:
                    self._hear_out()
                    raise Ended(name, child.returncode)
            if deadline is not None and clock.monotonic() > deadline:
                return False
        self._show(0)
        return True

    def end(self) -> None:
        """End the children in turn, youngest first: TERM, time to finish, KILL for the whole group of each."""
        for name in reversed(self._children):
            self._signal(name, signal.SIGTERM)
            deadline = clock.monotonic() + self._grace
            while self._children[name].poll() is None and clock.monotonic() < deadline:
                self._show(TICK)
            self._signal(name, signal.SIGKILL)
            self._children[name].wait()
        self._hear_out()
        for key in list(self._pipes.get_map().values()):
            self._let_go(key)
        self._children.clear()

    def _signal(self, name: str, number: int) -> None:
        try:
            os.killpg(self._children[name].pid, number)
        except ProcessLookupError:
            return

    def _show(self, seconds: float) -> bool:
        """Print what is said within some seconds; False when nothing was."""
        ready = self._pipes.select(seconds)
        for key, _ in ready:
            name, colour = key.data
            said = os.read(key.fd, 65536)  # it does not wait: select() has just said that there is something
            *lines, rest = (self._rest[name] + said).split(b"\n")
            if not said:
                self._let_go(key)
                lines, rest = [rest] if rest else [], b""
            self._rest[name] = rest
            for line in lines:
                self.say(line.decode(errors="replace"), name, colour)
        return bool(ready)

    def _hear_out(self) -> None:
        """Print what is still in the pipes. A grandchild may hold one open, so their ends are not waited for."""
        while self._show(0):
            pass

    def _let_go(self, key: selectors.SelectorKey) -> None:
        self._pipes.unregister(key.fileobj)
        os.close(key.fd)

    def say(self, line: str, name: str = "run", colour: str | None = None) -> None:
        """Print one line under the name of a process."""
        self._printer.write(Message("line", line, _local_time(), name, colour))


def _local_time() -> datetime:
    return clock.now().astimezone()
