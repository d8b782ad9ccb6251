"""The faults a person can flip on the page. Each is an ordinary standing fault, as ``POST /_sandbox/faults`` makes."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.faults import Action, Fault, Faults
from sandbox.runtime import Runtime
from sandbox.world import Notice
from sandbox.world.state import App, CreditLine


@dataclass(frozen=True, slots=True)
class Switch:
    """One bad thing by name: standing faults (``order``), lists that ``lag``, or a state of the world (``set``)."""

    name: str
    label: str
    order: Callable[[Faults], list[Fault]] | None = None
    lag: tuple[str, ...] = ()
    set: Callable[[Runtime, bool], None] | None = None
    is_set: Callable[[Runtime], bool] | None = None


def _error(code: int, message: str, **extra: Any) -> dict[str, Any]:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEf1GhIjKlMnOpQ", **extra}
    return {"error": error}


def _app(runtime: Runtime) -> App:
    return runtime.world.records.apps[runtime.partner.app_id]


def _line(runtime: Runtime) -> CreditLine:
    return runtime.world.records.credit_lines[runtime.partner.credit_line_id]


def _set_live(runtime: Runtime, on: bool) -> None:
    _app(runtime).live = not on


def _set_full(runtime: Runtime, on: bool) -> None:
    _app(runtime).weekly_limit = 1 if on else None


def _set_no_line(runtime: Runtime, on: bool) -> None:
    _line(runtime).removed = on


_LOOKS = 4
_BUSY = _error(2, "Service temporarily unavailable", is_transient=True)
_WRONG_PIN = _error(133005, "(#133005) Two-step verification PIN mismatch")
_DEAD = _error(190, "Error validating access token: Session has expired.", error_subcode=463)

SWITCHES = (
    Switch(
        "credit_503",
        "Credit share answers 503",
        lambda faults: [faults.add(Action(status=503, body=_BUSY), method="POST", path="/*/whatsapp_credit_*")],
    ),
    Switch("late_funding", f"Funding visible after {_LOOKS} looks", lag=("primary_funding_id",)),
    Switch("late_lists", f"Numbers and apps listed after {_LOOKS} looks", lag=("phone_numbers", "subscribed_apps")),
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
    Switch("half", "Half a JSON", lambda faults: [faults.add(Action(half=True))]),
    Switch("lost", "Done, but the answer is lost", lambda faults: [faults.add(Action(drop="after"), method="POST")]),
    Switch("mute", "Calls are never answered", lambda faults: [faults.add(Action(hang_s=3600))]),
    Switch("slow", "Answer after 300 ms", lambda faults: [faults.add(Action(delay_ms=300))]),
    Switch("in_development", "App in development mode", set=_set_live, is_set=lambda runtime: not _app(runtime).live),
    Switch(
        "week_full",
        "Weekly limit: one new customer",
        set=_set_full,
        is_set=lambda runtime: _app(runtime).weekly_limit is not None,
    ),
    Switch("no_line", "Partner has no credit line", set=_set_no_line, is_set=lambda runtime: _line(runtime).removed),
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
        if switch.lag:
            runtime.faults.lag.looks.update(dict.fromkeys(switch.lag, _LOOKS if on else 0))
            return True
        if switch.set is not None:
            switch.set(runtime, on)
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
        for switch in SWITCHES:
            looks = [runtime.faults.lag.looks.get(what, 0) for what in switch.lag]
            if (switch.is_set is not None and switch.is_set(runtime)) or any(looks):
                on.append(switch.name)
        return [*on, "twice"] if self._is_twice(runtime) else on

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
