"""The watch over tokens: one row for each scope, made and turned to the new token where that is identified.

Here a row is only pointed at the token that counts and made due at once; when it must be renewed, and what to do about
one that cannot be, is decided by `app/upkeep/tokens/`. What was paused because a token was dead goes on right here.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.credentials.models import Credential, TokenWatch
from app.kit.ids import new_id
from app.numbers.models import Account
from app.work.arrivals import insert_into

CLIENTS: Final = "business_token"
PARTNER: Final = "partner_token"
NEW: Final = "new"  # nobody has looked at it yet
WAITING: Final = "waiting"
LASTING: Final = "lasting"
REFUSED: Final = "refused"
DEAD: Final = "dead"
GONE: Final = "gone"


def follow(session: Session, row: Credential, *, now: datetime) -> None:
    """Watch this token from here on, whatever was watched in its scope before."""
    if row.current_scope is None or row.kind not in (CLIENTS, PARTNER):
        return
    turned = {
        "credential_id": row.id,
        "state": NEW,
        "began_at": row.created_at,
        "ends_at": row.expires_at,
        "failures": 0,
        "dead_since": None,
        "suspected": None,
        # Whoever wanted the one before renewed has a newer one now.
        "asked_by": None,
        "due_at": now,
    }
    fresh = {
        "id": new_id(),
        "scope": row.current_scope,
        "kind": row.kind,
        "client_id": row.client_id,
        "subject": row.subject,
        "alarmed": False,
        "claims": 0,
    }
    insert = insert_into(session, TokenWatch).values(**fresh, **turned)
    session.execute(insert.on_conflict_do_update(index_elements=["scope"], set_=turned))
    say_dead(session, row.client_id, row.subject, None)


def leave(session: Session, scope: str, *, now: datetime) -> None:
    """Nothing is current there any more; what is still told of it is closed by whoever looks next."""
    session.execute(
        update(TokenWatch)
        .where(TokenWatch.scope == scope)
        .values(state=GONE, due_at=now, suspected=None, dead_since=None)
        .execution_options(synchronize_session=False)
    )


def say_dead(session: Session, client_id: str | None, waba_id: str, at: datetime | None) -> None:
    """Let the account of a token say since when that is dead (None: it is not): whatever sends asks there."""
    if client_id is None:
        return
    session.execute(
        update(Account)
        .where(Account.client_id == client_id, Account.waba_id == waba_id)
        .values(token_dead_at=at)
        .execution_options(synchronize_session="evaluate")
    )
