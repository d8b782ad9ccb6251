"""What a step may come back with: values with a meaning, not exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

Evidence = Mapping[str, Any]
OTHER_RUN: Final = "other_run"  # another run of the steps is making the same call


@dataclass(frozen=True)
class Done:
    """The step is proven. `proofs` maps a proof's kind to what was seen."""

    evidence: Evidence = field(default_factory=dict)
    proofs: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """Nothing is wrong and nobody need act: `why` names a row of `waits.toml`, which says when to look again.

    `again_in` (seconds) is for the one look whose moment is known. `doubt_until` is for a call whose fate nobody knows:
    the next look is then at the latest.
    """

    why: str
    again_in: float | None = None
    evidence: Evidence = field(default_factory=dict)
    proofs: Mapping[str, Evidence] = field(default_factory=dict)
    doubt_until: datetime | None = None

    @property
    def ends_failures(self) -> bool:
        """Whether Meta has answered. Where nobody knows, or only another run has asked, failures in a row go on."""
        return self.doubt_until is None and self.why != OTHER_RUN


@dataclass(frozen=True)
class Yielded:
    """Another step of the plan must be done first, which was not known before: this one starts again after it."""

    evidence: Evidence = field(default_factory=dict)


@dataclass(frozen=True)
class Parked:
    """A person must act. `state` is refused, needs_client or needs_us; `trouble` says what it means and what to do."""

    state: str
    trouble: Mapping[str, Any]
    evidence: Evidence = field(default_factory=dict)


@dataclass(frozen=True)
class TryAgain:
    """It failed in a way that passes by itself; the rules choose when to try again and when to stop trying."""

    trouble: Mapping[str, Any]
    not_before: float | None = None
    evidence: Evidence = field(default_factory=dict)


Outcome = Done | Waiting | Yielded | Parked | TryAgain
