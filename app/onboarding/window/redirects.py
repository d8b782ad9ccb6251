"""The way over Meta's full page and back: a one-time state binds the way back to the browser that went.

Meta's page: "Manually build a login flow". The state is kept as its digest, works once, for an hour, and only in the
browser session that got it: a code somebody else obtained cannot be slipped into a client's page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.digests import digest
from app.kit.ids import new_id, unguessable
from app.kit.secret import Secret
from app.onboarding.links.links import Visit
from app.onboarding.models import Signup
from app.onboarding.plans import REDIRECT
from app.onboarding.window.signups import ConsentGiven, note_opened, signup_of

LIFE = timedelta(hours=1)

Refusal = Literal["unknown", "foreign", "expired", "used"]


@dataclass(frozen=True)
class Gone:
    """Where somebody who comes back had gone from. `link_id` names whose cookie must be shown."""

    signup_id: str
    link_id: str
    browser_key: str
    session_id: str
    redirect_uri: str
    onboarding_id: str | None
    opened_at: datetime
    used: bool


def open_redirect(
    session: Session, visit: Visit, *, redirect_uri: str, plan_asked: str | None, consent: ConsentGiven, now: datetime
) -> Secret:
    """The client goes to Meta's full page: keep opening and consent; the state that must come back."""
    state = Secret(unguessable())
    signup = signup_of(session, visit, new_id(), now=now)
    signup.way, signup.state_hash, signup.redirect_uri = REDIRECT, digest(state.reveal()), redirect_uri
    note_opened(
        session,
        visit,
        browser_key=signup.browser_key,
        plan_asked=plan_asked,
        answers={},
        consent=consent,
        now=now,
    )
    return state


def find_gone(session: Session, state: str) -> Gone | None:
    """The opening this state belongs to, whoever shows it."""
    row = session.scalars(select(Signup).where(Signup.state_hash == digest(state))).one_or_none()
    if row is None or row.redirect_uri is None:
        return None
    return Gone(
        signup_id=row.id,
        link_id=row.link_id,
        browser_key=row.browser_key,
        session_id=row.session_id,
        redirect_uri=row.redirect_uri,
        onboarding_id=row.onboarding_id,
        opened_at=row.opened_at or row.created_at,
        used=row.state_used_at is not None,
    )


def may_come_back(gone: Gone | None, visit: Visit | None, *, now: datetime) -> Refusal | None:
    """Why nothing is exchanged for somebody who comes back; None when all is right."""
    if gone is None:
        return "unknown"
    if visit is None or visit.session_id != gone.session_id:
        return "foreign"
    if gone.used:
        return "used"
    return "expired" if now - gone.opened_at > LIFE else None


def use_state(session: Session, gone: Gone, *, now: datetime) -> bool:
    """Spend the state; False when another request of the same browser was quicker."""
    row = session.get_one(Signup, gone.signup_id, with_for_update=True, populate_existing=True)
    if row.state_used_at is not None:
        return False
    row.state_used_at = now
    return True


def give_state_back(session: Session, gone: Gone) -> None:
    """Meta could not be reached: the code may still be good, so the same address may be loaded again."""
    session.get_one(Signup, gone.signup_id, with_for_update=True, populate_existing=True).state_used_at = None
