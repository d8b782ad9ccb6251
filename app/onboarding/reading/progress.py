"""What page, console, API and command line show of onboardings: read models, frozen, with every state derived."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.kit import clock
from app.meta.catalogue import tell
from app.numbers.models import Account, Number
from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.ledger.run_ends import REMOVED
from app.onboarding.life.syncs import SyncView, list_syncs, to_ask
from app.onboarding.models import Onboarding, Proof, Step, StepCall
from app.onboarding.plans import Plan
from app.onboarding.reading.blocks import BLOCKS
from app.onboarding.reading.standing import CallView, Progress, ProofView, Removal, Sibling, StepView, Trouble

__all__ = [
    "CallView",
    "Progress",
    "ProofView",
    "Removal",
    "Sibling",
    "StepView",
    "SyncView",
    "Trouble",
    "list_calls",
    "read_many",
    "read_progress",
    "read_reference",
    "read_signup",
]


def read_progress(session: Session, which: str) -> Progress:
    """One onboarding by key or by reference."""
    return read_many(session, [ledger.get_onboarding(session, which)])[0]


def read_signup(session: Session, progress: Progress) -> list[Progress]:
    """Every number of the signup this onboarding came from, itself included; the one that led comes first."""
    keys = [progress.id, *(sibling.id for sibling in progress.siblings)]
    rows = session.scalars(select(Onboarding).where(Onboarding.id.in_(keys)).order_by(Onboarding.id)).all()
    return read_many(session, rows)


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
    """The read models of several onboardings with a handful of queries, however many there are."""
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
    relatives = _relatives(session, rows)
    numbers = _numbers_of(session, [*rows, *relatives.values()])
    accounts = _accounts_of(session, rows)
    now = clock.now()
    syncs = list_syncs(session, keys, now=now)
    return [
        _progress(
            row,
            steps[row.id],
            proofs[row.id],
            clients[row.client_id],
            numbers.get(row.id),
            accounts.get(row.id),
            syncs=syncs.get(row.id) or (to_ask(row.begun_at, now=now) if _syncs(row) else ()),
            replaced_by=relatives[row.replaced_by_id].reference if row.replaced_by_id else None,
            siblings=tuple(_siblings(row, relatives.values(), numbers)),
        )
        for row in rows
    ]


def _syncs(row: Onboarding) -> bool:
    return "sync" in ledger.plan_of(row).steps


def _relatives(session: Session, rows: Sequence[Onboarding]) -> dict[str, Onboarding]:
    """The runs of the same signups, and those that came after, by key."""
    leads = {row.lead_id or row.id for row in rows}
    after = {row.replaced_by_id for row in rows if row.replaced_by_id}
    found = session.scalars(
        select(Onboarding)
        .where(or_(Onboarding.lead_id.in_(leads), Onboarding.id.in_(leads | after)))
        .order_by(Onboarding.id)
    )
    return {row.id: row for row in found}


def _siblings(row: Onboarding, relatives: Iterable[Onboarding], numbers: Mapping[str, Number]) -> Iterator[Sibling]:
    for other in relatives:
        if other.id != row.id and (other.lead_id or other.id) == (row.lead_id or row.id):
            number = numbers.get(other.id)
            yield Sibling(other.id, other.reference, number.display_phone_number if number else None)


def _numbers_of(session: Session, rows: Sequence[Onboarding]) -> dict[str, Number]:
    found = session.execute(
        select(Onboarding.id, Number)
        .join(Account, (Account.client_id == Onboarding.client_id) & (Account.waba_id == Onboarding.waba_id))
        .join(Number, (Number.account_id == Account.id) & (Number.phone_number_id == Onboarding.phone_number_id))
        .where(Onboarding.id.in_([row.id for row in rows]))
    )
    return dict(found.all())


def _accounts_of(session: Session, rows: Sequence[Onboarding]) -> dict[str, Account]:
    found = session.execute(
        select(Onboarding.id, Account)
        .join(Account, (Account.client_id == Onboarding.client_id) & (Account.waba_id == Onboarding.waba_id))
        .where(Onboarding.id.in_([row.id for row in rows]))
    )
    return dict(found.all())


def _progress(
    row: Onboarding,
    steps: Sequence[Step],
    proofs: Mapping[str, Proof],
    client: Client,
    number: Number | None,
    account: Account | None,
    *,
    syncs: tuple[SyncView, ...],
    replaced_by: str | None,
    siblings: tuple[Sibling, ...],
) -> Progress:
    plan = ledger.plan_of(row)
    facts = ledger.step_facts(steps)
    unfinished = {step.name: step.position for step in steps if step.state not in rules.SETTLED}
    views = {step.name: _step(step, plan, unfinished) for step in steps}
    matters = rules.step_that_matters(plan, facts)
    seen = {kind: proof.seen_at for kind, proof in proofs.items()}
    paused_at = account.paused_at if account is not None and row.ended_at is None else None
    return Progress(
        id=row.id,
        reference=row.reference,
        client_id=client.id,
        client_name=client.name,
        contact_email=client.contact_email,
        link_id=row.link_id,
        way=row.way,
        plan=plan.name,
        plan_asked=row.plan_asked,
        state=rules.state_of(plan, facts, seen, ended_because=row.ended_because, paused=paused_at is not None),
        event_kind=row.event_kind,
        waba_id=row.waba_id,
        phone_number_id=row.phone_number_id,
        business_id=row.business_id,
        display_phone_number=number.display_phone_number if number else None,
        verified_name=number.verified_name if number else None,
        name_status=number.name_status if number else None,
        begun_at=row.begun_at,
        connected_at=rules.reached_at(plan.connected, seen),
        live_at=rules.reached_at(plan.proofs, seen) if plan.live else None,
        steps=tuple(views.values()),
        proofs=tuple(_proof(kind, proofs.get(kind)) for kind in plan.proofs),
        test_word=row.test_word,
        current=views[matters] if matters else None,
        replaced_by=replaced_by,
        siblings=siblings,
        paused_at=paused_at,
        removal=_removal(row, account, number),
        syncs=syncs,
        ended_at=row.ended_at,
    )


def _removal(row: Onboarding, account: Account | None, number: Number | None) -> Removal | None:
    if row.ended_at is None or row.ended_because != REMOVED:
        return None
    if account is not None and account.ended_at is not None:
        return Removal(account.ended_at, account.ended_because, account.ended_by)
    return Removal((number.ended_at if number is not None else None) or row.ended_at, None, None)


def _step(step: Step, plan: Plan, unfinished: Mapping[str, int]) -> StepView:
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
        waits_for=tuple(sorted(unfinished[name] for name in plan.before(step.name) if name in unfinished)),
        condition=step.waits_for,
        waiting_since=step.waiting_since,
        waits_until=step.waits_until,
        blocks=BLOCKS.get(step.name) if step.state in rules.PARKED else None,
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
        button=words.button,
        client_meaning=words.client_meaning,
        client_do=words.client_do,
        facts=facts,
        code=step.trouble.get("code"),
        subcode=step.trouble.get("subcode"),
        trace_id=step.trouble.get("trace_id"),
    )


def _proof(kind: str, proof: Proof | None) -> ProofView:
    return ProofView(kind, proof.seen_at if proof else None, proof.evidence if proof else {})
