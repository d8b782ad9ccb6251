"""Remembers the open windows and how results are to arrive; a reset of the world forgets both."""

import itertools
import random
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.dialog.arrival import Arrival
from sandbox.world import World
from sandbox.world.signup import Finished, Signup


class Order(StrEnum):
    """In which order the end event and the code reach the page. Meta promises neither order nor arrival."""

    MESSAGE_FIRST = "message_first"
    CODE_FIRST = "code_first"
    MESSAGE_LOST = "message_lost"
    RANDOM = "random"


_SHARES = {Order.MESSAGE_FIRST: 70, Order.CODE_FIRST: 25, Order.MESSAGE_LOST: 5}
REPORTS = ("CANCEL", "ERROR")
NOTES = 500
"""As many of the last things that happened in windows as are kept."""


@dataclass(slots=True)
class Tricks:
    """What a person rehearsing may turn. ``forge`` posts a result of somebody else's from another origin first."""

    order: Order = Order.MESSAGE_FIRST
    report_as: str = "CANCEL"
    forge: bool = False


@dataclass(slots=True)
class Window:
    """One open window: the rules' state, how it was opened, and what the result was once there is one."""

    signup: Signup
    arrival: Arrival
    tricks: Tricks
    method: str = "SMS"
    finished: Finished | None = None
    ending: str | None = None
    summary: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that happened in a window, for the list of calls. ``tone`` is ok, wait, act or stop."""

    id: int
    at: float
    what: str
    answer: str
    tone: str
    detail: str


class Desk:
    """All windows of one running world. Bound to the world's records, which a reset replaces as a whole."""

    def __init__(self, order: Order = Order.MESSAGE_FIRST) -> None:
        self._default_order = order
        self._records: object = None
        self._windows: dict[str, Window] = {}
        self._tricks = Tricks(order)
        self._notes: deque[Note] = deque(maxlen=NOTES)
        self._serial = itertools.count(1)

    def tricks(self, world: World) -> Tricks:
        """How results arrive unless a window says otherwise; may be changed in place."""
        self._forget_other_worlds(world)
        return self._tricks

    def open(self, world: World, signup: Signup, arrival: Arrival) -> Window:
        """A new window with the manners of the moment; a random order is drawn now, once."""
        now = self.tricks(world)
        window = Window(signup, arrival, Tricks(draw(now.order), now.report_as, now.forge))
        self._windows[signup.id] = window
        return window

    def find(self, world: World, window_id: str) -> Window | None:
        """The window with this id, also after it ended."""
        self._forget_other_worlds(world)
        return self._windows.get(window_id)

    def note(self, world: World, what: str, answer: str = "", tone: str = "ok", detail: str = "") -> None:
        """Remembers what happened in a window."""
        self._forget_other_worlds(world)
        self._notes.append(Note(next(self._serial), world.now(), what, answer, tone, detail))

    def list_notes(self, world: World) -> list[Note]:
        """What happened in windows, oldest first."""
        self._forget_other_worlds(world)
        return list(self._notes)

    def _forget_other_worlds(self, world: World) -> None:
        with world.lock:
            if self._records is not world.records:
                self._records = world.records
                self._windows = {}
                self._tricks = Tricks(self._default_order)
                self._notes.clear()


def draw(order: Order) -> Order:
    """One of the real orders, in the shares seen in practice, where ``order`` is RANDOM."""
    if order is not Order.RANDOM:
        return order
    return random.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
