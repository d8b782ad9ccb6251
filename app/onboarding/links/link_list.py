"""Links in a list: newest first, with their clients, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.onboarding.links.links import state_of
from app.onboarding.models import Link, Onboarding

STATES = ("open", "expired", "revoked")


@dataclass(frozen=True)
class LinkRow:
    """One link as a list shows it. `token` is nowhere: it was shown once."""

    id: str
    state: str
    client_id: str
    client_name: str
    external_ref: str | None
    contact_name: str | None
    contact_email: str | None
    language: str | None
    plans: tuple[str, ...]
    prefill: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    revoked_at: datetime | None
    revoked_because: str | None


@dataclass(frozen=True)
class LinkPage:
    """Some links, and where the next page of older ones begins (None at the end)."""

    rows: tuple[LinkRow, ...]
    next: str | None


def list_links(
    session: Session, *, now: datetime, state: str | None = None, before: str | None = None, limit: int = 50
) -> LinkPage:
    """Links older than the one named by `before`. Keys sort by the time they were made, so the key is the place."""
    wanted = select(Link, Client).join(Client, Client.id == Link.client_id).order_by(Link.id.desc()).limit(limit + 1)
    if state is not None:
        wanted = wanted.where(_is(state, now))
    if before is not None:
        wanted = wanted.where(Link.id < before)
    found = [_row(link, client, now=now) for link, client in session.execute(wanted)]
    return LinkPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def count_links(session: Session, *, now: datetime) -> dict[str, int]:
    """How many links are in each state."""
    return {
        state: session.scalar(select(func.count()).select_from(Link).where(_is(state, now))) or 0 for state in STATES
    }


def read_link(session: Session, link: Link, *, now: datetime) -> LinkRow:
    """One link as the lists show it."""
    return _row(link, session.get_one(Client, link.client_id), now=now)


def list_references(session: Session, link_id: str) -> tuple[str, ...]:
    """The references of the onboardings that came through a link, newest first."""
    wanted = select(Onboarding.reference).where(Onboarding.link_id == link_id).order_by(Onboarding.begun_at.desc())
    return tuple(session.scalars(wanted))


def _is(state: str, now: datetime) -> ColumnElement[bool]:
    if state == "revoked":
        return Link.revoked_at.is_not(None)
    alive = Link.revoked_at.is_(None)
    return alive & (Link.expires_at <= now) if state == "expired" else alive & (Link.expires_at > now)


def _row(link: Link, client: Client, *, now: datetime) -> LinkRow:
    return LinkRow(
        id=link.id,
        state=state_of(link, now=now),
        client_id=client.id,
        client_name=client.name,
        external_ref=client.external_ref,
        contact_name=client.contact_name,
        contact_email=client.contact_email,
        language=client.language,
        plans=tuple(link.plans),
        prefill=dict(link.prefill),
        created_at=link.created_at,
        expires_at=link.expires_at,
        opened_at=link.opened_at,
        revoked_at=link.revoked_at,
        revoked_because=link.revoked_because,
    )
