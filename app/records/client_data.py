"""Handing out and erasing all we hold of one client, each with a record that it was done.

What is erased is gone from this database. Backups hold it until they are thrown away, and Meta keeps what it has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, inspect, literal, select, update
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.clients.models import Client
from app.kit.errors import Conflict, Fault, InvalidInput, NotFound
from app.kit.ids import new_id, readable
from app.numbers.models import Account
from app.onboarding.models import Onboarding
from app.records.consents import plain, read_consents
from app.records.holdings import CALLED, HOLDINGS, KEPT, Holding, Owned, owned_by
from app.records.models import PrivacyRequest
from app.records.requests import LONGEST_REASON

NO_CLIENT: Final = "There is no such client."
STILL_HERE: Final = "This client still has an account with us; it would be cut off. Say so to erase it all the same."


@dataclass(frozen=True)
class Erased:
    """What was erased: rows by table, and the code of the record that says so."""

    code: str
    rows: dict[str, int]


@dataclass(frozen=True)
class HeldOf:
    """What we hold of one client, before anything is done about it: rows by table in words, the most first.

    `goes` is what an erasure takes, `stays` what it must leave: the proofs that requests were met. `is_live`: an
    account is still with us, so that an erasure cuts it off.
    """

    client_id: str
    client_name: str
    external_ref: str | None
    goes: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, int], ...]
    is_live: bool


def read_held(session: Session, client_id: str) -> HeldOf:
    """What we hold of a client. Raises `NotFound`."""
    client = session.get(Client, client_id)
    if client is None:
        raise NotFound(NO_CLIENT)
    owned = owned_by(session, client_id)
    goes: list[tuple[str, int]] = []
    stays: list[tuple[str, int]] = []
    for holding in HOLDINGS:
        count = session.scalar(select(func.count()).select_from(holding.table).where(holding.mine(owned))) or 0
        name = holding.table.__tablename__
        if count:
            (stays if name in KEPT else goes).append((CALLED[name], count))
    return HeldOf(
        client_id=client_id,
        client_name=client.name,
        external_ref=client.external_ref,
        goes=tuple(sorted(goes, key=lambda row: -row[1])),
        stays=tuple(stays),
        is_live=_is_live(session, client_id),
    )


def export_client(
    session: Session, client_id: str, *, reason: str, partner: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Everything we hold of a client, by table, as JSON can say it; never a secret. `partner` is our own name.

    Raises `NotFound`, and `InvalidInput` without a reason.
    """
    reason = _read_reason(reason)
    client = session.get(Client, client_id)
    if client is None:
        raise NotFound(NO_CLIENT)
    owned = owned_by(session, client_id)
    tables = {holding.table.__tablename__: _rows(session, holding, owned) for holding in reversed(HOLDINGS)}
    counts = {name: len(rows) for name, rows in tables.items() if rows}
    _record(session, "export", client_id, counts, actor=actor, reason=reason, now=now)
    # The rows of consents name a version; what was agreed to is its wording.
    consents = plain(read_consents(session, client_id, partner=partner))["consents"]
    return {"client": client.name, "exported_at": now.isoformat(), "consents": consents, "tables": tables}


def erase_client(
    session: Session,
    client_id: str,
    *,
    reason: str,
    also_live: bool,
    named: str | None = None,
    forget_notifications: Callable[[Session, Sequence[str]], int],
    actor: Actor,
    now: datetime,
) -> Erased:
    """Erase a client and everything of it, in the caller's transaction.

    `named` is the client's name as somebody typed it, where it was asked for. `forget_notifications` deletes the raw
    notifications of accounts (`app/webhooks/inbox.py`); how many that were. Raises `NotFound`, `InvalidInput` without a
    reason or with another name, and `Conflict` where an account is with us, unless `also_live`.
    """
    reason = _read_reason(reason)
    client = session.get(Client, client_id, with_for_update=True)
    if client is None:
        raise NotFound(NO_CLIENT)
    if named is not None and " ".join(named.split()) != " ".join(client.name.split()):
        raise InvalidInput([Fault("named", f"must be the client’s name to the letter: {client.name}")])
    if not also_live and _is_live(session, client_id):
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


def _read_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInput([Fault("reason", f"must say in up to {LONGEST_REASON} characters why; the record keeps it")])
    return reason


def _is_live(session: Session, client_id: str) -> bool:
    still = select(Account.id).where(Account.client_id == client_id, Account.ended_at.is_(None)).limit(1)
    return session.scalar(still) is not None


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
    reason: str,
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
