"""Two doors for supervisors and load balancers: does the process live, and can the whole system work?"""

import requests
from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kit import clock
from app.runtime import Runtime
from app.web.guards import guarded, open_to_all
from app.web.here import rt
from app.work.beats import silent_roles

bp = guarded(Blueprint("health", __name__), open_to_all)

PATIENCE = (1.0, 2.0)  # seconds to connect, to answer


@bp.get("/healthz")
def healthz() -> Response:
    """200 while this process answers at all; asks nobody."""
    return jsonify(ok=True)


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when database, worker, clock and every `READY_ALSO` address answer; otherwise 503 naming the silent ones."""
    silent = list_silent(rt())
    return jsonify(ok=not silent, silent=silent), 503 if silent else 200


def list_silent(parts: Runtime) -> list[str]:
    """Which parts do not answer now. Addresses are named by position, because readiness is open to all."""
    also = [f"also {place}" for place, url in enumerate(parts.settings.ready_also, start=1) if not _answers(url)]
    try:
        with parts.db.read() as session:
            session.execute(text("SELECT 1"))
            return silent_roles(session, ("worker", "clock"), now=clock.now()) + also
    except SQLAlchemyError:
        return ["database", *also]


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=PATIENCE, allow_redirects=False).status_code == 200
    except requests.RequestException:
        return False
