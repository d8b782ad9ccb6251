"""The ``/_sandbox/`` doors: what people and tests may see and do beyond Meta's own API. Their schema: contract.json."""

from sandbox.control import (
    calls,
    clock,
    counts,
    dialog,
    events,
    faults,
    inbound,
    records,
    signups,
    tokens,
    webhooks,
    world,
)
from sandbox.control.doors import bp

__all__ = [
    "bp",
    "calls",
    "clock",
    "counts",
    "dialog",
    "events",
    "faults",
    "inbound",
    "records",
    "signups",
    "tokens",
    "webhooks",
    "world",
]
