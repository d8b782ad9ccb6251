"""A failed call is judged by the very token it used: what has been replaced meanwhile is nobody's trouble any more.

Meta's page: "Error codes" and "Access tokens". Whoever gets `TokenDead` tells it here, by the row the token came from.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credentials.models import Credential, TokenWatch
from app.credentials.watches import DEAD, say_dead
from app.meta.errors import MetaError, TokenDead

# 458 app removed, 459 checkpoint, 460 password changed, 463 expired, 464 unconfirmed, 467 taken back, 492 role gone.
# Without one of them the token may merely have been mangled on its way: `debug_token` is asked before anything stops.
CERTAIN: Final = frozenset({458, 459, 460, 463, 464, 467, 492})


def judge(session: Session, credential_id: str, error: MetaError, *, now: datetime) -> bool:
    """Keep what a failed call says of its token, and have it looked at at once; False where that changes nothing.

    With a subcode that leaves no doubt the token counts as dead from here on, and nothing is sent with it; the look
    that follows takes that back should `debug_token` say otherwise.
    """
    if not isinstance(error, TokenDead):
        return False
    watch = session.scalars(
        select(TokenWatch)
        .join(Credential, Credential.id == TokenWatch.credential_id)
        .where(TokenWatch.credential_id == credential_id, Credential.current_scope.is_not(None))
        .with_for_update(of=TokenWatch)
    ).one_or_none()
    if watch is None or watch.state == DEAD or watch.suspected is not None:
        return False
    watch.suspected = f"{error.code or ''}/{error.subcode or ''}"
    watch.due_at = now
    if error.subcode in CERTAIN:
        watch.state, watch.dead_since = DEAD, now
        say_dead(session, watch.client_id, watch.subject, now)
    session.flush()
    return True
