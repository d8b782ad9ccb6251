"""The ten registrations a number has in 72 hours (Meta's page: "Register a number", 133016), counted over all our runs.

Every try counts, refused or not, whoever's run made it. A machine leaves the last ones to people, nobody makes an
eleventh, and once Meta has said that they are used up nobody asks until they are free again.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.onboarding import rules
from app.onboarding.ledger import acts
from app.onboarding.ledger.walk import Walk
from app.onboarding.models import Act, Onboarding

REGISTER = "register"
LOCKED = "register_locked"  # Meta has said that the tries are used up; not a call, so never counted as one


class NoneLeft(Exception):
    """No try may be spent now: so many are, or Meta has locked the number until then."""

    def __init__(self, spent: int, locked_until: datetime | None = None) -> None:
        super().__init__(f"{spent} of {rules.REGISTERS} tries are spent")
        self.spent = spent
        self.locked_until = locked_until


def spend(session: Session, walk: Walk, *, now: datetime) -> None:
    """Take one try, whose act was just written down in this transaction; `NoneLeft` undoes both."""
    since = now - rules.REGISTERS_WITHIN
    locked = acts.list_acts(session, subject=walk.phone_number_id, what=LOCKED, since=since)
    made = acts.list_acts(session, subject=walk.phone_number_id, what=REGISTER, since=since)
    before = [act for act in made if act.outcome != acts.PENDING]
    spent = len(before)
    if locked:
        raise NoneLeft(spent, _free_at(before, locked[-1].at))
    here = sum(act.onboarding_id == walk.facts.onboarding_id for act in before)
    if not rules.may_register(spent, here=here, by_hand=walk.by_hand):
        raise NoneLeft(spent, before[0].at + rules.REGISTERS_WITHIN if spent >= rules.REGISTERS else None)


def lock(walk: Walk) -> datetime:
    """Meta says that the tries are used up: remember it for every run; returns when they are free again."""
    subject, onboarding_id = walk.phone_number_id, walk.facts.onboarding_id

    def write(session: Session, now: datetime) -> None:
        key = acts.begin_act(session, subject=subject, what=LOCKED, onboarding_id=onboarding_id, now=now)
        acts.end_act(session, key, acts.DONE)

    walk.note(write)
    with walk.rt.db.read() as session:
        (*_, at) = [act.at for act in acts.list_acts(session, subject=subject, what=LOCKED)]
        return _free_at(acts.list_acts(session, subject=subject, what=REGISTER, since=at - rules.REGISTERS_WITHIN), at)


def locked_until(session: Session, phone_number_id: str, *, now: datetime) -> datetime | None:
    """When Meta opens a number again that it has locked for too many tries; None for one that is open."""
    locks = acts.list_acts(session, subject=phone_number_id, what=LOCKED, since=now - rules.REGISTERS_WITHIN)
    if not locks:
        return None
    at = locks[-1].at
    made = acts.list_acts(session, subject=phone_number_id, what=REGISTER, since=at - rules.REGISTERS_WITHIN)
    until = _free_at(made, at)
    return until if until > now else None


def was_ours(session: Session, phone_number_id: str, client_id: str) -> bool:
    """Whether the last registration of a number was one of this client's, and Meta did not refuse it."""
    last = session.execute(
        select(Act.outcome, Onboarding.client_id)
        .join(Onboarding, Onboarding.id == Act.onboarding_id)
        .where(Act.subject == phone_number_id, Act.what == REGISTER, Act.outcome != acts.WITHDRAWN)
        .order_by(Act.at.desc(), Act.id.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and last.client_id == client_id and last.outcome != acts.REFUSED


def _free_at(made: Sequence[Act], locked_at: datetime) -> datetime:
    """When the oldest of ten known tries is 72 hours old; where some were not ours, 72 hours after Meta said so."""
    if len(made) >= rules.REGISTERS:
        return made[-rules.REGISTERS].at + rules.REGISTERS_WITHIN
    return locked_at + rules.REGISTERS_WITHIN
