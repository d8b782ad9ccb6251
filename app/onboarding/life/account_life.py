"""What the webhook intake tells about the life of an account after its signup, one verb an event.

Meta's pages: "account_update webhook", "Reconnect offboarded coexistence clients". `at` is the notification's own time;
events may come in any order, twice, before the signup they speak of has been read, or for accounts we never had. A
removal is final for the runs that had begun by then; a later signup begins anew.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.credentials.retirement import retire
from app.numbers import life
from app.numbers.models import Account, Number
from app.numbers.rules import OFFBOARDED, RECONNECTED, REMOVED, UNINSTALLED, digits_of, end_of
from app.onboarding.ledger import ledger, run_ends
from app.onboarding.models import Onboarding

META = Actor("meta")
PAUSED = "account_paused"  # the wait of a step that would send or ask while the phone app is off
# These look at the number, which reads as disconnected while its phone app is off.
HELD_UP = frozenset({PAUSED, "number_connected"})


def offboarded(session: Session, *, waba_id: str, at: datetime, now: datetime) -> bool:
    """The phone app is off for the moment: nothing is sent, everything else stays. Never makes anything due."""
    if life.note_event(session, waba_id=waba_id, kind=OFFBOARDED, at=at, now=now):
        _settle(session, waba_id, "account.paused", at=at, now=now)
    return False


def reconnected(session: Session, *, waba_id: str, at: datetime, now: datetime) -> bool:
    """The phone app is back: what waited goes on at once; True when that made an onboarding due."""
    if not life.note_event(session, waba_id=waba_id, kind=RECONNECTED, at=at, now=now):
        return False
    made_due = False
    for run in _settle(session, waba_id, "account.resumed", at=at, now=now):
        made_due |= _hurry(session, run, now=now)
    return made_due


def removed(
    session: Session,
    *,
    waba_id: str,
    number: str | None = None,
    because: str | None = None,
    by: str | None = None,
    at: datetime,
    now: datetime,
) -> bool:
    """The account is shared with us no more; with a `number` (its digits) only that one of its numbers."""
    digits = digits_of(number)
    if number is not None and not digits:
        return False
    if life.note_event(session, waba_id=waba_id, kind=REMOVED, digits=digits, because=because, by=by, at=at, now=now):
        _end(session, waba_id, now=now)
    return False


def uninstalled(session: Session, *, waba_id: str, at: datetime, now: datetime) -> bool:
    """Our app was taken off the account, and with it its token: as if the account had been removed."""
    if life.note_event(session, waba_id=waba_id, kind=UNINSTALLED, because="APP_UNINSTALLED", at=at, now=now):
        _end(session, waba_id, now=now)
    return False


def end_if_gone(session: Session, run: Onboarding, account: Account, number: Number | None, *, now: datetime) -> bool:
    """End a run that has just read its ids when Meta had told of their end before; its walker keeps the lease."""
    events = life.settle_account(session, account)
    display = number.display_phone_number if number is not None else None
    if end_of(events, digits_of(display), run.begun_at) is None:
        return False
    _say_goodbye(session, run, now=now)
    run.ended_at, run.ended_because = now, run_ends.REMOVED
    return True


def _settle(session: Session, waba_id: str, action: str, *, at: datetime, now: datetime) -> Sequence[Onboarding]:
    """Let the accounts say what their events come to; the runs this changed something for, in their history too."""
    runs = _runs_of(session, waba_id)
    before = _paused(session, waba_id)
    after = {row.client_id: row.paused_at for row in life.settle(session, waba_id)}
    changed = [run for run in runs if before.get(run.client_id) != after.get(run.client_id)]
    for run in changed:
        add_entry(session, META, action, "onboarding", run.id, now=now, at=at.isoformat())
    return changed


def _paused(session: Session, waba_id: str) -> dict[str, datetime | None]:
    found = session.execute(select(Account.client_id, Account.paused_at).where(Account.waba_id == waba_id))
    return {row.client_id: row.paused_at for row in found}


def _hurry(session: Session, run: Onboarding, *, now: datetime) -> bool:
    steps = [step for step in ledger.list_steps(session, run.id) if step.waits_for in HELD_UP]
    for step in steps:
        step.next_try_at = now
        run.due_at = now
    return bool(steps)


def _end(session: Session, waba_id: str, *, now: datetime) -> None:
    """End the runs that had begun by then, and retire what opened the account."""
    runs = [*_runs_of(session, waba_id), *_runs_to_be(session, waba_id)]
    life.settle(session, waba_id)
    events, numbers = life.events_of(session, waba_id), _numbers_of(session, waba_id)
    for run in runs:
        display = numbers.get((run.client_id, str(run.phone_number_id)))
        if end_of(events, digits_of(display), run.begun_at) is not None:
            _say_goodbye(session, run, now=now)
            run_ends.end_run(run, run_ends.REMOVED, now=now)


def _say_goodbye(session: Session, run: Onboarding, *, now: datetime) -> None:
    """The history says so, and the account's token opens nothing any more unless another number still needs it."""
    add_entry(session, META, "account.removed", "onboarding", run.id, now=now)
    subjects = [run.id] if run.waba_id is None else [run.id, run.waba_id]
    for subject in subjects:
        if subject == run.id or not _needed(session, run):
            retire(session, kind="business_token", client_id=run.client_id, subject=subject, now=now)


def _needed(session: Session, run: Onboarding) -> bool:
    """Whether the account as such is still ours: then its token serves its other numbers."""
    ended_at = session.scalar(
        select(Account.ended_at).where(Account.client_id == run.client_id, Account.waba_id == run.waba_id)
    )
    return ended_at is None


def _runs_of(session: Session, waba_id: str) -> Sequence[Onboarding]:
    """The runs of an account that still count, locked, the oldest first."""
    return session.scalars(
        select(Onboarding)
        .where(Onboarding.waba_id == waba_id, Onboarding.ended_at.is_(None))
        .order_by(Onboarding.id)
        .with_for_update()
    ).all()


def _runs_to_be(session: Session, waba_id: str) -> Sequence[Onboarding]:
    """Runs whose window named the account, while their first step has not read it yet."""
    return session.scalars(
        select(Onboarding)
        .where(
            Onboarding.waba_id.is_(None),
            Onboarding.ended_at.is_(None),
            Onboarding.event_ids["waba_id"].as_string() == waba_id,
        )
        .order_by(Onboarding.id)
        .with_for_update()
    ).all()


def _numbers_of(session: Session, waba_id: str) -> dict[tuple[str, str], str | None]:
    found = session.execute(
        select(Account.client_id, Number.phone_number_id, Number.display_phone_number)
        .join(Number, Number.account_id == Account.id)
        .where(Account.waba_id == waba_id)
    )
    return {(row.client_id, row.phone_number_id): row.display_phone_number for row in found}
