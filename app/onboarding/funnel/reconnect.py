"""A link for a client that is aboard and must connect again, because its token ends or is dead.

Such a link is sent by mail some time after it was made, so its token is sealed beside it; everybody else's link shows
its token once. Links of one client replace each other, so one that is still good is used again: by the letters, and by
staff who send it by another way.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.store import SYSTEM, Actor, add_entry
from app.clients.models import Client
from app.clients.store import hold_client
from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.kit.errors import Conflict
from app.kit.secret import Secret
from app.numbers.models import Account
from app.onboarding.links.links import LIFE, NewLink, issue_link
from app.onboarding.models import Link
from app.onboarding.plans import ASKED

KIND: Final = "link"
# Whoever is sent a link by hand has at least this long.
LEAST: Final = timedelta(days=1)


def reconnect_link(
    session: Session, vault: Vault, client_id: str, *, needed_until: datetime, now: datetime, actor: Actor = SYSTEM
) -> str:
    """The id of a link of this client whose address can be sent, good at least until `needed_until`."""
    client = session.get_one(Client, client_id, with_for_update={"key_share": True})
    good = session.scalars(
        select(Link.id)
        .join(Credential, Credential.subject == Link.id)
        .where(
            Credential.kind == KIND,
            Credential.client_id == client_id,
            Credential.current_scope.is_not(None),
            Link.revoked_at.is_(None),
            Link.expires_at >= needed_until,
        )
        .order_by(Link.id.desc())
        .limit(1)
    ).first()
    if good is not None:
        return good
    last = session.scalars(
        select(Link).where(Link.client_id == client_id).order_by(Link.id.desc()).limit(1)
    ).one_or_none()
    plans, addresses = (list(last.plans), dict(last.return_urls)) if last else (list(ASKED), {})
    fresh = Link(plans=plans, prefill={}, return_urls=addresses)
    life = max(LIFE, needed_until - now + timedelta(days=7))
    made = issue_link(session, client, fresh, life=life, actor=actor, now=now)
    vault.seal(session, kind=KIND, client_id=client_id, subject=made.link.id, secret=made.token, now=now)
    return made.link.id


def show_reconnect_link(session: Session, vault: Vault, client_id: str, *, actor: Actor, now: datetime) -> NewLink:
    """The living link of a client to connect again, or a new one, for whoever sends it by hand; the audit says who.

    Raises `NotFound` for no client of ours, and `Conflict` for one that never connected an account: its first link is
    made with what it is to carry.
    """
    client = hold_client(session, client_id)
    if session.scalar(select(Account.id).where(Account.client_id == client_id).limit(1)) is None:
        raise Conflict("This client has no account to connect again; make it a link.", code="no_account")
    link_id = reconnect_link(session, vault, client_id, needed_until=now + LEAST, now=now, actor=actor)
    token = open_token_of(session, vault, client_id, link_id)
    assert token is not None  # noqa: S101 - reconnect_link returns no other links
    add_entry(session, actor, "link.reconnect_shown", "link", link_id, now=now, client_id=client_id)
    return NewLink(session.get_one(Link, link_id), client, token)


def open_token_of(session: Session, vault: Vault, client_id: str, link_id: str) -> Secret | None:
    """The token of a reconnect link, for whoever writes its address into a mail; None for any other link."""
    held = vault.open_current(session, kind=KIND, client_id=client_id, subject=link_id)
    return None if held is None else held.secret
