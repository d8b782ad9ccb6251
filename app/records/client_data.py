"""Handing out and erasing all we hold of one client, each with a record that it was done.

What is erased is gone from this database. Backups hold it until they are thrown away, and Meta keeps what it has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, inspect, literal, select, update
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.clients.models import Client
from app.kit.errors import Conflict, Fault, InvalidInput, NotFound
from app.kit.ids import new_id, readable
from app.numbers.models import Account
from app.onboarding.models import Onboarding
from app.records.holdings import HOLDINGS, KEPT, Holding, Owned, owned_by
from app.records.models import PrivacyRequest

NO_CLIENT: Final = "There is no such client."
STILL_HERE: Final = "This client still has an account with us; it would be cut off. Say so to erase it all the same."


@dataclass(frozen=True)
class Erased:
    """What was erased: rows by table, and the code of the record that says so."""

    code: str
    rows: dict[str, int]


def export_client(session: Session, client_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Everything we hold of a client, by table, as JSON can say it; never a secret. Raises `NotFound`."""
    client = session.get(Client, client_id)
    if client is None:
        raise NotFound(NO_CLIENT)
    owned = owned_by(session, client_id)
    tables = {holding.table.__tablename__: _rows(session, holding, owned) for holding in reversed(HOLDINGS)}
    counts = {name: len(rows) for name, rows in tables.items() if rows}
    _record(session, "export", client_id, counts, actor=actor, reason=None, now=now)
    return {"client": client.name, "exported_at": now.isoformat(), "tables": tables}


def erase_client(
    session: Session,
    client_id: str,
    *,
    reason: str,
    also_live: bool,
    forget_notifications: Callable[[Session, Sequence[str]], int],
    actor: Actor,
    now: datetime,
) -> Erased:
    """Erase a client and everything of it, in the caller's transaction.

    `forget_notifications` deletes the raw notifications of accounts (`app/webhooks/inbox.py`); how many that were.
    Raises `NotFound`, `InvalidInput` without a reason, and `Conflict` where an account is with us, unless `also_live`.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > 500:
        raise InvalidInput([Fault("reason", "must say in up to 500 characters why; the record keeps it")])
    client = session.get(Client, client_id, with_for_update=True)
    if client is None:
        raise NotFound(NO_CLIENT)
    still = select(Account.id).where(Account.client_id == client_id, Account.ended_at.is_(None)).limit(1)
    if not also_live and session.scalar(still) is not None:
        raise Conflict(STILL_HERE, code="client_is_live")
    owned = owned_by(session, client_id)
    rows = {"notifications": forget_notifications(session, owned.wabas)}
    # Runs refer to each other; nobody needs to know how any more.
    session.execute(
        update(Onboarding).where(Onboarding.client_id == client_id).values(lead_id=None, replaced_by_id=None)
    )
    for holding in HOLDINGS:
        if holding.table.__tablename__ not in KEPT:
            gone = session.execute(delete(holding.table).where(holding.mine(owned)).returning(literal(1)))
            rows[holding.table.__tablename__] = len(gone.all())
    counts = {name: count for name, count in rows.items() if count}
    code = _record(session, "erasure", client_id, counts, actor=actor, reason=reason, now=now)
    return Erased(code, counts)


def _rows(session: Session, holding: Holding, owned: Owned) -> list[dict[str, Any]]:
    columns = [column for column in inspect(holding.table).columns if column.name not in holding.secret]
    found = session.execute(select(*columns).where(holding.mine(owned)).order_by(holding.table.id))
    return [{column.name: _plain(value) for column, value in zip(columns, row, strict=True)} for row in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _record(
    session: Session,
    kind: str,
    client_id: str,
    counts: dict[str, int],
    *,
    actor: Actor,
    reason: str | None,
    now: datetime,
) -> str:
    row = PrivacyRequest(
        id=new_id(), code=readable(16), kind=kind, client_id=client_id, asked_at=now, settled_at=now, state="done",
        reason=reason, actor=f"{actor.kind}:{actor.id or ''}".rstrip(":"), facts={"rows": counts},
    )  # fmt: skip
    session.add(row)
    session.flush()
    deed = "client.exported" if kind == "export" else "client.erased"
    add_entry(session, actor, deed, "client", client_id, now=now, code=row.code)
    return row.code
