"""A link for a client that is aboard and must connect again, because its token ends or is dead.

Such a link is sent by mail some time after it was made, so its token is sealed beside it; everybody else's link shows
its token once. Links of one client replace each other, so one that is still good is used again.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.store import SYSTEM
from app.clients.models import Client
from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.kit.secret import Secret
from app.onboarding.links.links import LIFE, issue_link
from app.onboarding.models import Link
from app.onboarding.plans import ASKED

KIND: Final = "link"


def reconnect_link(session: Session, vault: Vault, client_id: str, *, needed_until: datetime, now: datetime) -> str:
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
    made = issue_link(session, client, fresh, life=life, actor=SYSTEM, now=now)
    vault.seal(session, kind=KIND, client_id=client_id, subject=made.link.id, secret=made.token, now=now)
    return made.link.id


def open_token_of(session: Session, vault: Vault, client_id: str, link_id: str) -> Secret | None:
    """The token of a reconnect link, for whoever writes its address into a mail; None for any other link."""
    held = vault.open_current(session, kind=KIND, client_id=client_id, subject=link_id)
    return None if held is None else held.secret
