"""Writing the ledger: begin an onboarding's steps, start them, note what they came back with.

Every function works inside the caller's transaction; saga and walker decide when to commit.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.kit.errors import NotFound
from app.meta.transport import Call
from app.onboarding import rules
from app.onboarding.models import Onboarding, Proof, Step, StepCall
from app.onboarding.plans import ASKED, STANDARD, Plan, plan_for

FOR_EVENT = "event"  # what the first step waits for when the code was faster than the window's message
FOR_SHARE = "shared"  # what it waits for where no code comes


@dataclass(frozen=True)
class Facts:
    """What a step is told: a frozen copy, so that no session is open while it works."""

    onboarding_id: str
    client_id: str
    language: str | None
    plan: str
    way: str
    plan_asked: str | None
    event_kind: str | None
    event_ids: Mapping[str, Any]
    waba_id: str | None
    phone_number_id: str | None
    business_id: str | None
    test_word: str
    begun_at: datetime
    evidence: Mapping[str, Any]
    attempt: int


# Built once: putting these together anew for every note would cost more than running them.
_PAGES = (
    select(Onboarding, Client.language)
    .join(Client, Client.id == Onboarding.client_id)
    .where(Onboarding.id.in_(bindparam("keys", expanding=True)))
    .order_by(Onboarding.id)  # whoever locks several locks them in this order
    .with_for_update(of=Onboarding)
)
_STEPS = (
    select(Step)
    .where(Step.onboarding_id.in_(bindparam("keys", expanding=True)))
    .order_by(Step.onboarding_id, Step.position)
)
_STEP = select(Step).where(Step.onboarding_id == bindparam("key"), Step.name == bindparam("name"))
_PROOFS = select(Proof).where(Proof.onboarding_id.in_(bindparam("keys", expanding=True)))
_CALLS = insert(StepCall.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Page:
    """One onboarding's page of the ledger, read once for a whole transaction."""

    onboarding: Onboarding
    language: str | None
    steps: dict[str, Step] = field(default_factory=dict)
    proofs: dict[str, Proof] = field(default_factory=dict)


@dataclass(frozen=True)
class StepCalls:
    """The Graph calls of one attempt; both sides were redacted before they came here."""

    onboarding_id: str
    step_name: str
    attempt: int
    calls: Sequence[Call]
    actor: str = "system"


def plan_of(onboarding: Onboarding) -> Plan:
    """The plan in force: the one decided, before that the one asked for, before that the standard one."""
    asked = onboarding.plan_asked if onboarding.plan_asked in ASKED else None
    name = onboarding.plan or asked or STANDARD
    return plan_for(name, way=onboarding.way, on_our_credit=onboarding.on_our_credit)


def lay_steps(session: Session, onboarding: Onboarding) -> None:
    """Make the rows of the plan's steps, and take away those of another plan that were never started."""
    plan = plan_of(onboarding)
    rows = {step.name: step for step in list_steps(session, onboarding.id)}
    for name, row in rows.items():
        if name not in plan.steps:
            session.delete(row)
    for position, name in enumerate(plan.steps, start=1):
        if name in rows:
            rows[name].position = position
        else:
            session.add(Step(onboarding_id=onboarding.id, name=name, position=position, state=rules.NOT_STARTED))


def get_onboarding(session: Session, which: str, *, lock: bool = False) -> Onboarding:
    """An onboarding by key or by reference, if wanted locked until the transaction ends. Raises `NotFound`."""
    found = select(Onboarding).where(or_(Onboarding.id == which, Onboarding.reference == which))
    row = session.scalars(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise NotFound("There is no such onboarding.")
    return row


def language_of(session: Session, onboarding: Onboarding) -> str | None:
    """The language its client reads, if known."""
    return session.scalar(select(Client.language).where(Client.id == onboarding.client_id))


def list_steps(session: Session, onboarding_id: str) -> Sequence[Step]:
    return session.scalars(_STEPS, {"keys": [onboarding_id]}).all()


def get_step(session: Session, onboarding_id: str, name: str) -> Step:
    return session.scalars(_STEP, {"key": onboarding_id, "name": name}).one()


def find_step(session: Session, onboarding_id: str, name: str) -> Step | None:
    """A step that this plan may not have."""
    return session.scalars(_STEP, {"key": onboarding_id, "name": name}).one_or_none()


def step_facts(steps: Collection[Step]) -> dict[str, rules.StepFacts]:
    return {step.name: rules.StepFacts(step.name, step.state, step.failures, step.next_try_at) for step in steps}


def open_pages(session: Session, keys: Collection[str]) -> dict[str, Page]:
    """These onboardings with their steps and proofs, locked until the transaction ends; there may be fewer."""
    bound = {"keys": list(keys)}
    pages = {row.id: Page(row, language) for row, language in session.execute(_PAGES, bound)}
    for step in session.scalars(_STEPS, bound):
        pages[step.onboarding_id].steps[step.name] = step
    for proof in session.scalars(_PROOFS, bound):
        pages[proof.onboarding_id].proofs[proof.kind] = proof
    return pages


def close_page(page: Page) -> None:
    """Give the onboarding back: nothing can be done now, and the next look is when the first of its waits ends."""
    onboarding = page.onboarding
    if onboarding.ended_at is None:
        onboarding.due_at = rules.next_look(step_facts(page.steps.values()).values())
    else:
        onboarding.due_at = None
    onboarding.leased_until = onboarding.leased_by = None


def start_ready(page: Page, *, under_way: Collection[str], now: datetime) -> list[tuple[str, Facts]]:
    """Mark every step that can start as running, and hand out what each is told. An ended run starts nothing."""
    if page.onboarding.ended_at is not None:
        return []
    plan = plan_of(page.onboarding)
    started = []
    for name in rules.ready_steps(plan, step_facts(page.steps.values()), under_way=under_way, now=now):
        step = page.steps[name]
        step.state = rules.RUNNING
        step.attempts += 1
        step.started_at = step.started_at or now
        step.next_try_at = None
        started.append((name, _facts(page, step, plan)))
    return started


def _facts(page: Page, step: Step, plan: Plan) -> Facts:
    onboarding = page.onboarding
    return Facts(
        onboarding_id=onboarding.id,
        client_id=onboarding.client_id,
        language=page.language,
        plan=plan.name,
        way=onboarding.way,
        plan_asked=onboarding.plan_asked,
        event_kind=onboarding.event_kind,
        event_ids=dict(onboarding.event_ids),
        waba_id=onboarding.waba_id,
        phone_number_id=onboarding.phone_number_id,
        business_id=onboarding.business_id,
        test_word=onboarding.test_word,
        begun_at=onboarding.begun_at,
        evidence=dict(step.evidence),
        attempt=step.attempts,
    )


def hurry(session: Session, onboarding_id: str, name: str, *, now: datetime) -> None:
    """What a waiting step waits for has come: its next look is now."""
    step = get_step(session, onboarding_id, name)
    if step.state == rules.WAITING:
        step.next_try_at = now


def note_proofs(
    session: Session, onboarding_id: str, proofs: Mapping[str, Mapping[str, Any]], *, now: datetime
) -> None:
    """Keep what was proven and when it was first seen; later sightings add to the evidence."""
    known = {proof.kind: proof for proof in list_proofs(session, onboarding_id)}
    keep_proofs(session, onboarding_id, known, proofs, now=now)


def keep_proofs(
    session: Session,
    onboarding_id: str,
    known: dict[str, Proof],
    proofs: Mapping[str, Mapping[str, Any]],
    *,
    now: datetime,
) -> None:
    """As `note_proofs`, where the proofs `known` so far have been read; they are added to."""
    for kind, evidence in proofs.items():
        if kind in known:
            known[kind].evidence = {**known[kind].evidence, **evidence}
        else:
            known[kind] = Proof(onboarding_id=onboarding_id, kind=kind, seen_at=now, evidence=dict(evidence))
            session.add(known[kind])


def list_proofs(session: Session, onboarding_id: str) -> Sequence[Proof]:
    return session.scalars(_PROOFS, {"keys": [onboarding_id]}).all()


def note_calls(session: Session, made: Iterable[StepCalls]) -> None:
    """Keep every Graph call of these attempts."""
    rows = [
        {
            "onboarding_id": attempt.onboarding_id,
            "step_name": attempt.step_name,
            "attempt": attempt.attempt,
            "at": call.at,
            "method": call.method,
            "path": call.path,
            "request": call.request,
            "status": call.status,
            "reply": call.reply,
            "trace_id": call.trace_id,
            "took_ms": call.took_ms,
            "error": call.error,
            "actor": attempt.actor,
        }
        for attempt in made
        for call in attempt.calls
    ]
    if rows:
        session.execute(_CALLS, rows)
