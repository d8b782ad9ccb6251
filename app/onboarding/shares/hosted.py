"""Signups on Meta's own page: an opening is a run that waits, and a shared account is what it waits for.

No script of ours is there and no code comes; Meta tells of the account (`partner_added.py`), or staff attach one that
nobody claimed (`unclaimed.py`). Only the server makes such a run's event: its ids are asked about with the partner's
own token, so no browser may name them.
"""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.kit.ids import new_id, new_reference, readable
from app.numbers.models import Account
from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.ledger.run_ends import REPLACED, end_run
from app.onboarding.links.links import Visit
from app.onboarding.models import Link, Onboarding, Signup
from app.onboarding.plans import HOSTED, POPUP, REDIRECT
from app.onboarding.shares.matching import FRESH, Opening
from app.onboarding.shares.shares import Share, told
from app.onboarding.window.events import EndEvent, stored_event
from app.onboarding.window.signups import ConsentGiven, note_opened, signup_of
from config import Settings


def open_hosted(
    session: Session, visit: Visit, settings: Settings, *, plan_asked: str | None, consent: ConsentGiven, now: datetime
) -> str:
    """The client goes to Meta's own page: keep opening and consent; the key of the run that waits for the account.

    Whoever goes there again while that run waits gets the same one.
    """
    signup = signup_of(session, visit, new_id(), now=now)
    signup.way = HOSTED
    note_opened(
        session,
        visit,
        browser_key=signup.browser_key,
        plan_asked=plan_asked,
        answers={},
        consent=consent,
        now=now,
    )
    waiting = session.scalars(_waiting().where(Onboarding.link_id == visit.link.id).with_for_update()).all()
    for run in waiting:
        if now - run.begun_at < FRESH:
            signup.onboarding_id = run.id
            return run.id
    run = begin_run(
        session,
        settings,
        client_id=visit.client.id,
        visit_of=(visit.link.id, signup.id),
        plan_asked=plan_asked,
        actor=Actor("client", visit.client.id),
        now=now,
    )
    signup.onboarding_id = run.id
    _replace(session, visit.client.id, run, now=now)
    return run.id


def begin_run(
    session: Session,
    settings: Settings,
    *,
    client_id: str,
    actor: Actor,
    now: datetime,
    visit_of: tuple[str, str] | None = None,
    plan_asked: str | None = None,
) -> Onboarding:
    """A run without a code: its first step fetches the token. `visit_of`: the link and the opening it came by."""
    link_id, signup_id = visit_of or (None, None)
    run = Onboarding(
        id=new_id(),
        reference=new_reference("onb"),
        client_id=client_id,
        link_id=link_id,
        signup_id=signup_id,
        way=HOSTED,
        on_our_credit=bool(settings.meta_credit_line_id),
        plan_asked=plan_asked,
        event_ids={},
        test_word=readable(4),
        begun_at=now,
        due_at=now,
    )
    session.add(run)
    session.flush()  # steps refer to it
    ledger.lay_steps(session, run)
    session.flush()  # whoever joins a share to it looks for its first step
    add_entry(session, actor, "onboarding.begun", "onboarding", run.id, now=now, reference=run.reference, way=HOSTED)
    return run


def join(session: Session, run: Onboarding, share: Share, *, at: datetime, now: datetime) -> None:
    """Give a run that waits (and is locked) the account it waits for, and make it due."""
    event = EndEvent(kind=share.kind, waba_id=share.waba_id, business_id=share.business_id)
    run.event_kind, run.event_ids, run.due_at = event.kind, event.as_stored(), now
    step = ledger.get_step(session, run.id, ledger.plan_of(run).first)
    step.evidence = {**step.evidence, "partner_added": told(share, at=at)}
    if step.state == rules.WAITING:
        step.next_try_at = now
    elif step.state in rules.PARKED:
        # It had waited in vain; now it has what it waited for.
        step.state, step.trouble, step.failures = rules.NOT_STARTED, None, 0


def find_waiting(session: Session, onboarding_id: str) -> Onboarding | None:
    """The run, locked, if it still waits for an account."""
    return session.scalars(
        _waiting().where(Onboarding.id == onboarding_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def list_openings(session: Session) -> list[Opening]:
    """Everybody who waits for an account, with the portfolios they are known by."""
    found = session.execute(
        select(Onboarding, Link.prefill)
        .outerjoin(Link, Link.id == Onboarding.link_id)
        .where(*_IS_WAITING)
        .order_by(Onboarding.id)
    ).all()
    known: dict[str, set[str]] = {}
    for client_id, business_id in session.execute(
        select(Account.client_id, Account.business_id).where(
            Account.client_id.in_({run.client_id for run, _ in found}), Account.business_id.is_not(None)
        )
    ):
        known.setdefault(client_id, set()).add(str(business_id))
    return [
        Opening(run.id, run.client_id, run.begun_at, frozenset(known.get(run.client_id, set()) | _named(prefill)))
        for run, prefill in found
    ]


def others_in_the_window(session: Session, *, now: datetime) -> bool:
    """Whether somebody is in Meta's window, or was within the hour, whose account we do not know yet."""
    since = now - FRESH
    run = select(Onboarding.id).where(
        Onboarding.way.in_((POPUP, REDIRECT)),
        Onboarding.waba_id.is_(None),
        Onboarding.ended_at.is_(None),
        Onboarding.begun_at > since,
    )
    if session.scalars(run.limit(1)).first() is not None:
        return True
    opened = session.scalars(
        select(Signup).where(
            Signup.way != HOSTED,
            Signup.opened_at > since,
            Signup.onboarding_id.is_(None),
            Signup.closed_at.is_(None),
        )
    )
    return any(row.event is None or stored_event(row.event).outcome not in {"cancelled", "failed"} for row in opened)


def replace_waiting(session: Session, onboarding_id: str, *, now: datetime) -> None:
    """A client that has come in another way waits on Meta's own page no more."""
    run = session.get_one(Onboarding, onboarding_id)
    _replace(session, run.client_id, run, now=now)


_IS_WAITING = (
    Onboarding.way == HOSTED,
    Onboarding.event_kind.is_(None),
    Onboarding.ended_at.is_(None),
    Onboarding.lead_id.is_(None),
)


def _waiting() -> Select[Onboarding]:
    return select(Onboarding).where(*_IS_WAITING).order_by(Onboarding.id)


def _replace(session: Session, client_id: str, by: Onboarding, *, now: datetime) -> None:
    older = _waiting().where(Onboarding.client_id == client_id, Onboarding.id < by.id).with_for_update()
    for run in session.scalars(older):
        end_run(run, REPLACED, now=now, by=by.id)


def _named(prefill: object) -> set[str]:
    business = prefill.get("business") if isinstance(prefill, dict) else None
    named = business.get("id") if isinstance(business, dict) else None
    return {str(named)} if named else set()
