"""What programs are told of an onboarding, in words they build on: these change with a new version only.

The console's words (`refused`, `needs_us`, …) are richer; here each becomes one of few, and `error` says the rest.
"""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import ConfigDict

from app.onboarding.reading.life_replies import RemovedReply, Shown, SyncReply, told_removal, told_sync
from app.onboarding.reading.progress import Progress, ProofView, StepView, Trouble
from app.onboarding.reading.reply_example import ONBOARDING

Status = Literal[
    "open",
    "running",
    "waiting",
    "needs_client",
    "needs_partner",
    "connected",
    "live",
    "abandoned",
    "cancelled",
    "failed",
    "paused",
    "replaced",
    "removed",
]
StepState = Literal["pending", "running", "waiting", "done", "attention", "skipped"]

STEP_STATES: Final[dict[str, StepState]] = {
    "not_started": "pending",
    "running": "running",
    "retrying": "running",
    "waiting": "waiting",
    "needs_client": "attention",
    "needs_us": "attention",
    "refused": "attention",
    "done": "done",
    "skipped": "skipped",
    "not_needed": "skipped",
}
STEP_TITLES: Final[dict[str, str]] = {
    "exchange": "Exchange the code",
    "fetch": "Fetch the token",
    "inspect": "Inspect the token",
    "subscribe": "Subscribe webhooks",
    "credit": "Share the credit line",
    "verify": "Verify the number",
    "register": "Register the phone",
    "confirm": "Confirm the number",
    "sync": "Bring over contacts and chats",
    "name": "Display name review",
    "test": "Two-way test message",
}
PROOF_NAMES: Final[dict[str, str]] = {
    "subscription_listed": "subscription",
    "callback_ours": "callback",
    "number_registered": "registered",
    "credit_attached": "credit",
    "token_valid": "token",
    "message_in": "received",
    "message_out": "sent",
}


class ClientName(Shown):
    """The business that is onboarded."""

    id: str
    name: str


class NumberReply(Shown):
    """What Meta says of the number; null until it was said."""

    phone_number_id: str | None
    waba_id: str | None
    business_id: str | None
    display_phone_number: str | None
    verified_name: str | None
    name_status: str | None


class ErrorReply(Shown):
    """Why a step stands still: Meta’s numbers, who (client, partner, meta, nobody) does what with which button."""

    code: int | None
    subcode: int | None
    trace_id: str | None
    meaning: str
    who: str
    action: str
    button: str
    retry_at: datetime | None


class WaitReply(Shown):
    """What a step waits for without anybody having to act: since when, until when, and when we look next."""

    condition: str
    since: datetime | None
    until: datetime | None
    next_look_at: datetime | None


class SiblingReply(Shown):
    """Another number of the same signup."""

    reference: str
    display_phone_number: str | None


class StepReply(Shown):
    """One step, with what it found. `blocks` names what the client cannot do while it stands still."""

    name: str
    title: str
    state: StepState
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    evidence: dict[str, Any]
    blocks: list[str]
    wait: WaitReply | None
    error: ErrorReply | None


class ProofReply(Shown):
    """One thing Meta or a contact showed us."""

    name: str
    ok: bool
    seen_at: datetime | None
    detail: dict[str, Any]


class OnboardingReply(Shown):
    """One run of the steps for one client. Ended before its time: `replaced` (by `replaced_by`) or `removed`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [ONBOARDING]},
        openapi_extra={"example": ONBOARDING},  # type: ignore[typeddict-unknown-key]
    )

    id: str
    reference: str
    client: ClientName
    link_id: str | None
    way: str
    plan: str
    status: Status
    current_step: str | None
    number: NumberReply
    begun_at: datetime
    connected_at: datetime | None
    live_at: datetime | None
    ended_at: datetime | None
    paused_at: datetime | None
    removed: RemovedReply | None
    replaced_by: str | None
    siblings: list[SiblingReply]
    steps: list[StepReply]
    syncs: list[SyncReply]
    proofs: list[ProofReply]


class OnboardingListReply(Shown):
    """Onboardings, newest first. `next` is the `before` of the page that follows; null on the last one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"onboardings": [ONBOARDING], "next": None}]},
        openapi_extra={"example": {"onboardings": [ONBOARDING], "next": None}},  # type: ignore[typeddict-unknown-key]
    )

    onboardings: list[OnboardingReply]
    next: str | None


def told(progress: Progress) -> OnboardingReply:
    """An onboarding in the words of the API."""
    return OnboardingReply(
        id=progress.id,
        reference=progress.reference,
        client=ClientName(id=progress.client_id, name=progress.client_name),
        link_id=progress.link_id,
        way=progress.way,
        plan=progress.plan,
        status=status_of(progress),
        current_step=progress.current.name if progress.current else None,
        number=NumberReply(
            phone_number_id=progress.phone_number_id,
            waba_id=progress.waba_id,
            business_id=progress.business_id,
            display_phone_number=progress.display_phone_number,
            verified_name=progress.verified_name,
            name_status=progress.name_status,
        ),
        begun_at=progress.begun_at,
        connected_at=progress.connected_at,
        live_at=progress.live_at,
        ended_at=progress.ended_at,
        paused_at=progress.paused_at,
        removed=told_removal(progress.removal),
        replaced_by=progress.replaced_by,
        siblings=[
            SiblingReply(reference=sibling.reference, display_phone_number=sibling.display_phone_number)
            for sibling in progress.siblings
        ],
        steps=[_step(step) for step in progress.steps],
        syncs=[told_sync(sync) for sync in progress.syncs],
        proofs=[_proof(proof) for proof in progress.proofs],
    )


def status_of(progress: Progress) -> Status:
    """The onboarding's one word: who must act is part of it."""
    match progress.state:
        case "needs_attention":
            trouble = progress.current.trouble if progress.current else None
            return "needs_client" if trouble is not None and trouble.who == "client" else "needs_partner"
        case "stopped":
            return "failed"
        case "open":
            moving = any(step.state in {"running", "retrying"} for step in progress.steps)
            return "running" if moving else "open"
        case "waiting" | "connected" | "live" | "paused" | "replaced" | "removed" as same:
            return same
    raise ValueError(f"an onboarding cannot be {progress.state}")


def _step(step: StepView) -> StepReply:
    return StepReply(
        name=step.name,
        title=STEP_TITLES[step.name],
        state=STEP_STATES[step.state],
        attempts=step.attempts,
        started_at=step.started_at,
        finished_at=step.ended_at,
        evidence=dict(step.evidence),
        blocks=[step.blocks] if step.blocks else [],
        wait=wait_of(step),
        error=_error(step.trouble, step.next_try_at) if step.trouble else None,
    )


def wait_of(step: StepView) -> WaitReply | None:
    """The wait of a step; None when it does not wait."""
    if step.state != "waiting" or step.condition is None:
        return None
    return WaitReply(
        condition=step.condition,
        since=step.waiting_since,
        until=step.waits_until,
        next_look_at=step.next_try_at,
    )


def _error(trouble: Trouble, retry_at: datetime | None) -> ErrorReply:
    return ErrorReply(
        code=trouble.code,
        subcode=trouble.subcode,
        trace_id=trouble.trace_id,
        meaning=trouble.meaning,
        who=trouble.who,
        action=trouble.do,
        button=trouble.button,
        retry_at=retry_at,
    )


def _proof(proof: ProofView) -> ProofReply:
    return ProofReply(
        name=PROOF_NAMES[proof.kind], ok=proof.seen_at is not None, seen_at=proof.seen_at, detail=dict(proof.evidence)
    )
