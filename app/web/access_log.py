"""One log line a request, tied to everything else logged for it by `request_id`.

The line holds method, path, status and time taken. Query strings are left out, and the link token in a path is cut,
because whoever has it can open the client's page.
"""

import re

import structlog
from flask import Flask, Response, g, request

from app.kit import clock
from app.kit.ids import new_id

log = structlog.get_logger("web")

_GIVEN_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_LINK_TOKEN = re.compile(r"^(/connect/)(?!c/|about/|csp-reports$)([^/]+)")
CUT = "•••"


def install(app: Flask, *, behind_proxy: bool) -> None:
    """Log every request; an id given by our own proxy is kept, one sent by a stranger is not."""

    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if behind_proxy and _GIVEN_ID.fullmatch(given) else new_id()
        g.begun = clock.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        took = clock.monotonic() - g.get("begun", clock.monotonic())
        log.info(
            "request",
            method=request.method,
            path=loggable(request.path),
            status=response.status_code,
            took_ms=round(took * 1000, 1),
            address=request.remote_addr,
        )
        return response

    app.before_request(begin)
    app.after_request(end)


def request_id() -> str:
    """The id of the current request, which people may quote to us."""
    return str(g.get("request_id", ""))


def loggable(path: str) -> str:
    """A path fit for the log: link tokens cut, 200 characters at most."""
    return _LINK_TOKEN.sub(rf"\g<1>{CUT}", path)[:200]
