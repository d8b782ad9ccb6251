"""One webhook on its way: its bytes, how often it was tried, when it is due."""

from dataclasses import dataclass

from sandbox.world import Notice

RETRIES_AFTER_S: tuple[float, ...] = (1, 5, 30, 120, 600, 1800, 3600, 7200, 4 * 3600)
"""Waits between attempts, ever longer; the last one repeats until :data:`GIVE_UP_AFTER_S`."""

GIVE_UP_AFTER_S = 7 * 24 * 3600


@dataclass(slots=True)
class Delivery:
    """``state`` is waiting, delivered, dropped (nobody subscribed) or given_up. ``address`` set means: always there."""

    id: int
    notice: Notice
    body: bytes
    next_at: float
    since: float
    address: str | None = None
    signature: str = "good"
    attempts: int = 0
    state: str = "waiting"
    last_status: int | None = None
    last_address: str | None = None
    epoch: int = 0


def plan_retry(attempts: int, since: float, now: float) -> float | None:
    """When to try again after ``attempts`` failed ones, or None when seven days are over."""
    wait = RETRIES_AFTER_S[min(attempts, len(RETRIES_AFTER_S)) - 1]
    next_at = now + wait
    return None if next_at > since + GIVE_UP_AFTER_S else next_at
