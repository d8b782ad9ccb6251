"""Brings a client aboard through the link whose page a test looks at: Meta's window, then the walk."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from app.kit import clock
from app.onboarding.links import links
from app.onboarding.models import Act
from app.onboarding.window import signups
from tests.onboarding.journey import CONSENT, Client, Journey

OLD_PIN = "246810"  # of the local Meta's numbers that end in 82


def bring_aboard(journey: Journey, token: str, plan: str = "standard", *, asked: str = "standard", **wish: Any) -> str:
    """The client finishes Meta's window, and the worker goes on until only a person can; the onboarding's key."""
    now = clock.now()
    with journey.db.write() as session:
        opened = links.open_link(session, token, address=None, user_agent=None, now=now)
        session.flush()
        visit = links.visit(session, opened.link.id, opened.secret.reveal(), now=now)
    client = Client(visit, journey.world.signup(plan, **wish))
    with journey.db.write() as session:
        signups.note_opened(
            session, client.visit, browser_key=client.key, plan_asked=asked, answers={}, consent=CONSENT, now=now
        )
    key = journey.post_code(client, event=client.event)
    journey.walk()
    return key


def code_of(journey: Journey, key: str) -> str:
    """The code that the number got."""
    number = journey.progress(key).phone_number_id
    assert number is not None
    return str(journey.world.show("numbers", number)["one_time_code"])


def let_pass(journey: Journey, what: str, **span: float) -> None:
    """As if every act of this kind had happened that much earlier."""
    with journey.db.write() as session:
        session.execute(update(Act).where(Act.what == what).values(at=clock.now() - timedelta(**span)))
