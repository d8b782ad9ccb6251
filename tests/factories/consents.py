"""Consents as the page keeps them: a link, a browser on it, and the click that opens Meta's window."""

from datetime import UTC, datetime

from app.audit.store import SYSTEM, Actor
from app.clients.models import Client
from app.onboarding.links.links import LinkOrder, create_link, open_link, visit
from app.onboarding.window.signups import ConsentGiven, get_signup, note_opened
from app.runtime import Runtime

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
SCOPES = ("business_management", "whatsapp_business_management", "whatsapp_business_messaging")


def give_consent(
    rt: Runtime,
    client_id: str,
    *,
    language: str = "es",
    zone: str | None = "UTC-08:00",
    partner: str = "Partner of old",
    terms_url: str | None = None,
    actor: Actor = SYSTEM,
    at: datetime = AT,
) -> str:
    """One consent of a client that is here already; the id of its signup."""
    prefill = {"business": {"timezone": zone}} if zone else {}
    given = ConsentGiven("2026-11-01", language, SCOPES, "192.0.2.7", BROWSER, partner, terms_url)
    with rt.db.write() as session:
        client = session.get_one(Client, client_id)
        made = create_link(session, LinkOrder(client.name, client_id=client_id, prefill=prefill), actor=actor, now=at)
        opened = open_link(session, made.token.reveal(), address="192.0.2.7", user_agent=BROWSER, now=at)
        session.flush()
        here = visit(session, opened.link.id, opened.secret.reveal(), now=at)
        note_opened(session, here, browser_key="k", plan_asked="standard", answers={}, consent=given, now=at)
        session.flush()
        return get_signup(session, here, "k").id
