"""Whose secret a row is and which one counts: its name, its turn, its next version, the place it is bound to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.credentials.envelope import Place, Sealed
from app.credentials.models import Credential
from app.db import queue_up
from app.kit.errors import NotFound


def take_turn(session: Session, client_id: str | None) -> None:
    """Let sealers of one client write one after the other; our own secrets, which have no client, likewise."""
    if client_id is None:
        queue_up(session, "credentials: our own")
        return
    # NO KEY UPDATE: other sealers of this client wait, while rows that merely refer to the client can still be added.
    lock = select(Client.id).where(Client.id == client_id).with_for_update(key_share=True)
    if session.scalar(lock) is None:
        raise NotFound("There is no such client.")


def take_turns(session: Session, client_ids: Collection[str | None]) -> None:
    """As `take_turn`, for many at once and always in one order, so that two batches cannot lock each other.

    A client that was erased meanwhile is passed by: nothing of it is current any more.
    """
    if session.get_bind().dialect.name == "sqlite":
        return  # one writer at a time as it is
    if None in client_ids:
        take_turn(session, None)
    clients = sorted(client_id for client_id in client_ids if client_id is not None)
    session.execute(
        select(Client.id).where(Client.id.in_(clients)).order_by(Client.id).with_for_update(key_share=True)
    ).all()


def follow_up(session: Session, kind: str, client_id: str | None, subject: str, now: datetime) -> int:
    """Retire what is current there, in the caller's turn; returns the next version."""
    newest = session.scalar(
        select(func.max(Credential.version)).where(
            Credential.kind == kind, of_client(client_id), Credential.subject == subject
        )
    )
    if newest is None:
        return 1
    scope = scope_of(kind, client_id, subject)
    session.execute(
        update(Credential).where(Credential.current_scope == scope).values(current_scope=None, retired_at=now)
    )
    return int(newest) + 1


def of_client(client_id: str | None) -> ColumnElement[bool]:
    """The rows of one client, or our own."""
    return Credential.client_id.is_(None) if client_id is None else Credential.client_id == client_id


def scope_of(kind: str, client_id: str | None, subject: str) -> str:
    """What names a scope; an own secret has nothing where the client stands."""
    return f"{kind}:{client_id or ''}:{subject}"


def place_of(row_id: str, kind: str, client_id: str | None) -> Place:
    """What a sealed secret is bound to."""
    return Place(Credential.__tablename__, row_id, kind, client_id or "")


def sealed_of(row: Credential) -> Sealed:
    return Sealed(row.sealed_secret, row.sealed_data_key, row.key_id)
