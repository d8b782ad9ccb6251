"""The faults a person can flip on the page. Each is an ordinary standing fault, as ``POST /_sandbox/faults`` makes."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.faults import Action, Fault, Faults, LateFunding
from sandbox.runtime import Runtime
from sandbox.world import Notice


@dataclass(frozen=True, slots=True)
class Switch:
    """One fault by name. ``order`` places it; None where no single answer of Graph's is spoiled."""

    name: str
    label: str
    order: Callable[[Faults], list[Fault]] | None = None


def _error(code: int, message: str, **extra: Any) -> dict[str, Any]:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEf1GhIjKlMnOpQ", **extra}
    return {"error": error}


_POLLS = 4
_BUSY = _error(2, "Service temporarily unavailable", is_transient=True)
_WRONG_PIN = _error(133005, "(#133005) Two-step verification PIN mismatch")
_DEAD = _error(190, "Error validating access token: Session has expired.", error_subcode=463)

SWITCHES = (
    Switch(
        "credit_503",
        "Credit share answers 503",
        lambda faults: [faults.add(Action(status=503, body=_BUSY), method="POST", path="/*/whatsapp_credit_*")],
    ),
    Switch("late_funding", f"Funding visible after {_POLLS} polls"),
    Switch(
        "wrong_pin",
        "Register: wrong PIN",
        lambda faults: [faults.add(Action(status=400, body=_WRONG_PIN), method="POST", path="/*/register")],
    ),
    Switch(
        "token_dead",
        "Token dead (190)",
        lambda faults: [faults.add(Action(status=401, body=_DEAD), path="/[0-9]*")],
    ),
    Switch("twice", "Webhooks twice, shuffled"),
    Switch("html", "HTML instead of JSON", lambda faults: [faults.add(Action(html=502))]),
    Switch("slow", "Answer after 300 ms", lambda faults: [faults.add(Action(delay_ms=300))]),
)

_BY_NAME = {switch.name: switch for switch in SWITCHES}
_SHUFFLE_S = 2.0


@dataclass
class Switchboard:
    """Which switches are on. What a reset or another door cleared counts as off."""

    placed: dict[str, list[int]] = field(default_factory=dict)
    _twice_in: object = None
    _listening_to: object = None

    def flip(self, runtime: Runtime, name: str, *, on: bool) -> bool:
        """Turns one on or off. False for a name that is not in the list."""
        switch = _BY_NAME.get(name)
        if switch is None:
            return False
        if switch.name == "late_funding":
            runtime.faults.late_funding = LateFunding(_POLLS if on else 0)
            return True
        if switch.order is None:
            self._listen(runtime)
            self._twice_in = runtime.world.records if on else None
            return True
        for fault_id in self.placed.pop(name, []):
            runtime.faults.clear(fault_id)
        if on:
            self.placed[name] = [fault.id for fault in switch.order(runtime.faults)]
        return True

    def list_on(self, runtime: Runtime) -> list[str]:
        """The names of those that are on."""
        standing = {fault.id for fault in runtime.faults.list()}
        on = [name for name, ids in self.placed.items() if standing.intersection(ids)]
        others = {"late_funding": runtime.faults.late_funding.polls > 0, "twice": self._is_twice(runtime)}
        return [*on, *(name for name, is_on in others.items() if is_on)]

    def _is_twice(self, runtime: Runtime) -> bool:
        # A reset replaces the records, and with them ends what was turned on before it.
        return self._twice_in is runtime.world.records

    def _listen(self, runtime: Runtime) -> None:
        if self._listening_to is runtime.world:
            return
        self._listening_to = runtime.world

        def again(notice: Notice) -> None:
            # The copy comes at a random moment, so it may overtake what was told after it.
            if self._is_twice(runtime):
                runtime.courier.take(replace(notice, after_s=notice.after_s + random.uniform(0, _SHUFFLE_S)))

        runtime.world.on_notice(again)
