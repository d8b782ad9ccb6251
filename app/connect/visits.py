"""Which browser is here: the cookie a link's opening left, and the guard that reads it.

The cookie is named after its link, so one browser may be on the pages of several clients, and none of them can be
entered with the cookie of another.
"""

from datetime import datetime
from typing import cast

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.kit import clock
from app.kit.errors import NotFound
from app.onboarding.links.links import NOT_THERE, Visit, visit
from app.web.guards import Guard
from app.web.here import rt
from app.web.languages import asked_by_browser, use_language
from app.web.limits import limiter

LANGUAGE_COOKIE = "language"


def enter(link_id: str) -> None:
    """Find the visit of this browser; `NotFound` when it has no cookie of this link or the link has ended."""
    with limiter.limit("300 per minute", key_func=lambda: f"link:{link_id}"):
        pass
    secret = request.cookies.get(cookie_of(link_id), "")
    if not secret:
        raise NotFound(NOT_THERE)
    with rt().db.read() as session:
        found = visit(session, link_id, secret, now=clock.now())
    g.visit = found
    speak(found.client.language)


def _let_in_or_lock() -> ResponseReturnValue | None:
    """People see the lock page instead of an error."""
    try:
        enter(str((request.view_args or {}).get("link_id", "")))
    except NotFound:
        speak()
        return lock_page()
    return None


opened_the_link = Guard("opened_the_link", _let_in_or_lock)


def here() -> Visit:
    """The visit the guard has found."""
    return cast(Visit, g.visit)


def cookie_of(link_id: str) -> str:
    return f"connect-{link_id}"


def give_cookies(response: Response, link_id: str, secret: str, token: str, *, until: datetime) -> None:
    """Leave the session's secret, and the link's token for the one door that hands the link on to a colleague.

    The token's cookie travels to that door only. Scripts can read neither.
    """
    secure = rt().settings.is_https
    response.set_cookie(
        cookie_of(link_id), secret, expires=until, path="/", httponly=True, secure=secure, samesite="Lax"
    )
    response.set_cookie(
        f"share-{link_id}",
        token,
        expires=until,
        path=f"/connect/c/{link_id}/share",
        httponly=True,
        secure=secure,
        samesite="Strict",
    )


def speak(known: str | None = None) -> None:
    """Use the language the reader chose, else the client's, else the browser's."""
    use_language(request.cookies.get(LANGUAGE_COOKIE), known, asked_by_browser())


def lock_page() -> Response:
    """The same page for an expired, a revoked and an unknown link, so that nothing can be probed."""
    return make_response(render_template("connect/locked.html"), 404)
