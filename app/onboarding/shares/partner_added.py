"""Meta says that a business shares an account with us (`PARTNER_ADDED`) or has let our app in (`…_APP_INSTALLED`).

It may come before the code, after it, twice, or without any signup of ours ("account_update webhook"; "it can arrive
before your callback"). It confirms the runs of that account; it completes the one that waits on Meta's own page, where
that is certain (`matching.py`); or it is entered among the shares nobody has claimed.
"""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.audit.store import SYSTEM, add_entry
from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.ledger.troubles import trouble
from app.onboarding.models import Onboarding, UnclaimedAccount
from app.onboarding.plans import PLANS
from app.onboarding.rules import PARTNER_ADDED
from app.onboarding.shares import hosted, shares
from app.onboarding.shares.matching import choose_opening
from app.onboarding.shares.shares import Share

SOLUTION = "solution"
# Locked oldest first, as everybody locks several.
_OF_ACCOUNT = (
    select(Onboarding)
    .where(Onboarding.waba_id == bindparam("waba_id"), Onboarding.ended_at.is_(None))
    .order_by(Onboarding.id)
    .with_for_update()
)


def seen(session: Session, share: Share, *, at: datetime, now: datetime) -> bool:
    """Note what Meta told at `at` (its own time); True when that made an onboarding due."""
    runs = session.scalars(_OF_ACCOUNT, {"waba_id": share.waba_id}).all()
    for run in runs:
        _confirm(session, run, share, at=at, now=now)
    last = shares.find_newest(session, share.waba_id)
    if last is not None and last.settled_at is not None and at <= last.told_at:
        # The same word once more: it has been acted upon.
        return False
    run_id = _choose(session, share, held=bool(runs), seen_at=now, now=now)
    if run_id is None:
        if not runs and not _confirm_joined(session, last, share, at=at, now=now):
            shares.enter(session, share, at=at, now=now)
        return False
    return _join(session, run_id, shares.enter(session, share, at=at, now=now), now=now)


def look_for(session: Session, onboarding_id: str, *, now: datetime) -> bool:
    """Whether a share that came earlier is the one this waiting run waits for; it is then joined to it.

    So an account is found that was shared before its opening was noted, or while it might have been another's.
    """
    for row in session.scalars(
        select(UnclaimedAccount)
        .where(UnclaimedAccount.settled_at.is_(None), UnclaimedAccount.kind == PARTNER_ADDED)
        .order_by(UnclaimedAccount.id)
    ).all():
        share = shares.share_of(row)
        if _choose(session, share, held=False, seen_at=row.seen_at, now=now) != onboarding_id:
            continue
        locked = shares.find_newest(session, row.waba_id)
        if locked is not None and locked.settled_at is None:
            return _join(session, onboarding_id, locked, now=now)
    return False


def _choose(session: Session, share: Share, *, held: bool, seen_at: datetime, now: datetime) -> str | None:
    if share.kind != PARTNER_ADDED:
        return None
    openings = hosted.list_openings(session)
    if not openings:
        return None
    others = hosted.others_in_the_window(session, now=now)
    return choose_opening(share.business_id, openings, held=held, others=others, seen_at=seen_at)


def _join(session: Session, run_id: str, row: UnclaimedAccount, *, now: datetime) -> bool:
    run = hosted.find_waiting(session, run_id)
    if run is None:
        # Another account was quicker; this one stays for staff to decide about.
        return False
    hosted.join(session, run, shares.share_of(row), at=row.told_at, now=now)
    shares.settle(row, shares.JOINED, onboarding_id=run.id, now=now)
    add_entry(session, SYSTEM, "account.joined", "onboarding", run.id, now=now, waba_id=row.waba_id)
    return True


def _confirm_joined(
    session: Session, last: UnclaimedAccount | None, share: Share, *, at: datetime, now: datetime
) -> bool:
    """Told again of an account that a run was given and has not proven yet; True when there is such a run."""
    run = session.get(Onboarding, last.onboarding_id, with_for_update=True) if last and last.onboarding_id else None
    if last is None or run is None or run.ended_at is not None or run.waba_id is not None:
        return False
    last.told_at = max(last.told_at, at)
    _confirm(session, run, share, at=at, now=now)
    return True


def _confirm(session: Session, run: Onboarding, share: Share, *, at: datetime, now: datetime) -> None:
    """Evidence for the run's first step; a share through one of Meta's solutions also changes what may be done."""
    step = ledger.get_step(session, run.id, ledger.plan_of(run).first)
    name = "partner_added" if share.kind == PARTNER_ADDED else "app_installed"
    before = step.evidence.get(name, {})
    if before.get("at", "") > at.isoformat():
        return
    # A later word without a solution takes none away.
    step.evidence = {**step.evidence, name: {**before, **shares.told(share, at=at)}}
    if share.solution_id is not None and run.plan is not None and not PLANS[run.plan].parked:
        _park(session, run, now=now)


def _park(session: Session, run: Onboarding, *, now: datetime) -> None:
    """The plan was chosen before Meta spoke of the solution: a person carries it on, unless it is connected already."""
    plan = ledger.plan_of(run)
    proven = {proof.kind for proof in ledger.list_proofs(session, run.id)}
    if all(kind in proven for kind in plan.connected):
        return
    steps = ledger.list_steps(session, run.id)
    done = [step.name for step in steps if step.state == rules.DONE]
    # Whoever walks it loses the lease and stops; what has been done stands among its calls and acts.
    run.due_at = run.leased_until = run.leased_by = None
    run.plan = SOLUTION
    ledger.lay_steps(session, run)
    first = next(step for step in steps if step.name == plan.first)
    first.state, first.trouble = rules.NEEDS_US, trouble(f"parked_{SOLUTION}")
    first.next_try_at = first.waits_for = first.waiting_since = first.waits_until = None
    add_entry(session, SYSTEM, "plan.parked", "onboarding", run.id, now=now, plan=plan.name, done=done)
