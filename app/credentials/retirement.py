"""Retiring a secret without a successor: what it opened is ours no more. The sealed row stays, and nothing opens it."""

from datetime import datetime

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.credentials import watches
from app.credentials.models import Credential
from app.credentials.scopes import scope_of


def retire(session: Session, *, kind: str, client_id: str, subject: str, now: datetime) -> bool:
    """Make the current secret of a scope current no more; False where there is none."""
    result = session.execute(
        update(Credential)
        .where(
            Credential.kind == kind,
            Credential.client_id == client_id,
            Credential.subject == subject,
            Credential.current_scope.is_not(None),
        )
        .values(current_scope=None, retired_at=now)
        .execution_options(synchronize_session="fetch")
    )
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE gives nothing else
    watches.leave(session, scope_of(kind, client_id, subject), now=now)
    return result.rowcount > 0
