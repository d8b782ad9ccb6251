"""Where Meta's notifications arrive: `/api/webhooks/whatsapp`."""

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError

from app.kit import clock
from app.kit.errors import Unavailable
from app.upkeep.doctor import challenge
from app.web.guards import guarded
from app.web.here import rt
from app.webhooks import inbox
from app.webhooks.guard import asks_who_we_are, from_meta, signed_body

log = structlog.get_logger(__name__)

bp = guarded(Blueprint("webhooks", __name__, url_prefix="/api/webhooks/whatsapp"), from_meta)


@bp.get("")
def shake_hands() -> Response:
    """Prove to Meta that the address is ours: the challenge comes back as plain text. The doctor gets our answer."""
    asked = request.args["hub.challenge"]
    told = challenge.answer(rt().settings, asked) if asks_who_we_are() else asked
    return Response(told, content_type="text/plain; charset=utf-8")


@bp.post("")
def receive() -> Response:
    """Keep the notification, then say 200. Without a durable row the answer is 503 and Meta tries again."""
    try:
        body, now = signed_body(), clock.now()
        is_new = rt().db.together(lambda session: inbox.keep(session, body, now=now))
    except (SQLAlchemyError, OSError) as lost:
        log.error("notification_not_kept", kind=type(lost).__name__)
        raise Unavailable("We cannot keep notifications just now. Send it again.") from lost
    if is_new:
        rt().wakes.ring("notifications")
    return Response(status=200)
