"""Many secrets at once: opening them, and putting new tokens in the place of old ones, in few statements.

Renewing a hundred thousand tokens is bound by what each of them costs here, so nothing in this file asks the database
row by row. The vault alone calls it.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.credentials import envelope
from app.credentials.envelope import Sealed
from app.credentials.errors import SealBroken
from app.credentials.keyring import KeyWrapper
from app.credentials.models import Credential
from app.credentials.scopes import place_of, scope_of, take_turns
from app.db import UtcDateTime
from app.kit.ids import new_id
from app.kit.many_rows import ManyRows
from app.kit.secret import Secret

_INSERT = ManyRows(
    insert(Credential.__table__),  # type: ignore[arg-type]
    Credential.__table__.columns.keys(),
)
_OPEN = select(
    Credential.id,
    Credential.kind,
    Credential.client_id,
    Credential.sealed_secret,
    Credential.sealed_data_key,
    Credential.key_id,
).where(Credential.id.in_(bindparam("ids", expanding=True)))
_RETIRE = (
    update(Credential)
    .where(Credential.id.in_(bindparam("ids", expanding=True)), Credential.current_scope.is_not(None))
    .values(current_scope=None, retired_at=bindparam("now", type_=UtcDateTime()))
    .returning(Credential.id, Credential.subject, Credential.version)
    .execution_options(synchronize_session=False)
)


class Heir(NamedTuple):
    """A proven token that follows the one in the row `before`, whose kind and client it has; and Meta's words of it."""

    before: str
    kind: str
    client_id: str | None
    secret: Secret
    facts: dict[str, Any]
    expires_at: datetime | None


class Ready(NamedTuple):
    """An heir that is sealed for the row it will have. What only the database knows is added when it is written."""

    heir: Heir
    row: dict[str, Any]

    @property
    def row_id(self) -> str:
        return str(self.row["id"])


def open_many(session: Session, keyring: KeyWrapper, credential_ids: Sequence[str]) -> dict[str, Secret]:
    """The secrets by row; those that cannot be opened are left out."""
    found: dict[str, Secret] = {}
    for row in session.execute(_OPEN, {"ids": credential_ids}):
        sealed = Sealed(row.sealed_secret, row.sealed_data_key, row.key_id)
        try:
            plain = envelope.open_sealed(keyring, sealed, place_of(row.id, row.kind, row.client_id))
        except SealBroken:
            continue
        found[row.id] = Secret(plain.decode())
    return found


def prepare(keyring: KeyWrapper, heirs: Iterable[Heir], *, recognisable: Container[str], now: datetime) -> list[Ready]:
    """Seal each for a new row. No transaction is needed, and on SQLite nobody waits for it."""
    return [Ready(heir, _row_of(keyring, heir, shown=heir.kind in recognisable, now=now)) for heir in heirs]


def succeed(session: Session, ready: Sequence[Ready], *, now: datetime) -> frozenset[str]:
    """Put each heir in the place of the row it follows, if that one is still current; the rows that were followed."""
    take_turns(session, {one.heir.client_id for one in ready})
    retired = {
        row.id: row for row in session.execute(_RETIRE, {"ids": [one.heir.before for one in ready], "now": now}).all()
    }
    rows = []
    for heir, row in ready:
        before = retired.get(heir.before)
        if before is None:
            continue
        row["subject"], row["version"] = before.subject, before.version + 1
        row["current_scope"] = scope_of(heir.kind, heir.client_id, before.subject)
        rows.append(row)
    _INSERT.write(session.connection(), rows)
    return frozenset(retired)


def _row_of(keyring: KeyWrapper, heir: Heir, *, shown: bool, now: datetime) -> dict[str, Any]:
    row_id, secret = new_id(), heir.secret
    sealed = envelope.seal(keyring, secret.reveal().encode(), place_of(row_id, heir.kind, heir.client_id))
    return {
        "id": row_id,
        "kind": heir.kind,
        "client_id": heir.client_id,
        "sealed_secret": sealed.secret,
        "sealed_data_key": sealed.data_key,
        "key_id": sealed.key_id,
        "last_four": (secret.last_four or None) if shown else None,
        "fingerprint": secret.fingerprint if shown else None,
        "facts": heir.facts,
        "expires_at": heir.expires_at,
        "inspected_at": now,
        "created_at": now,
        "retired_at": None,
    }
