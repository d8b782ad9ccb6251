"""The parts of one running local Meta, put together once and reached from every door."""

from dataclasses import dataclass

from flask import current_app

from sandbox.calls import CallLog
from sandbox.counts import Counts
from sandbox.faults import Faults
from sandbox.usage import Usage
from sandbox.webhooks.courier import Courier
from sandbox.world import World
from sandbox.world.seed import Partner, seed


@dataclass(frozen=True)
class Runtime:
    """``strict`` accepts for each call only the kind of token Meta's page names; ``url`` is where browsers find us.

    ``signup_order`` is how popups hand over their result unless somebody turns it (``sandbox.settings.SIGNUP_ORDERS``).
    """

    world: World
    courier: Courier
    calls: CallLog
    faults: Faults
    counts: Counts
    usage: Usage
    partner: Partner
    strict: bool
    url: str
    signup_order: str = "message_first"

    def reset(self) -> None:
        """A fresh world with the same partner: same ids, same tokens, nothing else remembered."""
        self.world.clear()
        self.courier.clear()
        self.calls.clear()
        self.faults.clear()
        self.counts.clear()
        self.usage.clear()
        seed(self.world, self.partner)


def build_runtime(
    partner: Partner,
    *,
    strict: bool = True,
    url: str = "http://localhost:5001",
    signup_order: str = "message_first",
) -> Runtime:
    """A seeded world with everything around it. The courier's threads are not started."""
    world = World()
    runtime = Runtime(
        world, Courier(world), CallLog(), Faults(), Counts(), Usage(), partner, strict, url.rstrip("/"), signup_order
    )
    seed(world, partner)
    return runtime


def current() -> Runtime:
    """The runtime of the request at hand."""
    runtime = current_app.extensions["sandbox"]
    assert isinstance(runtime, Runtime)  # noqa: S101 - create_app put it there
    return runtime
