"""Many secrets at once: opening them, and putting new tokens in the place of old ones, in few statements.

Renewing a hundred thousand tokens is bound by what each of them costs here, so nothing in this file asks the database
row by row. The vault alone calls it.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.credentials import envelope
from app.credentials.envelope import Sealed
from app.credentials.errors import SealBroken
from app.credentials.keyring import KeyWrapper
from app.credentials.models import Credential
from app.credentials.scopes import place_of, take_turn
from app.kit.ids import new_id
from app.kit.secret import Secret

# The bare table: by way of the mapped class each row costs as much again.
_INSERT = insert(Credential.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Heir:
    """A proven token that follows the one in the row `before`, with what Meta says of it."""

    before: str
    secret: Secret
    facts: dict[str, Any]
    expires_at: datetime | None


def open_many(session: Session, keyring: KeyWrapper, credential_ids: Sequence[str]) -> dict[str, Secret]:
    """The secrets by row; those that cannot be opened are left out."""
    columns = (
        Credential.id,
        Credential.kind,
        Credential.client_id,
        Credential.sealed_secret,
        Credential.sealed_data_key,
        Credential.key_id,
    )
    found: dict[str, Secret] = {}
    for row in session.execute(select(*columns).where(Credential.id.in_(credential_ids))):
        sealed = Sealed(row.sealed_secret, row.sealed_data_key, row.key_id)
        try:
            plain = envelope.open_sealed(keyring, sealed, place_of(row.id, row.kind, row.client_id))
        except SealBroken:
            continue
        found[row.id] = Secret(plain.decode())
    return found


def succeed(
    session: Session, keyring: KeyWrapper, heirs: Sequence[Heir], *, recognisable: Container[str], now: datetime
) -> dict[str, str]:
    """Put each heir in the place of the row it follows, if that one is still current; old row to new row."""
    _take_turns(session, heirs)
    ids = [heir.before for heir in heirs]
    columns = (
        Credential.id,
        Credential.kind,
        Credential.client_id,
        Credential.subject,
        Credential.version,
        Credential.current_scope,
    )
    current = {
        row.id: row
        for row in session.execute(
            select(*columns).where(Credential.id.in_(ids), Credential.current_scope.is_not(None))
        )
    }
    if not current:
        return {}
    session.execute(
        update(Credential)
        .where(Credential.id.in_(list(current)))
        .values(current_scope=None, retired_at=now)
        .execution_options(synchronize_session=False)
    )
    rows, followed = [], {}
    for heir in heirs:
        before = current.get(heir.before)
        if before is None:
            continue
        row_id = followed[heir.before] = new_id()
        shown = before.kind in recognisable
        sealed = envelope.seal(keyring, heir.secret.reveal().encode(), place_of(row_id, before.kind, before.client_id))
        rows.append(
            {
                "id": row_id,
                "kind": before.kind,
                "client_id": before.client_id,
                "subject": before.subject,
                "version": before.version + 1,
                "current_scope": before.current_scope,
                "sealed_secret": sealed.secret,
                "sealed_data_key": sealed.data_key,
                "key_id": sealed.key_id,
                "last_four": (heir.secret.last_four or None) if shown else None,
                "fingerprint": heir.secret.fingerprint if shown else None,
                "facts": heir.facts,
                "expires_at": heir.expires_at,
                "inspected_at": now,
                "created_at": now,
            }
        )
    session.connection().execute(_INSERT, rows)
    return followed


def _take_turns(session: Session, heirs: Sequence[Heir]) -> None:
    """As `scopes.take_turn`, for all at once and always in one order, so that two batches cannot lock each other."""
    if session.get_bind().dialect.name == "sqlite":
        return  # one writer at a time as it is
    ids = [heir.before for heir in heirs]
    whose = set(session.scalars(select(Credential.client_id).where(Credential.id.in_(ids)).distinct()))
    if None in whose:
        take_turn(session, None)
    clients = sorted(client for client in whose if client is not None)
    session.execute(
        select(Client.id).where(Client.id.in_(clients)).order_by(Client.id).with_for_update(key_share=True)
    ).all()
