"""One opening of Meta's window, told by the browser in pieces that may come in any order, twice, or never."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.onboarding.ledger import ledger
from app.onboarding.links.links import Visit
from app.onboarding.models import Consent, Onboarding, Signup
from app.onboarding.plans import FIRST_OF
from app.onboarding.window.events import CLOSED as CLOSED
from app.onboarding.window.events import EndEvent, read_screen, stored_event
from app.work.arrivals import insert_into

EXCHANGE = "exchange"
OPENED = "signup.opened"
# What weighs more replaces what was known: somebody may report an error, go on all the same, and finish.
_WEIGHT = {"under_way": 0, "closed": 1, "cancelled": 2, "failed": 3, "finished": 4}

# Built once, because every piece a browser tells begins with it.
_SIGNUP = (
    select(Signup)
    .where(Signup.session_id == bindparam("session_id"), Signup.browser_key == bindparam("browser_key"))
    .with_for_update()
)


@dataclass(frozen=True)
class ConsentGiven:
    """What the client accepted by opening the window: `partner` to whom, `terms_url` on a page of the partner's own."""

    terms_version: str
    language: str | None
    scopes: tuple[str, ...]
    address: str | None
    user_agent: str | None
    partner: str = ""
    terms_url: str | None = None


def signup_of(session: Session, visit: Visit, browser_key: str, *, now: datetime) -> Signup:
    """The row of this opening, made by whichever piece comes first, and locked: pieces may well arrive at once."""
    mine = {"session_id": visit.session_id, "browser_key": browser_key}
    row = session.scalars(_SIGNUP, mine).one_or_none()
    if row is None:
        session.execute(
            insert_into(session, Signup)
            .values(link_id=visit.link.id, session_id=visit.session_id, browser_key=browser_key, created_at=now)
            .on_conflict_do_nothing(index_elements=["session_id", "browser_key"])
        )
        row = session.scalars(_SIGNUP, mine).one()
    return row


def get_signup(session: Session, visit: Visit, browser_key: str) -> Signup:
    """The row of this opening, locked; it is there, because something was noted on it before."""
    return session.scalars(_SIGNUP, {"session_id": visit.session_id, "browser_key": browser_key}).one()


def note_opened(
    session: Session,
    visit: Visit,
    *,
    browser_key: str,
    plan_asked: str | None,
    answers: Mapping[str, Any],
    consent: ConsentGiven,
    now: datetime,
) -> None:
    """The window opens: keep the plan asked for, the answers, and the consent; a repeat changes nothing."""
    row = signup_of(session, visit, browser_key, now=now)
    if row.opened_at is not None:
        return
    row.opened_at = now
    row.plan_asked = plan_asked
    row.answers = dict(answers)
    session.add(
        Consent(
            client_id=visit.client.id,
            link_id=visit.link.id,
            signup_id=row.id,
            terms_version=consent.terms_version,
            language=consent.language,
            scopes=list(consent.scopes),
            address=consent.address,
            user_agent=(consent.user_agent or "")[:300] or None,
            at=now,
        )
    )
    # Settings change; what stood there in this moment is part of what was agreed to.
    shown = {"partner": consent.partner, "terms_url": consent.terms_url}
    add_entry(
        session,
        Actor("client", visit.client.id),
        OPENED,
        "link",
        visit.link.id,
        now=now,
        signup=row.id,
        **{name: value for name, value in shown.items() if value},
    )


def note_event(session: Session, visit: Visit, *, browser_key: str, event: EndEvent, now: datetime) -> str | None:
    """Keep what the window said. When the code came first, its onboarding becomes due and its key is returned."""
    row = signup_of(session, visit, browser_key, now=now)
    if not _is_news(row, event):
        return None
    row.event = _with_the_screen_before(event, row).as_stored()
    if event.outcome != "under_way":
        row.event_at = now
    onboarding = session.get(Onboarding, row.onboarding_id, with_for_update=True) if row.onboarding_id else None
    if onboarding is None or FIRST_OF[onboarding.way] != EXCHANGE:
        # Where no code came, the ids go to Meta with the partner's own token: no browser names those.
        return None
    if not _is_end(event) or (onboarding.event_kind or "").startswith("FINISH"):
        return None
    tell_event(onboarding, event, now=now)
    ledger.hurry(session, onboarding.id, EXCHANGE, now=now)
    return onboarding.id


def note_closed(session: Session, visit: Visit, *, browser_key: str, screen: str | None, now: datetime) -> None:
    """The window went away without an end; the screen it showed last, if the browser knows it."""
    row = signup_of(session, visit, browser_key, now=now)
    row.closed_at = row.closed_at or now
    closed = EndEvent(kind=CLOSED, current_step=read_screen(screen))
    if _is_news(row, closed):
        row.event = _with_the_screen_before(closed, row).as_stored()


def note_refusal(session: Session, visit: Visit, *, browser_key: str, key: str) -> Signup:
    """Meta did not take this opening's code, for the reason of this key in the catalogue; the claim on it is given up.

    Only a new signup helps, and the page can say so as long as the row is there.
    """
    row = get_signup(session, visit, browser_key)
    row.code_at = None
    row.code_refused = key
    return row


def tell_event(onboarding: Onboarding, event: EndEvent, *, now: datetime) -> None:
    """Give an onboarding its end event, and make it due; what is no end leaves it waiting for one."""
    if not _is_end(event):
        return
    onboarding.event_kind = event.kind
    onboarding.event_ids = event.as_stored()
    onboarding.due_at = now


def _is_end(event: EndEvent) -> bool:
    return event.outcome not in {"under_way", "closed"}


def _is_news(row: Signup, event: EndEvent) -> bool:
    if row.event is None:
        return True
    known, told = stored_event(row.event).outcome, event.outcome
    return _WEIGHT[told] > _WEIGHT[known] or told == known == "under_way"


def _with_the_screen_before(event: EndEvent, row: Signup) -> EndEvent:
    """An end that names no screen was seen on the last one that was named."""
    if event.current_step is not None or row.event is None or event.outcome == "finished":
        return event
    return replace(event, current_step=row.event.get("current_step"))
