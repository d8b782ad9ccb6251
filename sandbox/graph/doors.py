"""The table of calls: each Graph call is one function behind ``@door("METHOD node/edge")``, found here by its key."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sandbox.graph.errors import no_such_object
from sandbox.graph.token_kinds import DOORS
from sandbox.runtime import Runtime
from sandbox.world import World
from sandbox.world.state import (
    Account,
    Allocation,
    App,
    Business,
    CreditLine,
    Number,
    SystemUser,
    Token,
)

Node = Account | Allocation | App | Business | CreditLine | Number | SystemUser


@dataclass(slots=True)
class Call:
    """One call on its way. ``app`` is the token's app; ``base`` is the address paging links start with."""

    runtime: Runtime
    method: str
    path: str
    version: str
    params: dict[str, Any]
    base: str
    token_value: str | None = None
    token: Token | None = None
    node: Node | None = None
    notes: list[str] = field(default_factory=list)
    attempted: tuple[str, str] | None = None

    @property
    def world(self) -> World:
        """The world the call looks at."""
        return self.runtime.world

    @property
    def bearer(self) -> Token:
        """The token of a call that asks for one."""
        assert self.token is not None  # noqa: S101 - the dispatcher opened it
        return self.token

    @property
    def app(self) -> App:
        """The app in whose name the call is made."""
        return self.world.records.apps[self.bearer.app_id]

    def attempt(self, what: str, object_: str) -> None:
        """Says that the call counts as one try at ``what``, whatever its rule makes of it (``sandbox.counts``)."""
        self.attempted = (what, object_)

    def note(self, effect: str) -> None:
        """Says what the call changed; the call log shows it as ``effect``."""
        self.notes.append(effect)


NodeT = TypeVar("NodeT", Account, Allocation, App, Business, CreditLine, Number, SystemUser)
Reply = dict[str, Any]
Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Entry:
    """A call's function. ``unlocked`` ones take the world's lock themselves because they speak to the outside."""

    handle: Handler
    unlocked: bool


HANDLERS: dict[str, Entry] = {}

SUCCESS: Reply = {"success": True}


def door(key: str, *, unlocked: bool = False) -> Callable[[Handler], Handler]:
    """Registers a handler; the key must have its row in ``token_kinds.DOORS``."""
    if key not in DOORS:
        raise LookupError(f"token_kinds.DOORS has no row for {key}")

    def register(handle: Handler) -> Handler:
        HANDLERS[key] = Entry(handle, unlocked)
        return handle

    return register


def node_of(call: Call, kind: type[NodeT]) -> NodeT:
    """The call's node as what its key says it is."""
    if not isinstance(call.node, kind):
        raise no_such_object(call.path, call.method)
    return call.node


def find_node(world: World, node_id: str) -> tuple[str, Node] | None:
    """The object with this id and the name its kind has in the keys."""
    records = world.records
    pools: tuple[tuple[str, dict[str, Any]], ...] = (
        ("number", records.numbers),
        ("account", records.accounts),
        ("business", records.businesses),
        ("app", records.apps),
        ("credit_line", records.credit_lines),
        ("allocation", records.allocations),
        ("system_user", records.system_users),
    )
    for name, pool in pools:
        node = pool.get(node_id)
        if node is not None and not getattr(node, "removed", False):
            return name, node
    return None
