"""Once a night: every token that counts has its watch, ours is asked about, and old tries are forgotten.

The watches are made where tokens are identified; this is for those that came before there were any, or by another way.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.credentials import watches
from app.credentials.models import Credential, TokenWatch
from app.credentials.watches import CLIENTS, DEAD, GONE, PARTNER
from app.db import Database
from app.kit import clock
from app.runtime import Runtime
from app.upkeep.tokens.models import TokenRenewal

BATCH: Final = 200
FORGET_AFTER: Final = timedelta(days=400)
NIGHTLY: Final = "nightly"


def see_to_watches(rt: Runtime) -> int:
    """Make, turn and end watches until each agrees with the tokens; how many were wrong. Safe to repeat."""
    rt.partner_credential()
    changed = 0
    while True:
        done = _follow_some(rt.db)
        changed += done
        if done < BATCH:
            break
    with rt.db.write() as session:
        now = clock.now()
        changed += _leave_all(session, now)
        # Ours is asked about even when nobody calls: who uses it might not come by for days.
        session.execute(
            update(TokenWatch)
            .where(TokenWatch.kind == PARTNER, TokenWatch.state.not_in((DEAD, GONE)))
            .values(suspected=NIGHTLY, due_at=now)
            .execution_options(synchronize_session=False)
        )
        session.execute(delete(TokenRenewal).where(TokenRenewal.at < now - FORGET_AFTER))
    rt.wakes.ring("tokens")
    return changed


def _follow_some(db: Database) -> int:
    with db.write() as session:
        rows = session.scalars(
            select(Credential)
            .outerjoin(TokenWatch, TokenWatch.scope == Credential.current_scope)
            .where(
                Credential.current_scope.is_not(None),
                or_(
                    (Credential.kind == CLIENTS) & Credential.inspected_at.is_not(None),
                    Credential.kind == PARTNER,
                ),
                or_(TokenWatch.id.is_(None), TokenWatch.credential_id != Credential.id),
            )
            .order_by(Credential.id)
            .limit(BATCH)
        ).all()
        now = clock.now()
        for row in rows:
            watches.follow(session, row, now=now)
        return len(rows)


def _leave_all(session: Session, now: datetime) -> int:
    """Watches whose scope has nothing current any more."""
    scopes = session.scalars(
        select(TokenWatch.scope)
        .join(Credential, Credential.id == TokenWatch.credential_id)
        .where(Credential.current_scope.is_(None), TokenWatch.state != GONE)
    ).all()
    for scope in scopes:
        watches.leave(session, scope, now=now)
    return len(scopes)
