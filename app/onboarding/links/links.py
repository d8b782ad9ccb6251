"""Signup links: make, show, revoke, open, and come back to.

A link's token is in the address once; opening exchanges it for a browser session of that link. Expired, revoked and
unknown links answer alike, so that nothing can be probed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.clients.models import Client
from app.clients.store import add_client, hold_by_external_ref, hold_client, is_taken
from app.kit.digests import digest
from app.kit.errors import Fault, InvalidInput, NotFound
from app.kit.ids import unguessable
from app.kit.secret import Secret
from app.onboarding.models import ConnectSession, Link, Onboarding
from app.onboarding.plans import ASKED

LIFE = timedelta(days=30)
REPLACED = "replaced"  # why a link ended: a newer one of its client was made
NOT_THERE = "This link is not open. It may have ended, or been replaced by a newer one."


@dataclass(frozen=True)
class LinkOrder:
    """A link to be made; values are already checked. `prefill` is Meta's `extras.setup` ("Pre-filling screens").

    `client_id` is the key of a client that is here already; without it the reference decides.
    """

    client_name: str
    client_id: str | None = None
    external_ref: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    language: str | None = None
    plans: Sequence[str] = ASKED
    prefill: Mapping[str, Any] = field(default_factory=dict)
    return_urls: Mapping[str, str] = field(default_factory=dict)
    life: timedelta = LIFE


@dataclass(frozen=True)
class NewLink:
    """`token` is shown once, inside the address; only its hash is kept."""

    link: Link
    client: Client
    token: Secret


@dataclass(frozen=True)
class Opened:
    """`secret` goes into the browser's cookie; only its hash is kept."""

    link: Link
    secret: Secret


@dataclass(frozen=True)
class Visit:
    """A browser on its link's page."""

    link: Link
    client: Client
    session_id: str
    onboarding_id: str | None


# Built once, because every click on a client's page asks it.
_VISIT = (
    select(
        ConnectSession.id.label("session_id"),
        Link,
        Client,
        select(Onboarding.id)
        .where(Onboarding.link_id == ConnectSession.link_id, Onboarding.lead_id.is_(None))
        .order_by(Onboarding.begun_at.desc(), Onboarding.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("newest"),
    )
    .join(Link, Link.id == ConnectSession.link_id)
    .join(Client, Client.id == Link.client_id)
    .where(
        ConnectSession.link_id == bindparam("link_id"),
        ConnectSession.secret_hash == bindparam("secret_hash"),
    )
)


def create_link(session: Session, order: LinkOrder, *, actor: Actor, now: datetime) -> NewLink:
    """Make a link; the client is found by its key or its external reference, or made, and its older links end."""
    client = _client_of(session, order, now=now)
    link = Link(plans=list(order.plans), prefill=dict(order.prefill), return_urls=dict(order.return_urls))
    return issue_link(session, client, link, life=order.life, actor=actor, now=now)


def issue_link(
    session: Session, client: Client, link: Link, *, life: timedelta, actor: Actor, now: datetime
) -> NewLink:
    """Give a link to a client, whose older ones end. Whoever calls holds the client: of two at once one is later."""
    for older in session.scalars(select(Link).where(Link.client_id == client.id, Link.revoked_at.is_(None))):
        _end(session, older, actor=actor, now=now, because=REPLACED)
    token = Secret(unguessable())
    link.client_id = client.id
    link.token_hash = digest(token.reveal())
    link.created_at = now
    link.expires_at = now + life
    session.add(link)
    session.flush()  # the audit entry names the link
    add_entry(session, actor, "link.created", "link", link.id, now=now, client_id=client.id, plans=list(link.plans))
    return NewLink(link, client, token)


def get_link(session: Session, link_id: str) -> Link:
    link = session.get(Link, link_id)
    if link is None:
        raise NotFound("There is no such link.")
    return link


def state_of(link: Link, *, now: datetime) -> str:
    """open, expired or revoked."""
    if link.revoked_at is not None:
        return "revoked"
    return "expired" if link.expires_at <= now else "open"


def revoke_link(session: Session, link_id: str, *, actor: Actor, now: datetime, because: str = "revoked") -> Link:
    """End a link; ending it twice changes nothing."""
    link = get_link(session, link_id)
    if link.revoked_at is None:
        _end(session, link, actor=actor, now=now, because=because)
    return link


def open_link(session: Session, token: str, *, address: str | None, user_agent: str | None, now: datetime) -> Opened:
    """Exchange the token of an address for a browser session that lasts as long as the link."""
    link = session.scalars(select(Link).where(Link.token_hash == digest(token))).one_or_none()
    if link is None or state_of(link, now=now) != "open":
        raise NotFound(NOT_THERE)
    link.opened_at = link.opened_at or now
    secret = Secret(unguessable())
    session.add(
        ConnectSession(
            link_id=link.id,
            secret_hash=digest(secret.reveal()),
            address=address,
            user_agent=(user_agent or "")[:300] or None,
            created_at=now,
            expires_at=link.expires_at,
        )
    )
    return Opened(link, secret)


def visit(session: Session, link_id: str, cookie_secret: str, *, now: datetime) -> Visit:
    """Who comes back with a cookie; NotFound when the cookie is foreign or the link is no longer open."""
    found = session.execute(_VISIT, {"link_id": link_id, "secret_hash": digest(cookie_secret)}).one_or_none()
    if found is None or state_of(found.Link, now=now) != "open":
        raise NotFound(NOT_THERE)
    return Visit(found.Link, found.Client, found.session_id, found.newest)


def set_contact(
    session: Session, visitor: Visit, *, name: str, email: str, language: str | None, now: datetime
) -> None:
    """Keep the contact person the page asked for, because the link lacked one."""
    session.execute(
        update(Client)
        .where(Client.id == visitor.client.id)
        .values(contact_name=name, contact_email=email, language=language or visitor.client.language)
    )
    add_entry(session, _as_client(visitor), "client.contact_given", "client", visitor.client.id, now=now)


def chat_link(base: str, digits: str, text: str) -> str:
    """The address that opens a chat with a number and puts a text into it; `base` is wa.me or a stand-in for it."""
    if urlsplit(base).hostname == "wa.me":
        return f"{base}/{digits}?text={quote(text, safe='')}"
    return f"{base}/?to={digits}&text={quote(text, safe='')}"


def _as_client(visitor: Visit) -> Actor:
    return Actor("client", visitor.client.id)


def _client_of(session: Session, order: LinkOrder, *, now: datetime) -> Client:
    if order.client_id is not None:
        return _refresh(_known(session, order.client_id, order.external_ref), order)
    if not order.external_ref:
        return add_client(
            session,
            name=order.client_name,
            external_ref=None,
            contact_name=order.contact_name,
            contact_email=order.contact_email,
            language=order.language,
            now=now,
        )
    # Held, so that of two orders for one client at once the later ends the link of the earlier.
    return _refresh(hold_by_external_ref(session, order.external_ref, name=order.client_name, now=now), order)


def _known(session: Session, client_id: str, external_ref: str | None) -> Client:
    """A client that is here already; it takes the reference it is given, unless that is another's."""
    client = hold_client(session, client_id)
    if external_ref and external_ref != client.external_ref:
        if is_taken(session, external_ref, by_another_than=client):
            raise InvalidInput([Fault("external_ref", "is another client’s")])
        client.external_ref = external_ref
    return client


def _refresh(known: Client, order: LinkOrder) -> Client:
    known.name = order.client_name
    known.contact_name = order.contact_name or known.contact_name
    known.contact_email = order.contact_email or known.contact_email
    known.language = order.language or known.language
    return known


def _end(session: Session, link: Link, *, actor: Actor, now: datetime, because: str) -> None:
    link.revoked_at = now
    link.revoked_because = because
    add_entry(session, actor, "link.revoked", "link", link.id, now=now, because=because)
