"""A new link for a client that stopped on its way, with everything the old one had."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.clients.models import Client
from app.kit.errors import Conflict
from app.onboarding.links.links import NewLink, get_link, issue_link
from app.onboarding.models import Link, Onboarding
from app.onboarding.reading.progress import read_many

NEWER = "A newer link of this client has taken its place; follow up that one."
ABOARD = "This client has come aboard through this link; there is nothing to follow up."


def follow_up(session: Session, link_id: str, *, actor: Actor, now: datetime) -> NewLink:
    """The new link: same client, plans, prefill, return addresses and life; the old one ends as replaced.

    Raises `Conflict` when a newer link is there already, so that two people who press at once send one address, and
    when the client has come aboard.
    """
    old = get_link(session, link_id)
    client = session.get_one(Client, old.client_id, with_for_update=True)
    newer = select(Link.id).where(Link.client_id == client.id, Link.id > old.id).limit(1)
    if session.scalars(newer).first() is not None:
        raise Conflict(NEWER, code="replaced")
    if _has_come_aboard(session, old):
        raise Conflict(ABOARD, code="came_aboard")
    fresh = Link(plans=list(old.plans), prefill=dict(old.prefill), return_urls=dict(old.return_urls))
    made = issue_link(session, client, fresh, life=old.expires_at - old.created_at, actor=actor, now=now)
    add_entry(session, actor, "link.followed_up", "link", old.id, now=now, client_id=client.id, by=made.link.id)
    return made


def _has_come_aboard(session: Session, link: Link) -> bool:
    rows = session.scalars(select(Onboarding).where(Onboarding.link_id == link.id)).all()
    return any(progress.connected_at is not None for progress in read_many(session, rows))
