"""Writing down what a signup brought: the onboarding's own number, siblings for the others, and the end of older runs.

One number is one onboarding. Those of one signup know each other by `lead_id`; each has its own steps, proofs and word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.credentials.vault import OpenCredential
from app.kit.ids import new_id, new_reference, readable
from app.meta.accounts import Account
from app.meta.numbers import Number
from app.meta.oauth import Inspection
from app.numbers.store import keep_account, keep_number
from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.ledger.run_ends import REPLACED, end_run
from app.onboarding.ledger.troubles import trouble
from app.onboarding.ledger.walk import Walk
from app.onboarding.life.account_life import end_if_gone
from app.onboarding.models import Onboarding, Proof, Step
from app.onboarding.shares import shares
from app.onboarding.shares.holders import other_client_of


@dataclass(frozen=True)
class Found:
    """One number of one account, as Meta describes both; no number for an account that has none yet."""

    account: Account
    number: Number | None


@dataclass(frozen=True)
class Taken:
    """What a first step has proven: the token, what Meta says of it, and everything it brought (at least one)."""

    held: OpenCredential
    inspection: Inspection
    found: tuple[Found, ...]


@dataclass(frozen=True)
class Held:
    """Ids of Meta's that other signups of this client have brought already."""

    accounts: frozenset[str]
    numbers: frozenset[str]


def held_by(walk: Walk) -> Held:
    """What this client has aboard, apart from what this very signup brings."""
    with walk.rt.db.read() as session:
        rows = session.execute(
            select(Onboarding.waba_id, Onboarding.phone_number_id).where(
                Onboarding.client_id == walk.facts.client_id,
                Onboarding.ended_at.is_(None),
                Onboarding.id != walk.facts.onboarding_id,
                or_(Onboarding.lead_id.is_(None), Onboarding.lead_id != walk.facts.onboarding_id),
            )
        ).all()
    return Held(
        frozenset(row.waba_id for row in rows if row.waba_id),
        frozenset(row.phone_number_id for row in rows if row.phone_number_id),
    )


def other_client(walk: Walk, waba_ids: Sequence[str]) -> str | None:
    """The name of another client that has one of these accounts aboard."""
    with walk.rt.db.read() as session:
        return other_client_of(session, waba_ids, walk.facts.client_id)


def take(session: Session, walk: Walk, taken: Taken, *, now: datetime) -> tuple[str, list[str]]:
    """Keep everything in one transaction; returns the plan and the references of the siblings.

    Signups of one client take turns here. A run whose number a newer run has taken meanwhile ends at once: neither it
    nor its token replaces what is newer.
    """
    lead = session.get_one(Onboarding, walk.facts.onboarding_id)
    session.execute(select(Client.id).where(Client.id == lead.client_id).with_for_update(key_share=True))
    newer = _newer(session, lead, taken.found[0])
    if newer is not None:
        lead.ended_at, lead.ended_because, lead.replaced_by_id = now, REPLACED, newer.id
        return str(newer.plan), []
    facts = {"scopes": sorted(taken.inspection.scopes)}
    sealed: set[str] = set()
    references = []
    for place, found in enumerate(taken.found):
        if place == 0:
            run = lead
            walk.rt.vault.identify(
                session,
                taken.held.credential_id,
                subject=found.account.id,
                facts={**facts, "waba_id": found.account.id},
                expires_at=taken.inspection.expires_at,
                now=now,
            )
            sealed.add(found.account.id)
        else:
            run = _sibling(session, lead, found, now=now)
            references.append(run.reference)
        if found.account.id not in sealed:
            # The same token opens another account, which finds it under its own id.
            walk.rt.vault.seal(
                session,
                kind="business_token",
                client_id=lead.client_id,
                subject=found.account.id,
                secret=taken.held.secret,
                facts={**facts, "waba_id": found.account.id},
                expires_at=taken.inspection.expires_at,
                inspected=True,
                now=now,
            )
            sealed.add(found.account.id)
        _claim_share(session, run, found.account.id, now=now)
        _fill(session, walk, run, found, now=now)
        if run is not lead:
            _first_is_done(session, run, taken, found, now=now)
    return str(lead.plan), references


def replace_earlier(session: Session, onboarding_id: str, *, now: datetime) -> None:
    """End the earlier runs of the same numbers of the same client: the newest token and the newest run count.

    Older runs are locked oldest first, as everybody locks them; whoever walks one loses its lease and stops.
    """
    runs = session.scalars(
        select(Onboarding).where(or_(Onboarding.id == onboarding_id, Onboarding.lead_id == onboarding_id))
    ).all()
    for run in runs:
        for older in _earlier(session, run, lock=True):
            end_run(older, REPLACED, now=now, by=run.id)


def _earlier(session: Session, run: Onboarding, *, lock: bool = False) -> Sequence[Onboarding]:
    """Runs of the same number (or of an account without one) that began before this one and still count."""
    found = (
        select(Onboarding)
        .where(
            Onboarding.client_id == run.client_id,
            Onboarding.waba_id == run.waba_id,
            Onboarding.ended_at.is_(None),
            or_(Onboarding.phone_number_id == run.phone_number_id, Onboarding.phone_number_id.is_(None)),
            Onboarding.id < run.id,
            Onboarding.id != (run.lead_id or run.id),
            or_(Onboarding.lead_id.is_(None), Onboarding.lead_id != (run.lead_id or run.id)),
        )
        .order_by(Onboarding.id)
    )
    return session.scalars(found.with_for_update() if lock else found).all()


def _newer(session: Session, run: Onboarding, found: Found) -> Onboarding | None:
    """A run of the same number that began after this one, and was quicker."""
    number_id = found.number.id if found.number else None
    return session.scalars(
        select(Onboarding)
        .where(
            Onboarding.client_id == run.client_id,
            Onboarding.waba_id == found.account.id,
            Onboarding.phone_number_id.is_(None) if number_id is None else Onboarding.phone_number_id == number_id,
            Onboarding.ended_at.is_(None),
            Onboarding.id > run.id,
            or_(Onboarding.lead_id.is_(None), Onboarding.lead_id != run.id),
        )
        .order_by(Onboarding.id.desc())
    ).first()


def _sibling(session: Session, lead: Onboarding, found: Found, *, now: datetime) -> Onboarding:
    """The onboarding of a further number; the one an earlier attempt made, if it came so far."""
    number_id = found.number.id if found.number else None
    made = session.scalars(
        select(Onboarding).where(
            Onboarding.lead_id == lead.id,
            Onboarding.waba_id == found.account.id,
            Onboarding.phone_number_id.is_(None) if number_id is None else Onboarding.phone_number_id == number_id,
        )
    ).one_or_none()
    if made is not None:
        return made
    run = Onboarding(
        id=new_id(),
        reference=new_reference("onb"),
        client_id=lead.client_id,
        link_id=lead.link_id,
        lead_id=lead.id,
        way=lead.way,
        on_our_credit=lead.on_our_credit,
        plan_asked=lead.plan_asked,
        event_kind=lead.event_kind,
        event_ids=dict(lead.event_ids),
        test_word=readable(4),
        begun_at=lead.begun_at,
        due_at=now,
    )
    session.add(run)
    session.flush()  # steps refer to it
    return run


def _fill(session: Session, walk: Walk, run: Onboarding, found: Found, *, now: datetime) -> None:
    """Ids, plan, steps, and Meta's words of account and number."""
    before = ledger.plan_of(run)
    run.waba_id = found.account.id
    run.business_id = found.account.owner_business_id
    run.phone_number_id = found.number.id if found.number else None
    earlier = _earlier(session, run) if found.number is not None else ()
    proven = _live_proofs(session, earlier)
    was_live = bool(proven) or run.plan == "reconnect"  # walked again after a death, when the older run has ended
    run.plan = rules.choose_plan(_received(session, walk, run, was_live=was_live), _facts_of(found.number))
    account = keep_account(session, run.client_id, found.account, shared_at=run.begun_at, now=now)
    number = keep_number(session, account.id, found.number, now=now) if found.number is not None else None
    end_if_gone(session, run, account, number, now=now)
    if ledger.plan_of(run) != before or run.lead_id is not None:
        ledger.lay_steps(session, run)
    if run.plan == "reconnect":
        for proof in proven:
            ledger.note_proofs(session, run.id, {proof.kind: proof.evidence}, now=proof.seen_at)


def _claim_share(session: Session, run: Onboarding, waba_id: str, *, now: datetime) -> None:
    """Meta may have told of this account before anybody knew whose it is; what it told is evidence of the signup."""
    row = shares.claim(session, waba_id, run.id, now=now)
    if row is None:
        return
    first = ledger.plan_of(run).first
    step = session.scalars(
        select(Step).where(Step.onboarding_id == (run.lead_id or run.id), Step.name == first)
    ).one_or_none()
    if step is not None:
        name = "partner_added" if row.kind == rules.PARTNER_ADDED else "app_installed"
        step.evidence = {**step.evidence, name: shares.told(shares.share_of(row), at=row.told_at)}


def _received(session: Session, walk: Walk, run: Onboarding, *, was_live: bool) -> rules.Received:
    first = ledger.plan_of(run).first
    step = session.scalars(
        select(Step).where(Step.onboarding_id == walk.facts.onboarding_id, Step.name == first)
    ).one_or_none()
    added = step.evidence.get("partner_added", {}) if step is not None else {}
    return rules.Received(
        way=run.way,
        event_kind=run.event_kind,
        plan_asked=run.plan_asked,
        has_solution=bool(added.get("solution_id")),
        was_live=was_live,
    )


def _facts_of(number: Number | None) -> rules.NumberFacts | None:
    if number is None:
        return None
    return rules.NumberFacts(
        status=number.status,
        platform_type=number.platform_type,
        code_verification_status=number.code_verification_status,
        is_on_biz_app=number.is_on_biz_app,
        is_preverified=number.is_preverified_number,
        display_phone_number=number.display_phone_number,
    )


def _live_proofs(session: Session, earlier: Sequence[Onboarding]) -> list[Proof]:
    """The two messages of the newest earlier run that was live; empty when none was."""
    for run in reversed(earlier):
        plan = ledger.plan_of(run)
        proofs = {proof.kind: proof for proof in ledger.list_proofs(session, run.id)}
        if plan.live and all(kind in proofs for kind in plan.proofs):
            return [proofs[kind] for kind in plan.live]
    return []


def _first_is_done(session: Session, run: Onboarding, taken: Taken, found: Found, *, now: datetime) -> None:
    plan = ledger.plan_of(run)
    step = ledger.get_step(session, run.id, plan.first)
    if step.state in rules.SETTLED:
        return
    step.attempts, step.started_at = 1, now
    step.evidence = {
        "plan": plan.name,
        "scopes": sorted(taken.inspection.scopes),
        "account": found.account.name,
        "number": found.number.id if found.number else None,
    }
    if plan.parked:
        # Carried on by a person, as the first of them is.
        step.state, step.trouble = rules.NEEDS_US, trouble(f"parked_{plan.name}")
        return
    step.state, step.ended_at = rules.DONE, now
    ends = taken.inspection.expires_at.isoformat() if taken.inspection.expires_at else None
    ledger.note_proofs(session, run.id, {"token_valid": {"expires_at": ends}}, now=now)
