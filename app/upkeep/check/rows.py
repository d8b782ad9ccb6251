"""The rows that make accounts due: every connected account has one, and Meta's news bring it forward."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kit.ids import new_id
from app.numbers.models import Account
from app.onboarding.models import Onboarding
from app.onboarding.reading.shelf import is_connected
from app.upkeep.check import rules
from app.upkeep.check.models import AccountCheck
from app.work.arrivals import insert_into

STREAM = "checks"
AT_ONCE = 500


def ensure_rows(session: Session, *, now: datetime) -> int:
    """Give every connected account its row, due at the account's own time of day; how many were new or woken."""
    wanted = (
        select(Account.id)
        .join(Onboarding, (Onboarding.client_id == Account.client_id) & (Onboarding.waba_id == Account.waba_id))
        .where(Account.ended_at.is_(None), Onboarding.ended_at.is_(None), is_connected())
        .distinct()
    )
    waiting = select(AccountCheck.account_id).where(AccountCheck.due_at.is_not(None))
    missing = session.scalars(wanted.where(Account.id.not_in(waiting))).all()
    for start in range(0, len(missing), AT_ONCE):
        values = [
            {"id": new_id(), "account_id": one, "due_at": rules.first_check(one, now=now), "claims": 0, "failures": 0}
            for one in missing[start : start + AT_ONCE]
        ]
        fresh = insert_into(session, AccountCheck).values(values)
        session.execute(
            fresh.on_conflict_do_update(
                index_elements=["account_id"],
                # A row that was put to rest while its account was not ours goes on.
                set_={"due_at": func.coalesce(AccountCheck.due_at, fresh.excluded.due_at)},
            )
        )
    return len(missing)


def look_soon(session: Session, waba_ids: Iterable[str], *, now: datetime) -> bool:
    """Make the checks of these accounts (Meta's ids) due at once; whether there were any.

    The account's row is locked first and the check's next, as whoever notes a check does it; so this comes before
    anything else of the account is changed in the same transaction.
    """
    its = select(Account.id).where(Account.waba_id.in_(sorted(set(waba_ids)))).order_by(Account.id).with_for_update()
    ids = session.scalars(its).all()
    keys = session.scalars(select(AccountCheck.id).where(AccountCheck.account_id.in_(ids))).all() if ids else ()
    return _hurry(session, keys, now=now)


def check_now(session: Session, account_id: str, *, now: datetime) -> bool:
    """Make one account's check due at once, whatever it waits for; False where it has no row."""
    key = session.scalar(select(AccountCheck.id).where(AccountCheck.account_id == account_id))
    return key is not None and _hurry(session, [key], now=now)


def _hurry(session: Session, keys: Iterable[str], *, now: datetime) -> bool:
    hurried = False
    for row in session.scalars(
        select(AccountCheck).where(AccountCheck.id.in_(list(keys))).order_by(AccountCheck.id).with_for_update()
    ):
        if row.due_at is None:
            continue
        row.asked_at = now
        row.due_at = min(row.due_at, rules.after_news(now=now, checked_at=row.checked_at))
        hurried = True
    return hurried
