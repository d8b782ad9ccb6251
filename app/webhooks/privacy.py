"""Where Meta's privacy callbacks arrive: `/api/privacy/deletion` and `/api/privacy/deauthorize`.

Both are one form field, `signed_request`. Meta's pages: "Data Deletion Request Callback", "Deauthorize Callback URL".
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint, Response, g, jsonify, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.kit import clock
from app.kit.errors import NotAllowed, Unavailable
from app.kit.secret import Secret
from app.kit.signing import read_signed_request
from app.records.requests import Asked, RequestView, receive
from app.web.guards import Guard, guarded
from app.web.here import rt
from app.web.requests import read_body

LARGEST = 16 * 1024


def check() -> None:
    """Let in what one of our app secrets has signed; all else is `NotAllowed`, missing and wrong alike."""
    given = parse_qs(read_body(LARGEST).decode("ascii", "replace")).get("signed_request", [])
    secrets = [Secret(secret.get_secret_value()) for secret in rt().settings.meta_app_secrets]
    told = read_signed_request(secrets, given[0]) if len(given) == 1 else None
    if told is None or not isinstance(told.get("user_id"), str) or not told["user_id"]:
        raise NotAllowed("This request is not signed by the app.", code="bad_signature")
    g.signed_request = told


from_meta = Guard("from_metas_form", check, trusts_cookies=False, speaks="problem")
bp = guarded(Blueprint("privacy_callbacks", __name__, url_prefix="/api/privacy"), from_meta)


@bp.post("/deletion")
def delete() -> Response:
    """Keep the request; tell Meta where the person sees what becomes of it."""
    kept = _keep("deletion")
    page = rt().settings.public_url + url_for("connect.privacy.show", code=kept.code)
    return jsonify({"url": page, "confirmation_code": kept.code})


@bp.post("/deauthorize")
def deauthorize() -> Response:
    """Keep that it was told."""
    _keep("deauthorize")
    return Response(status=200)


def _keep(kind: Asked) -> RequestView:
    told: dict[str, Any] = g.signed_request
    try:
        with rt().db.write() as session:
            return receive(
                session, kind, user_id=told["user_id"], issued_at=_moment(told.get("issued_at")), now=clock.now()
            )
    except (SQLAlchemyError, OSError) as lost:
        raise Unavailable("We cannot keep requests just now. Send it again.") from lost


def _moment(told: object) -> datetime:
    if isinstance(told, int) and 0 <= told < 4_000_000_000:
        return datetime.fromtimestamp(told, UTC)
    return clock.now()
