"""A failed call is judged by the very token it used: what has been replaced meanwhile is nobody's trouble any more.

Meta's page: "Error codes" and "Access tokens". No caller has to think of it: the Graph client tells `DeadTokens` of
every call that ended so, whoever made it, and the token names its rows by its fingerprint.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.credentials.models import Credential, TokenWatch
from app.credentials.partner import PartnerTokens
from app.credentials.watches import DEAD, say_dead
from app.db import Database
from app.kit import clock
from app.meta.errors import MetaError, TokenDead

STREAM: Final = "tokens"  # whose worker looks at what is suspected

# 458 app removed, 459 checkpoint, 460 password changed, 463 expired, 464 unconfirmed, 467 taken back, 492 role gone.
# Without one of them the token may merely have been mangled on its way: `debug_token` is asked before anything stops.
CERTAIN: Final = frozenset({458, 459, 460, 463, 464, 467, 492})

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DeadTokens:
    """Hears of every call of this process whose token was dead; call it with no transaction open, it raises nothing.

    One token may be sealed for several accounts: each of their rows is judged. What has no row that counts (a token
    that was replaced, one that somebody typed in, the app's own) changes nothing.
    """

    db: Database
    partner: PartnerTokens
    ring: Callable[[str], None]

    def __call__(self, error: TokenDead) -> None:
        """Judge the rows of the token this call was made with, and have them looked at now."""
        assert error.token is not None  # noqa: S101 - a call without a token cannot say that it is dead
        try:
            with self.db.read() as session:
                suspects = _unsuspected(session, error.token.fingerprint)
            if not suspects:
                return
            now = clock.now()
            with self.db.write() as session:
                judged = [key for key in suspects if judge(session, key, error, now=now)]
        except (SQLAlchemyError, OSError) as lost:
            # The caller is told what Meta said in any case; the nightly look finds the rest.
            log.warning("dead_token_not_kept", kind=type(lost).__name__)
            return
        self.partner.forget()
        log.warning("token_dead", credentials=judged, code=error.code, subcode=error.subcode)
        self.ring(STREAM)


def _unsuspected(session: Session, fingerprint: str) -> Sequence[str]:
    """The current rows of a token that nobody suspects yet; a dead token's thousandth call writes nothing."""
    rows = (
        select(Credential.id)
        .join(TokenWatch, TokenWatch.credential_id == Credential.id)
        .where(
            Credential.fingerprint == fingerprint,
            Credential.current_scope.is_not(None),
            TokenWatch.state != DEAD,
            TokenWatch.suspected.is_(None),
        )
        .order_by(Credential.id)
    )
    return session.scalars(rows).all()


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
