"""Links as rows, with what happened on them, made at any time."""

from datetime import datetime, timedelta
from typing import Any

from app.audit.store import SYSTEM
from app.db import Database
from app.kit.ids import new_id, new_reference
from app.onboarding.links.links import LinkOrder, create_link
from app.onboarding.models import ConnectSession, Link, Onboarding, Proof, Signup, Step
from app.onboarding.plans import PLANS

CONNECTED = ("token_valid", "subscription_listed", "callback_ours", "credit_attached", "number_registered")
LIVE = (*CONNECTED, "message_in", "message_out")


def add_link(
    db: Database, client: str = "Example Bakery", *, at: datetime, opened_at: datetime | None = None, **order: Any
) -> Link:
    """A link made at a time, and opened at another if it was."""
    with db.write() as session:
        link = create_link(session, LinkOrder(client, **order), actor=SYSTEM, now=at).link
        link.opened_at = opened_at
        return link


def add_opening(
    db: Database, link: Link, *, at: datetime, event: dict[str, Any] | None = None, plan: str = "standard", **more: Any
) -> Signup:
    """An opening of Meta's window through a link; an end event came in the same moment."""
    with db.write() as session:
        browser = ConnectSession(link_id=link.id, secret_hash=new_id(), created_at=at, expires_at=link.expires_at)
        session.add(browser)
        session.flush()
        row = Signup(
            link_id=link.id,
            session_id=browser.id,
            browser_key="browser-key-of-a-test",
            plan_asked=plan,
            opened_at=at,
            event=event,
            event_at=at if event and event["kind"] not in {"PROGRESS", "CLOSED"} else None,
            created_at=at,
            **more,
        )
        session.add(row)
        return row


def add_onboarding_of(
    db: Database,
    link: Link,
    *,
    at: datetime,
    signup: Signup | None = None,
    plan: str | None = "standard",
    way: str = "popup",
    proofs: tuple[str, ...] = (),
    first_step_done_at: datetime | None = None,
    business_id: str | None = None,
) -> Onboarding:
    """An onboarding that came through a link; its first step is done if a time is given for that."""
    with db.write() as session:
        row = Onboarding(
            id=new_id(),
            reference=new_reference("onb"),
            client_id=link.client_id,
            link_id=link.id,
            signup_id=signup.id if signup else None,
            plan_asked="standard",
            plan=plan,
            way=way,
            business_id=business_id,
            test_word="K7QX",
            begun_at=at,
        )
        session.add(row)
        session.flush()
        if signup is not None:
            session.get_one(Signup, signup.id).onboarding_id = row.id
        for position, name in enumerate(PLANS[plan if plan in PLANS else "standard"].steps, start=1):
            first = position == 1
            state = ("done" if first_step_done_at else "running") if first else "not_started"
            ended_at = first_step_done_at if first else None
            step = Step(onboarding_id=row.id, name=name, position=position, state=state, ended_at=ended_at)
            session.add(step)
        for kind in proofs:
            session.add(Proof(onboarding_id=row.id, kind=kind, seen_at=at + timedelta(seconds=5)))
        return row
