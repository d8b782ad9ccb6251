"""Who stopped on the way: one row a client, with where, since when, and what its window said last.

A client is here by its newest link. Who has come live is not, nor who came aboard by another way, nor whose link was
revoked. Somebody who has only just begun is under way, not stopped: a link may lie unopened for a day, and a page or a
window may stay open for a while.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.clients.models import Client
from app.onboarding.funnel import reached
from app.onboarding.funnel.funnel import Wish, chosen
from app.onboarding.links.links import state_of
from app.onboarding.models import Link, Onboarding, Signup
from app.onboarding.window.endings import PATIENCE_FOR_CODE, PATIENCE_FOR_EXCHANGE, PATIENCE_FOR_WINDOW
from app.onboarding.window.openings import Opening, opening_of

A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
STOPPABLE = reached.STAGES[:-1]


@dataclass(frozen=True)
class Stopped:
    """One client that stopped. `stage` is how far its link brought it, `reference` its onboarding, if one began."""

    link_id: str
    link_state: str
    client_id: str
    client_name: str
    external_ref: str | None
    language: str | None
    contact_name: str | None
    contact_email: str | None
    plan: str | None
    plans: tuple[str, ...]
    stage: str
    since: datetime
    opening: Opening | None
    reference: str | None


@dataclass(frozen=True)
class StoppedPage:
    """Some of them, newest link first, and where the next page of older ones begins (None at the end)."""

    rows: tuple[Stopped, ...]
    next: str | None


def list_stopped(
    session: Session,
    wish: Wish,
    *,
    now: datetime,
    stage: str | None = None,
    before: str | None = None,
    limit: int = 25,
) -> StoppedPage:
    """Those of a plan and week who stopped, at one stage if one is named; one query."""
    far = reached.stage()
    query = (
        select(Link, Client, Signup, Onboarding, far.label("stage"), reached.plan().label("plan"))
        .join(Client, Client.id == Link.client_id)
        .outerjoin(Signup, Signup.id == reached.newest_signup())
        .outerjoin(Onboarding, Onboarding.id == reached.newest_onboarding())
        .where(*chosen(wish, now=now), Link.revoked_at.is_(None), ~_has_newer_link(), _stands_still(now))
        .where(far == stage if stage else far.in_(STOPPABLE))
        .where(or_(Onboarding.id.is_not(None), ~reached.client_is_aboard()))
        .order_by(Link.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(Link.id < before)
    found = [_row(*row, now=now) for row in session.execute(query)]
    return StoppedPage(tuple(found[:limit]), found[limit - 1].link_id if len(found) > limit else None)


def _has_newer_link() -> ColumnElement[bool]:
    newer = aliased(Link)
    return exists().where(newer.client_id == Link.client_id, newer.id > Link.id)


def _stands_still(now: datetime) -> ColumnElement[bool]:
    """Nothing more is to be expected by itself; how the last opening ended is told by the same waits as its words."""
    kind = Signup.event["kind"].as_string()
    ended = or_(
        Signup.closed_at.is_not(None),
        Signup.code_refused.is_not(None),
        kind.startswith("CANCEL"),
        kind.startswith("ERROR"),
        and_(kind.startswith("FINISH"), Signup.event_at <= now - PATIENCE_FOR_CODE),
        func.coalesce(Signup.opened_at, Signup.created_at) <= now - PATIENCE_FOR_WINDOW,
    )
    exchanging = func.coalesce(Signup.code_at > now - PATIENCE_FOR_EXCHANGE, False)
    return or_(
        Onboarding.begun_at <= now - AN_HOUR,
        and_(Onboarding.id.is_(None), ended, ~exchanging),
        and_(Onboarding.id.is_(None), Signup.id.is_(None), Link.opened_at <= now - AN_HOUR),
        and_(Onboarding.id.is_(None), Link.opened_at.is_(None), Link.created_at <= now - A_DAY),
    )


def _row(
    link: Link,
    client: Client,
    signup: Signup | None,
    onboarding: Onboarding | None,
    stage: str,
    plan: str | None,
    *,
    now: datetime,
) -> Stopped:
    opening = opening_of(signup, now=now) if signup is not None else None
    signs: list[Any] = [link.opened_at, opening and opening.heard_at, onboarding and onboarding.begun_at]
    return Stopped(
        link_id=link.id,
        link_state=state_of(link, now=now),
        client_id=client.id,
        client_name=client.name,
        external_ref=client.external_ref,
        language=client.language,
        contact_name=client.contact_name,
        contact_email=client.contact_email,
        plan=plan,
        plans=tuple(link.plans),
        stage=stage,
        since=max((at for at in signs if at is not None), default=link.created_at),
        opening=opening,
        reference=onboarding.reference if onboarding is not None else None,
    )
