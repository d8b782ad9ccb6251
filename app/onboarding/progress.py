"""What page, console, API and command line show of onboardings: read models, frozen, with every state derived."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.kit.errors import NotFound
from app.meta.catalogue import tell
from app.numbers.models import Account, Number
from app.onboarding import ledger, rules
from app.onboarding.models import Onboarding, Proof, Step, StepCall
from app.onboarding.plans import Plan


@dataclass(frozen=True)
class Trouble:
    """Why somebody must act: the catalogue's words, filled in, with Meta's numbers for whoever asks Meta."""

    key: str
    meaning: str
    who: str
    do: str
    link: str | None
    retry: str
    client_meaning: str
    client_do: str
    facts: Mapping[str, Any]
    code: int | None
    subcode: int | None
    trace_id: str | None


@dataclass(frozen=True)
class StepView:
    """`waits_for` names the unfinished steps that must come first."""

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
    waits_for: tuple[str, ...]


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
class Progress:
    """One onboarding as it stands. `state` is open, waiting, needs_attention, connected, live or stopped."""

    id: str
    reference: str
    client_id: str
    client_name: str
    contact_email: str | None
    link_id: str | None
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

    def step(self, name: str) -> StepView | None:
        return next((step for step in self.steps if step.name == name), None)


def read_progress(session: Session, which: str) -> Progress:
    """One onboarding by key or by reference."""
    row = session.scalars(
        select(Onboarding).where(or_(Onboarding.id == which, Onboarding.reference == which))
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such onboarding.")
    return read_many(session, [row])[0]


def read_reference(session: Session, key: str) -> str:
    """What people call the onboarding of this key."""
    return session.scalars(select(Onboarding.reference).where(Onboarding.id == key)).one()


def list_calls(session: Session, onboarding_id: str) -> tuple[CallView, ...]:
    """Every Graph call of an onboarding, newest first."""
    rows = session.scalars(
        select(StepCall).where(StepCall.onboarding_id == onboarding_id).order_by(StepCall.at.desc(), StepCall.id.desc())
    )
    return tuple(
        CallView(
            step_name=row.step_name,
            attempt=row.attempt,
            at=row.at,
            method=row.method,
            path=row.path,
            request=row.request,
            status=row.status,
            reply=row.reply,
            trace_id=row.trace_id,
            took_ms=row.took_ms,
            error=row.error,
            actor=row.actor,
        )
        for row in rows
    )


def read_many(session: Session, rows: Sequence[Onboarding]) -> list[Progress]:
    """The read models of several onboardings with four queries, however many there are."""
    keys = [row.id for row in rows]
    steps: dict[str, list[Step]] = defaultdict(list)
    for step in session.scalars(select(Step).where(Step.onboarding_id.in_(keys)).order_by(Step.position)):
        steps[step.onboarding_id].append(step)
    proofs: dict[str, dict[str, Proof]] = defaultdict(dict)
    for proof in session.scalars(select(Proof).where(Proof.onboarding_id.in_(keys))):
        proofs[proof.onboarding_id][proof.kind] = proof
    clients = {
        client.id: client
        for client in session.scalars(select(Client).where(Client.id.in_({row.client_id for row in rows})))
    }
    numbers = _numbers_of(session, rows)
    return [_progress(row, steps[row.id], proofs[row.id], clients[row.client_id], numbers.get(row.id)) for row in rows]


def _numbers_of(session: Session, rows: Sequence[Onboarding]) -> dict[str, Number]:
    found = session.execute(
        select(Onboarding.id, Number)
        .join(Account, (Account.client_id == Onboarding.client_id) & (Account.waba_id == Onboarding.waba_id))
        .join(Number, (Number.account_id == Account.id) & (Number.phone_number_id == Onboarding.phone_number_id))
        .where(Onboarding.id.in_([row.id for row in rows]))
    )
    return dict(found.all())


def _progress(
    row: Onboarding, steps: Sequence[Step], proofs: Mapping[str, Proof], client: Client, number: Number | None
) -> Progress:
    plan = ledger.plan_of(row)
    facts = ledger.step_facts(steps)
    views = {step.name: _step(step, plan, facts) for step in steps}
    matters = rules.step_that_matters(plan, facts)
    seen = {kind: proof.seen_at for kind, proof in proofs.items()}
    return Progress(
        id=row.id,
        reference=row.reference,
        client_id=client.id,
        client_name=client.name,
        contact_email=client.contact_email,
        link_id=row.link_id,
        plan=plan.name,
        plan_asked=row.plan_asked,
        state=rules.state_of(plan, facts, seen),
        event_kind=row.event_kind,
        waba_id=row.waba_id,
        phone_number_id=row.phone_number_id,
        business_id=row.business_id,
        display_phone_number=number.display_phone_number if number else None,
        verified_name=number.verified_name if number else None,
        name_status=number.name_status if number else None,
        begun_at=row.begun_at,
        connected_at=rules.reached_at(plan.connected, seen),
        live_at=rules.reached_at(plan.proofs, seen),
        steps=tuple(views.values()),
        proofs=tuple(_proof(kind, proofs.get(kind)) for kind in plan.proofs),
        test_word=row.test_word,
        current=views[matters] if matters else None,
    )


def _step(step: Step, plan: Plan, facts: Mapping[str, rules.StepFacts]) -> StepView:
    return StepView(
        name=step.name,
        position=step.position,
        state=step.state,
        attempts=step.attempts,
        failures=step.failures,
        started_at=step.started_at,
        ended_at=step.ended_at,
        next_try_at=step.next_try_at,
        trouble=_trouble(step),
        evidence=step.evidence,
        waits_for=tuple(name for name in plan.before(step.name) if facts[name].state not in rules.SETTLED),
    )


def _trouble(step: Step) -> Trouble | None:
    if step.trouble is None:
        return None
    facts = step.trouble.get("facts", {})
    words = tell(step.trouble["key"], facts)
    return Trouble(
        key=words.key,
        meaning=words.meaning,
        who=words.who,
        do=words.do,
        link=words.link,
        retry=words.retry,
        client_meaning=words.client_meaning,
        client_do=words.client_do,
        facts=facts,
        code=step.trouble.get("code"),
        subcode=step.trouble.get("subcode"),
        trace_id=step.trouble.get("trace_id"),
    )


def _proof(kind: str, proof: Proof | None) -> ProofView:
    return ProofView(kind, proof.seen_at if proof else None, proof.evidence if proof else {})
