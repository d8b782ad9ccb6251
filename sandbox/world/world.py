"""The world itself: every record by id, one lock, one clock, and the list of things Meta wants to tell the app."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.world.clock import WorldClock
from sandbox.world.state import (
    Account,
    Allocation,
    App,
    Business,
    Code,
    Contact,
    CreditLine,
    Grant,
    Message,
    Number,
    Person,
    SignupConfig,
    Subscription,
    SystemUser,
    Token,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One change Meta wants to tell an app: goes out as one webhook, ``after_s`` seconds from now.

    ``account_id`` is the account it belongs to (None for what goes to the partner by portfolio), ``number_id`` the
    number, for message-type fields. ``entry_id`` is what ``entry[].id`` says.
    """

    app_id: str
    field: str
    entry_id: str
    value: dict[str, Any]
    account_id: str | None = None
    number_id: str | None = None
    after_s: float = 0.0


@dataclass
class Records:
    """All records of a world; replaced as a whole by a reset."""

    apps: dict[str, App] = field(default_factory=dict)
    configs: dict[str, SignupConfig] = field(default_factory=dict)
    businesses: dict[str, Business] = field(default_factory=dict)
    system_users: dict[str, SystemUser] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)
    credit_lines: dict[str, CreditLine] = field(default_factory=dict)
    allocations: dict[str, Allocation] = field(default_factory=dict)
    subscriptions: dict[tuple[str, str], Subscription] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)


class World:
    """One rehearsal world. Take ``lock`` around anything that reads more than one record or changes any.

    The operations in this package take it themselves (it may be taken again by the same thread). ``records`` holds the
    facts; ``tell`` is set by the webhook courier and receives every :class:`Notice`; ``signups`` are the popups that
    are open, kept by ``sandbox.world.signup``.
    """

    def __init__(self, clock: WorldClock | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = clock or WorldClock()
        self.records = Records()
        self.signups: dict[str, Any] = {}
        self._listeners: list[Callable[[Notice], None]] = []

    def now(self) -> float:
        """Unix seconds on the world's clock."""
        return self.clock.now()

    def on_notice(self, listener: Callable[[Notice], None]) -> None:
        """Calls ``listener`` with every notice, in the order in which they arise."""
        self._listeners.append(listener)

    def tell(self, notice: Notice) -> None:
        """Hands a notice to the courier."""
        for listener in self._listeners:
            listener(notice)

    def clear(self) -> None:
        """Empties the world and puts its clock back."""
        with self.lock:
            self.records = Records()
            self.signups = {}
            self.clock.restore()
