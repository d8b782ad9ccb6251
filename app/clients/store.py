"""Find, get and add clients."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.kit.errors import NotFound
from app.work.arrivals import insert_into


def get_client(session: Session, client_id: str) -> Client:
    client = session.get(Client, client_id)
    if client is None:
        raise NotFound("There is no such client.")
    return client


def hold_client(session: Session, client_id: str) -> Client:
    """The client of this key, locked until the transaction ends."""
    client = session.get(Client, client_id, with_for_update=True)
    if client is None:
        raise NotFound("There is no such client.")
    return client


def is_taken(session: Session, external_ref: str, *, by_another_than: Client) -> bool:
    """Whether another client has this key of the partner's already."""
    others = select(Client.id).where(Client.external_ref == external_ref, Client.id != by_another_than.id)
    return session.scalars(others).first() is not None


def hold_by_external_ref(session: Session, external_ref: str, *, name: str, now: datetime) -> Client:
    """The client with the partner's own key, made if there is none, and locked until the transaction ends."""
    this = select(Client).where(Client.external_ref == external_ref).with_for_update()
    found = session.scalars(this).one_or_none()
    if found is None:
        session.execute(
            insert_into(session, Client)
            .values(name=name, external_ref=external_ref, created_at=now)
            .on_conflict_do_nothing(index_elements=["external_ref"])
        )
        found = session.scalars(this).one()
    return found


def add_client(
    session: Session,
    *,
    name: str,
    external_ref: str | None,
    contact_name: str | None,
    contact_email: str | None,
    language: str | None,
    now: datetime,
) -> Client:
    client = Client(
        name=name,
        external_ref=external_ref,
        contact_name=contact_name,
        contact_email=contact_email,
        language=language,
        created_at=now,
    )
    session.add(client)
    session.flush()  # the key is needed by the rows that refer to this client
    return client
