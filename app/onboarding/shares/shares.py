"""The book of accounts that were shared with us before a run of ours held them: entered, then settled.

An entry begins unclaimed. A code that brings the account settles it without a word; staff see it only after some
minutes without one (`unclaimed.py`).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.onboarding.models import UnclaimedAccount
from app.onboarding.rules import PARTNER_ADDED
from app.work.arrivals import insert_into

CLAIMED, JOINED, ATTACHED, CLIENT_MADE, REFUSED, REMOVED = (
    "claimed",
    "joined",
    "attached",
    "client_made",
    "refused",
    "removed",
)


@dataclass(frozen=True)
class Share:
    """An account Meta told us of; `kind` is Meta's word for how it came."""

    kind: str
    waba_id: str
    business_id: str | None
    solution_id: str | None = None


def find_newest(session: Session, waba_id: str) -> UnclaimedAccount | None:
    """The last share of an account, settled or not, locked."""
    return session.scalars(
        select(UnclaimedAccount)
        .where(UnclaimedAccount.waba_id == waba_id)
        .order_by(UnclaimedAccount.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def enter(session: Session, share: Share, *, at: datetime, now: datetime) -> UnclaimedAccount:
    """The open entry of a share, made or brought up to date. Two tellings at once make one."""
    session.execute(
        insert_into(session, UnclaimedAccount)
        .values(waba_id=share.waba_id, kind=share.kind, told_at=at, seen_at=now)
        .on_conflict_do_nothing()
    )
    row = session.scalars(
        select(UnclaimedAccount)
        .where(UnclaimedAccount.waba_id == share.waba_id, UnclaimedAccount.settled_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    row.told_at = max(row.told_at, at)
    row.business_id = share.business_id or row.business_id
    row.solution_id = share.solution_id or row.solution_id
    if share.kind == PARTNER_ADDED:
        # Shared as a whole weighs more than an app let in.
        row.kind = share.kind
    return row


def claim(session: Session, waba_id: str, onboarding_id: str, *, now: datetime) -> UnclaimedAccount | None:
    """A code has brought this account: settle its open entry, if there is one, and give it back."""
    row = find_newest(session, waba_id)
    if row is None or row.settled_at is not None:
        return None
    settle(row, CLAIMED, onboarding_id=onboarding_id, now=now)
    return row


def take_back(session: Session, waba_id: str, *, now: datetime) -> None:
    """The account was taken away before anybody claimed it: nothing is left to decide."""
    row = find_newest(session, waba_id)
    if row is not None and row.settled_at is None:
        settle(row, REMOVED, now=now)


def settle(row: UnclaimedAccount, how: str, *, now: datetime, onboarding_id: str | None = None) -> None:
    row.settled_at, row.settled_as, row.onboarding_id = now, how, onboarding_id


def share_of(row: UnclaimedAccount) -> Share:
    return Share(row.kind, row.waba_id, row.business_id, row.solution_id)


def told(share: Share, *, at: datetime) -> dict[str, str | None]:
    """A share as the evidence of a first step."""
    facts = {"at": at.isoformat(), "business_id": share.business_id}
    return facts | ({"solution_id": share.solution_id} if share.solution_id else {})
