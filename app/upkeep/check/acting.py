"""What people do about drifts: check an account now, have something of ours repaired, take Meta's value over.

Nobody's browser waits for Meta: a wish is written down, the account is due at once, and a worker does it under the
same lease and the same limit as every check.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.kit.errors import Conflict, NotFound
from app.numbers.models import Account, Number
from app.upkeep.check import rows
from app.upkeep.check.checking import WANTED, name_of
from app.upkeep.check.facts import FACTS
from app.upkeep.check.models import Fact
from app.upkeep.check.rules import DRIFT

NOT_THERE = "There is no such account under check."
NOT_THERE_FACT = "There is no such fact of this account."
ACCEPTED = "accepted"


def check_now(session: Session, account_id: str, *, actor: Actor, now: datetime) -> None:
    """Make an account due at once. Raises `NotFound` where nothing of it is checked."""
    if not rows.check_now(session, account_id, now=now):
        raise NotFound(NOT_THERE)
    add_entry(session, actor, "account.check_asked", "account", account_id, now=now)


def repair(session: Session, account_id: str, fact_id: str, *, actor: Actor, now: datetime) -> str:
    """Have a fact put right; "wanted" where Meta must be asked for it, "accepted" where ours follows Meta's value.

    Raises `NotFound`, and `Conflict` where it is right already or only somebody else can put it right.
    """
    if session.scalar(select(Account.id).where(Account.id == account_id).with_for_update()) is None:
        raise NotFound(NOT_THERE)
    row = session.scalars(
        select(Fact).where(Fact.id == fact_id, Fact.account_id == account_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(NOT_THERE_FACT)
    fact = FACTS[row.name]
    if row.verdict != DRIFT:
        raise Conflict("Nothing is wrong with this any more.", code="no_drift")
    if fact.repairs not in {"ours", "staff"}:
        raise Conflict(f"We cannot put this right ourselves. {fact.do}", code="not_ours_to_repair")
    row.repaired_by = name_of(actor)
    if fact.repairs == "ours":
        row.repair, row.repair_trouble = WANTED, None
        add_entry(session, actor, "fact.repair_asked", "account", account_id, now=now, fact=row.name)
    else:
        _take_over(session, row)
        row.was, row.ours, row.verdict, row.since = row.ours, row.metas, "ok", now
        row.repair, row.repaired_at, row.repair_trouble = ACCEPTED, now, None
        add_entry(session, actor, "fact.accepted", "account", account_id, now=now, fact=row.name)
    session.flush()
    # What was open because of it closes with the check that follows.
    rows.check_now(session, account_id, now=now)
    return row.repair


def _take_over(session: Session, row: Fact) -> None:
    """Let our own record say what Meta says."""
    match row.name:
        case "owner":
            session.get_one(Account, row.account_id).business_id = row.metas
        case "currency":
            session.get_one(Account, row.account_id).currency = row.metas
        case "on_phone_app":
            session.get_one(Number, row.subject_id).is_on_biz_app = row.metas
