"""One onboarding as it stands: what pages, API and command line are shown of it. Frozen; `progress.py` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.onboarding.life.syncs import SyncView


@dataclass(frozen=True)
class Trouble:
    """Why somebody must act: the catalogue's words, filled in, with Meta's numbers for whoever asks Meta."""

    key: str
    meaning: str
    who: str
    do: str
    link: str | None
    retry: str
    button: str
    client_meaning: str
    client_do: str
    facts: Mapping[str, Any]
    code: int | None
    subcode: int | None
    trace_id: str | None


@dataclass(frozen=True)
class StepView:
    """`waits_for` are the positions of the unfinished steps that must come first.

    A waiting step has a `condition` (a row of `waits.toml`), since when it holds, and until when we look by ourselves.
    `blocks` names what a client cannot do while the step stands still (a row of `blocks.py`).
    """

    name: str
    position: int
    state: str
    attempts: int
    failures: int
    started_at: datetime | None
    ended_at: datetime | None
    next_try_at: datetime | None
    trouble: Trouble | None
    evidence: Mapping[str, Any]
    waits_for: tuple[int, ...]
    condition: str | None = None
    waiting_since: datetime | None = None
    waits_until: datetime | None = None
    blocks: str | None = None

    @property
    def trouble_key(self) -> str | None:
        return self.trouble.key if self.trouble else None


@dataclass(frozen=True)
class ProofView:
    """`seen_at` is None for a proof that is still missing."""

    kind: str
    seen_at: datetime | None
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class CallView:
    """One Graph call, redacted on both sides."""

    step_name: str
    attempt: int
    at: datetime
    method: str
    path: str
    request: Mapping[str, Any]
    status: int | None
    reply: Mapping[str, Any] | None
    trace_id: str | None
    took_ms: int
    error: str | None
    actor: str


@dataclass(frozen=True)
class Sibling:
    """Another number of the same signup."""

    id: str
    reference: str
    display_phone_number: str | None


@dataclass(frozen=True)
class Removal:
    """The client's account, or one number of it, is ours no more: when, Meta's reason, and by whom (USER or SYSTEM)."""

    at: datetime
    because: str | None
    by: str | None


@dataclass(frozen=True)
class Progress:
    """One onboarding as it stands. `state` is open, waiting, needs_attention, connected, live, stopped, paused (its
    phone app is off since `paused_at`), or how it ended before its time: replaced (by `replaced_by`) or removed
    (`removal`). `siblings` are the other numbers of the same signup.
    """

    id: str
    reference: str
    client_id: str
    client_name: str
    contact_email: str | None
    link_id: str | None
    way: str
    plan: str
    plan_asked: str | None
    state: str
    event_kind: str | None
    waba_id: str | None
    phone_number_id: str | None
    business_id: str | None
    display_phone_number: str | None
    verified_name: str | None
    name_status: str | None
    begun_at: datetime
    connected_at: datetime | None
    live_at: datetime | None
    steps: tuple[StepView, ...]
    proofs: tuple[ProofView, ...]
    test_word: str
    current: StepView | None
    replaced_by: str | None
    siblings: tuple[Sibling, ...]
    paused_at: datetime | None = None
    removal: Removal | None = None
    syncs: tuple[SyncView, ...] = ()
    ended_at: datetime | None = None

    def step(self, name: str) -> StepView | None:
        return next((step for step in self.steps if step.name == name), None)
