"""New clients of the last seven days, counted as Meta counts new customers: by portfolio, the first time.

A client whose portfolio we do not know yet counts by itself. A reconnect, another number or another account of a
portfolio we hold is nothing new, and neither is one we took over because it was shared with us before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.onboarding import rules
from app.onboarding.links.links import Visit
from app.onboarding.links.room import A_WEEK, WeeklyRoom, weekly_room
from app.onboarding.models import Onboarding, Step
from app.onboarding.plans import ADOPTED, BY_HAND

# Meta has counted these when the account was shared, not when we took it over.
NOT_BY_SIGNUP = (ADOPTED, BY_HAND)


def read_room(session: Session, *, limit: int, now: datetime) -> WeeklyRoom:
    """How much of Meta's weekly limit is used; one query, however many clients there are."""
    return weekly_room(_new_since(session, now=now), limit=limit, now=now)


def is_known(session: Session, visit: Visit) -> bool:
    """Whether Meta has counted this client before: it came aboard once, or its link names a portfolio that did."""
    business_id = str(visit.link.prefill.get("business", {}).get("id") or "")
    theirs = or_(Onboarding.client_id == visit.client.id, Onboarding.business_id == business_id)
    first = select(Onboarding.id).join(Step, _is_first(Onboarding, Step)).where(theirs).limit(1)
    return session.scalars(first).first() is not None


def _new_since(session: Session, *, now: datetime) -> Sequence[datetime]:
    """When each customer of the last week was new."""
    week = now - A_WEEK
    earlier, first = aliased(Onboarding), aliased(Step)
    same = or_(
        earlier.business_id == Onboarding.business_id,
        # Where one of the two portfolios is unknown, one client is taken for one customer.
        and_(
            earlier.client_id == Onboarding.client_id,
            or_(earlier.business_id.is_(None), Onboarding.business_id.is_(None)),
        ),
    )
    before = exists().where(_is_first(earlier, first), first.ended_at <= week, same)
    rows = session.execute(
        select(Step.ended_at, Onboarding.way, Onboarding.client_id, Onboarding.business_id)
        .join(Onboarding, _is_first(Onboarding, Step))
        .where(Step.ended_at > week, ~before)
        .order_by(Step.ended_at)
    ).all()
    portfolio_of = {client: business for _at, _way, client, business in rows if business}
    first_of: dict[str, tuple[datetime | None, str]] = {}
    for at, way, client, business in rows:
        first_of.setdefault(business or portfolio_of.get(client, client), (at, way))
    return [at for at, way in first_of.values() if at is not None and way not in NOT_BY_SIGNUP]


def _is_first(onboarding: type[Onboarding], step: type[Step]) -> Any:
    """The first step of an onboarding, done: from then on Meta has given us the client."""
    return and_(step.onboarding_id == onboarding.id, step.position == 1, step.state == rules.DONE)
