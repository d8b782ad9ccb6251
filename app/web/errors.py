"""From errors to answers: the one place where a meaning becomes an HTTP status.

Programs get problem+json (`problems.py`), people get a page with the same facts. Neither repeats anything of the
request. What nobody foresaw is a 500 that says nothing but a reference; the log has the type of the exception and the
places it passed through, never its text, which may quote values.
"""

import traceback
from collections.abc import Mapping
from typing import Final

import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from app.kit.errors import AppError, Unavailable
from app.web.access_log import request_id
from app.web.guards import guards_here
from app.web.languages import asked_by_browser, use_language
from app.web.limits import too_many
from app.web.problems import headers_of, problem

log = structlog.get_logger("web")

PROGRAM_PATHS = ("/api/", "/v1/")
STAFF_PATH = "/console"
_WORDS: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad_request", "This request cannot be understood", "Something in it is not as the door expects."),
    401: ("not_allowed", "Not allowed", "Say who you are first."),
    403: ("not_allowed", "Not allowed", "You may not do this."),
    404: ("not_found", "Not found", "There is nothing at this address."),
    405: ("method_not_allowed", "Not possible here", "This address exists, but not for this kind of request."),
    413: ("too_large", "Too large", "This door takes less than that."),
    415: ("wrong_type", "Wrong kind of content", "This door takes another content type."),
    429: ("too_many", "Too many requests", "Wait a moment, then try again."),
}
CSRF_WORDS = "This page has been open for too long, or cookies are switched off. Load it again."


def install(app: Flask) -> None:
    app.register_error_handler(AppError, answer)
    app.register_error_handler(RateLimitExceeded, lambda refused: answer(too_many(refused)))
    app.register_error_handler(CSRFError, lambda _refused: answer(_app_error(400, CSRF_WORDS, code="csrf")))
    app.register_error_handler(HTTPException, _from_werkzeug)
    for lost in (OperationalError, InterfaceError, TimeoutError):
        app.register_error_handler(lost, _without_database)
    app.register_error_handler(Exception, _unforeseen)


def answer(error: AppError) -> Response:
    """An error as this door tells it: problem+json for programs, a page for people."""
    if speaks_problem():
        return problem(error)
    if "language" not in g and not request.path.startswith(STAFF_PATH):
        # It went wrong before anybody knew who reads this. Staff pages are in English.
        use_language(asked_by_browser())
    response = make_response(render_template("layout/error.html", error=error, reference=request_id()), error.status)
    response.headers.extend(headers_of(error))
    return response


def speaks_problem() -> bool:
    """Whether a program is listening: by the door's guard, else by the path, else by what it says it accepts."""
    guards = guards_here(current_app, request.blueprints)
    if any(guard.speaks == "problem" for guard in guards) or request.path.startswith(PROGRAM_PATHS):
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json", "application/problem+json"]) != "text/html"


def _app_error(status: int, detail: str = "", *, code: str = "") -> AppError:
    known_code, title, words = _WORDS.get(status, ("error", "Something went wrong", "We could not do that."))
    error = AppError(detail or words, code=code or known_code)
    error.status, error.title = status, title
    return error


def _from_werkzeug(refused: HTTPException) -> Response:
    """Flask's own refusals. Their descriptions quote the request now and then, so only the status is used."""
    if refused.response is not None or refused.code is None or refused.code < 400:
        return make_response(refused.get_response())  # a redirect that travels as an exception
    response = answer(_app_error(refused.code))
    for name, value in refused.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _without_database(lost: Exception) -> Response:
    log.error("database_unavailable", kind=type(lost).__name__, at=places(lost))
    return answer(Unavailable("We cannot reach our records just now. Nothing was changed; try again in a moment."))


def _unforeseen(error: Exception) -> Response:
    log.error("unforeseen_error", kind=type(error).__name__, at=places(error))
    return answer(_app_error(500, "The fault is ours and has been written down. Try again in a moment."))


def places(error: BaseException) -> list[str]:
    """Where an exception passed through our code, innermost last, as `file:line`; no values."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rpartition('/app/')[2]}:{frame.lineno}" for frame in frames if "/app/" in frame.filename]
