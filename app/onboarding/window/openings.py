"""The openings of Meta's window as people read them: when, for which plan, how far, and how each ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.onboarding.links.links import Visit
from app.onboarding.models import Link, Signup
from app.onboarding.window.endings import Ending, Heard, ending_of
from app.onboarding.window.events import EndEvent, stored_event


@dataclass(frozen=True)
class Opening:
    """One opening. `ending` is None while the window may be open, and when it brought an onboarding.

    `screen` is Meta's name of the last screen we know of; `error_id`, `error_message` and `session_id` are what Meta's
    support asks for.
    """

    id: str
    plan_asked: str | None
    opened_at: datetime
    heard_at: datetime
    event_kind: str | None
    screen: str | None
    error_id: str | None
    error_message: str | None
    session_id: str | None
    ending: Ending | None
    onboarding_id: str | None


def newest_opening(session: Session, client_id: str, *, now: datetime) -> Opening | None:
    """The last time a client opened Meta's window, from whichever browser and link: a new link takes up the thread."""
    theirs = select(Signup).join(Link, Link.id == Signup.link_id).where(Link.client_id == client_id)
    row = session.scalars(theirs.order_by(Signup.id.desc()).limit(1)).first()
    return opening_of(row, now=now) if row is not None else None


def find_opening(session: Session, visit: Visit, browser_key: str, *, now: datetime) -> Opening | None:
    """The opening this browser calls so."""
    mine = (Signup.session_id == visit.session_id) & (Signup.browser_key == browser_key)
    row = session.scalars(select(Signup).where(mine)).one_or_none()
    return opening_of(row, now=now) if row is not None else None


def list_openings(session: Session, link_id: str, *, now: datetime) -> Sequence[Opening]:
    """Every time Meta's window was opened through a link, newest first."""
    rows = session.scalars(select(Signup).where(Signup.link_id == link_id).order_by(Signup.id.desc()))
    return [opening_of(row, now=now) for row in rows]


def opening_of(row: Signup, *, now: datetime) -> Opening:
    """A row as people read it."""
    event = stored_event(row.event) if row.event is not None else None
    heard = heard_of(row, event)
    return Opening(
        id=row.id,
        plan_asked=row.plan_asked,
        opened_at=heard.opened_at,
        heard_at=max(at for at in (heard.opened_at, row.event_at, row.code_at, row.closed_at) if at is not None),
        event_kind=event.kind if event else None,
        screen=event.current_step if event else None,
        error_id=event.error_id if event else None,
        error_message=event.error_message if event else None,
        session_id=event.session_id if event else None,
        ending=ending_of(heard, now=now),
        onboarding_id=row.onboarding_id,
    )


def heard_of(row: Signup, event: EndEvent | None) -> Heard:
    """What the rules of endings need of a row. The message that the window opens may have been lost on its way."""
    return Heard(
        event=event,
        opened_at=row.opened_at or row.created_at,
        event_at=row.event_at,
        code_at=row.code_at,
        closed_at=row.closed_at,
        code_refused=row.code_refused,
        has_begun=row.onboarding_id is not None,
    )
