"""Where the check tells of a token that Meta no longer accepts; what follows is judged where tokens are kept."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from app.credentials.judging import judge
from app.meta.errors import MetaError

log = structlog.get_logger(__name__)


def token_failed(session: Session, credential_id: str, error: MetaError, now: datetime) -> None:
    """Meta refused a call made with this very credential, and said that the token is dead."""
    news = judge(session, credential_id, error, now=now)
    log.warning("token_dead", credential=credential_id, code=error.code, subcode=error.subcode, news=news)
