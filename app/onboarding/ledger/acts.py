"""Acts: calls that must not happen twice, written down before they are made and seen by every run of the steps.

Meta counts some of them (ten registrations of a number in 72 hours), refuses to repeat others (a sync), and pays for a
third kind (a shared credit line). So what one onboarding is about to do another one must see, also of another client.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.db import queue_up
from app.kit.ids import new_id
from app.meta.transport import LONGEST_TRY
from app.onboarding.models import Act
from app.work.arrivals import insert_into

PENDING, DONE, REFUSED, WITHDRAWN, UNKNOWN = "pending", "done", "refused", "withdrawn", "unknown"
# Longer than a call may take: whoever still holds it then has died, and nobody knows what Meta did.
LONGEST_CALL = timedelta(seconds=90)
# A call without an answer may come to pass later than we look: Meta may still be at work on it, and whoever lost its
# lease may still wait for it. Once a try of ours has certainly ended, a look that shows nothing is believed.
IN_DOUBT = timedelta(seconds=LONGEST_TRY)


class UnderWay(Exception):
    """Another run of the steps is making the same call at this moment."""


class InDoubt(UnderWay):
    """This run's own call may come to pass yet; a look after `until` will tell."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"the fate of a call is unknown until {until}")
        self.until = until


def begin_act(
    session: Session,
    *,
    subject: str,
    what: str,
    onboarding_id: str,
    by_hand: bool = False,
    looked_at: datetime | None = None,
    now: datetime,
) -> str:
    """Write down that it is about to happen; returns the act's key. Raises `UnderWay`, of which `InDoubt` is one.

    What this very onboarding had pending was cut off by a death: its fate is unknown from here on. `looked_at` is when
    the caller began to look whether the call is needed: what another run may have done since then it has not seen, nor
    what Meta may have made since then of a call whose answer was lost.
    Whoever asks about the same subject takes turns, because another's whole call fits between a look at the books and
    the line written into them.
    """
    queue_up(session, f"act {what} {subject}")
    pending = session.scalars(
        select(Act).where(Act.subject == subject, Act.what == what, Act.outcome == PENDING).with_for_update()
    ).one_or_none()
    if pending is not None:
        if pending.onboarding_id != onboarding_id and now - pending.at < LONGEST_CALL:
            raise UnderWay
        pending.outcome = UNKNOWN
        session.flush()
    if looked_at is not None:
        if _done_unseen(session, subject, what, onboarding_id, looked_at):
            raise UnderWay
        for act in list_acts(session, subject=subject, what=what, since=looked_at - IN_DOUBT):
            if is_in_doubt(act, looked_at=looked_at):
                raise InDoubt(act.at + IN_DOUBT)
    key = new_id()
    added = session.execute(
        insert_into(session, Act)
        .values(
            id=key, subject=subject, what=what, onboarding_id=onboarding_id, at=now, outcome=PENDING, by_hand=by_hand
        )
        .on_conflict_do_nothing(index_elements=["subject", "what"], index_where=text("outcome = 'pending'"))
        .returning(Act.id)
    )
    if added.scalar_one_or_none() is None:
        raise UnderWay
    return key


def _done_unseen(session: Session, subject: str, what: str, onboarding_id: str, looked_at: datetime) -> bool:
    """Whether another run's call may have ended after that look: it began no longer before it than a call may take."""
    found = select(Act.id).where(
        Act.subject == subject,
        Act.what == what,
        Act.onboarding_id != onboarding_id,
        Act.outcome.in_((DONE, UNKNOWN)),
        Act.at > looked_at - LONGEST_CALL,
    )
    return session.scalars(found.limit(1)).first() is not None


def is_in_doubt(act: Act, *, looked_at: datetime) -> bool:
    """Whether an act without an answer is so young that a look which began then may have come too early."""
    return act.outcome in {PENDING, UNKNOWN} and act.at > looked_at - IN_DOUBT


def end_act(session: Session, key: str, outcome: str) -> None:
    """Write down what became of it: done, refused, withdrawn (it never left us) or unknown (its answer was lost)."""
    session.execute(update(Act).where(Act.id == key).values(outcome=outcome))


def list_acts(session: Session, *, subject: str, what: str, since: datetime | None = None) -> Sequence[Act]:
    """Every act of a kind on a subject, oldest first, without those that never left us."""
    found = select(Act).where(Act.subject == subject, Act.what == what, Act.outcome != WITHDRAWN)
    if since is not None:
        found = found.where(Act.at > since)
    return session.scalars(found.order_by(Act.at, Act.id)).all()
