"""The plans as typed values; the table itself is `plans.toml`, written by hand."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

_TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "plans.toml").read_text(encoding="utf-8"))

AFTER: Final[dict[str, tuple[str, ...]]] = {name: tuple(before) for name, before in _TABLE.pop("after").items()}
FIRST_OF: Final[dict[str, str]] = _TABLE.pop("ways")
PROVEN_BY: Final[dict[str, tuple[str, ...]]] = {step: tuple(kinds) for step, kinds in _TABLE.pop("proven_by").items()}
FIRST_STEPS: Final = frozenset(FIRST_OF.values())

STANDARD = "standard"
POPUP, REDIRECT, HOSTED, ADOPTED, BY_HAND = "popup", "redirect", "hosted", "adopted", "by_hand"
# On these the account was there before: nobody picked a number in a window, and nothing new is on its way into a list.
OF_LONG_STANDING: Final = frozenset({ADOPTED, BY_HAND})


@dataclass(frozen=True)
class Plan:
    """`connected` and `live` are the proofs that make it so; live needs both groups, and a plan may have no live.

    `asked`: a client may be asked for it. `parked`: recognised, and carried on by a person.
    """

    name: str
    steps: tuple[str, ...]
    connected: tuple[str, ...]
    live: tuple[str, ...] = ()
    asked: bool = False
    parked: bool = False
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def proofs(self) -> tuple[str, ...]:
        return self.connected + self.live

    @property
    def first(self) -> str:
        """The step that brings the token; nothing goes on without it."""
        return self.steps[0]

    def before(self, step: str) -> tuple[str, ...]:
        """The steps of this plan that must be done before `step` may start."""
        wanted = {*AFTER[step], *self.after.get(step, ())}
        return tuple(name for name in self.steps if name in wanted)

    def by(self, way: str) -> "Plan":
        """The same plan for a client who came by another way."""
        return replace(self, steps=(FIRST_OF[way], *self.steps[1:]))

    def without(self, step: str) -> "Plan":
        """The same plan without a step and the proofs it would bring."""
        dropped = PROVEN_BY[step]
        return replace(
            self,
            steps=tuple(name for name in self.steps if name != step),
            connected=tuple(kind for kind in self.connected if kind not in dropped),
        )


def _plan(name: str, row: Mapping[str, Any]) -> Plan:
    return Plan(
        name=name,
        steps=(FIRST_OF[POPUP], *row["steps"]),
        connected=tuple(row["connected"]),
        live=tuple(row.get("live", ())),
        asked=row.get("asked", False),
        parked=row.get("parked", False),
        after={step: tuple(before) for step, before in row.get("after", {}).items()},
    )


PLANS: Final[dict[str, Plan]] = {name: _plan(name, row) for name, row in _TABLE.items()}
ASKED: Final = tuple(name for name, plan in PLANS.items() if plan.asked)


def plan_for(name: str, *, way: str = POPUP, on_our_credit: bool = True) -> Plan:
    """A plan as it is for one onboarding. A partner without a credit line has no step for it."""
    plan = PLANS[name].by(way)
    return plan if on_our_credit or "credit" not in plan.steps else plan.without("credit")
