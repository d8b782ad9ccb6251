"""What people and programs may see of a token: whose it is, its last four characters, its end, and what was tried.

Never the token: nothing here opens a secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.credentials.models import Credential, TokenWatch
from app.credentials.watches import CLIENTS, GONE, PARTNER
from app.numbers.models import Account
from app.upkeep.tokens.models import TokenRenewal

MOST_TRIES = 10


@dataclass(frozen=True)
class TokenView:
    """One token that counts. `renews_at` is when it is looked at next; `ends_at` None: it never ends, or nobody knows
    yet (`state` new)."""

    watch_id: str
    kind: str
    state: str
    client_id: str | None
    client_name: str | None
    waba_id: str | None
    account_name: str | None
    last_four: str | None
    since: datetime
    ends_at: datetime | None
    dead_since: datetime | None
    renews_at: datetime | None
    last_way: str | None
    last_outcome: str | None
    last_at: datetime | None


@dataclass(frozen=True)
class TryView:
    """One try to renew it."""

    at: datetime
    way: str
    outcome: str
    code: int | None
    subcode: int | None
    trace_id: str | None
    asked_by: str
    old_end: datetime | None
    new_end: datetime | None


def list_tokens(session: Session) -> Sequence[TokenView]:
    """Every token that counts: ours first, then those that end first."""
    rows = session.execute(
        _watched().order_by(TokenWatch.kind.desc(), TokenWatch.ends_at.is_(None), TokenWatch.ends_at, TokenWatch.id)
    )
    return [_view(row) for row in rows]


def find_token(session: Session, client_id: str, waba_id: str | None) -> TokenView | None:
    """The token of a client's account; None before it was identified, and once nothing is current any more."""
    row = session.execute(
        _watched().where(
            TokenWatch.kind == CLIENTS, TokenWatch.client_id == client_id, TokenWatch.subject == (waba_id or "")
        )
    ).one_or_none()
    return None if row is None else _view(row)


def find_ours(session: Session) -> TokenView | None:
    """The partner's own token; None before it was ever used."""
    row = session.execute(_watched().where(TokenWatch.kind == PARTNER)).one_or_none()
    return None if row is None else _view(row)


def find_by_account(session: Session, named: str) -> Sequence[TokenView]:
    """Tokens by Meta's account id, our account's key, or a client's key."""
    named = named.strip()
    rows = session.execute(
        _watched().where(
            TokenWatch.kind == CLIENTS,
            (TokenWatch.subject == named) | (Account.id == named) | (TokenWatch.client_id == named),
        )
    )
    return [_view(row) for row in rows]


def list_tries(session: Session, watch_id: str, *, most: int = MOST_TRIES) -> Sequence[TryView]:
    """The newest tries of a token's scope, newest first."""
    rows = session.scalars(
        select(TokenRenewal)
        .where(TokenRenewal.watch_id == watch_id)
        .order_by(TokenRenewal.at.desc(), TokenRenewal.id.desc())
        .limit(most)
    )
    return [
        TryView(
            row.at,
            row.way,
            row.outcome,
            row.code,
            row.subcode,
            row.trace_id,
            row.asked_by,
            row.old_end,
            row.new_end,
        )
        for row in rows
    ]


def _watched() -> Select[Any, Any, Any, Any]:
    return (
        select(TokenWatch, Client.name.label("client_name"), Account.name.label("account_name"), Credential.last_four)
        .join(Credential, Credential.id == TokenWatch.credential_id)
        .outerjoin(Client, Client.id == TokenWatch.client_id)
        .outerjoin(Account, (Account.client_id == TokenWatch.client_id) & (Account.waba_id == TokenWatch.subject))
        .where(TokenWatch.state != GONE)
    )


def _view(row: Any) -> TokenView:
    watch: TokenWatch = row.TokenWatch
    return TokenView(
        watch_id=watch.id,
        kind=watch.kind,
        state=watch.state,
        client_id=watch.client_id,
        client_name=row.client_name,
        waba_id=watch.subject if watch.client_id is not None else None,
        account_name=row.account_name,
        last_four=row.last_four,
        since=watch.began_at,
        ends_at=watch.ends_at,
        dead_since=watch.dead_since,
        renews_at=watch.due_at,
        last_way=watch.last_way,
        last_outcome=watch.last_outcome,
        last_at=watch.last_at,
    )
