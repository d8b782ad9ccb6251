"""Who may use the console: signed-in staff. Everybody else is shown the way to the sign-in page."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import sessions
from app.access.door import recognise
from app.access.rules import ABSOLUTE
from app.access.sessions import Visitor
from app.kit import clock
from app.kit.errors import NotAllowed, NotFound
from app.kit.secret import Secret
from app.web.guards import Guard
from app.web.here import rt

View = TypeVar("View", bound=Callable[..., Any])

HOME = "/console/onboardings"
_OWN_PAGE = re.compile(r"/console/(?!sign-)[A-Za-z0-9_\-/]*(\?[A-Za-z0-9_\-=&.%+]*)?")


def by_script(view: View) -> View:
    """Mark a view that a page asks by itself: it keeps no session alive, and sends nobody to another page."""
    view.asked_by_script = True  # type: ignore[attr-defined]
    return view


def known_visitor(*, by_hand: bool = True) -> Visitor | None:
    """Who this browser belongs to, or None."""
    secret = request.cookies.get(cookie_name())
    return recognise(rt().db, secret, now=clock.now(), by_hand=by_hand) if secret else None


def _check() -> ResponseReturnValue | None:
    view = current_app.view_functions[request.endpoint or ""]
    by_hand = not getattr(view, "asked_by_script", False)
    found = known_visitor(by_hand=by_hand)
    if found is None:
        if not by_hand:
            # The script answers "not there" by loading the page again, which then leads to the sign-in page.
            raise NotFound("Your session has ended.")
        return redirect(sign_in_address(), 303)
    # Beside the CSRF token: a page on a neighbouring host of ours shares the site, and with it some cookies.
    if request.method not in {"GET", "HEAD"} and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise NotAllowed("This came from another site's page.", code="foreign_page")
    g.visitor = found
    return None


staff_only = Guard("staff_only", _check)


def visitor() -> Visitor:
    """The person behind this request."""
    return g.visitor  # type: ignore[no-any-return]


def sign_in_address() -> str:
    """The sign-in page, which leads back to the page that was asked for."""
    page = own_page(request.full_path.rstrip("?")) if request.method == "GET" else HOME
    return url_for("console.door.show_sign_in", next=page if page != HOME else None)


def own_page(wanted: str | None) -> str:
    """The page to go to after sign-in: one of our own, whatever was asked for; else the list.

    An allow-list of characters: no scheme, no host, no back-slash, no dots in the path, nothing a browser could read
    as an address elsewhere.
    """
    return wanted if wanted and "//" not in wanted and _OWN_PAGE.fullmatch(wanted) else HOME


def give_cookie(response: Response, secret: Secret) -> None:
    """Leave a session's secret with the browser, where scripts cannot read it and other sites cannot use it."""
    response.set_cookie(
        cookie_name(),
        secret.reveal(),
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        secure=_is_https(),
        samesite="Lax",
        path="/",
    )


def take_cookie(response: Response) -> None:
    response.delete_cookie(cookie_name(), path="/", secure=_is_https(), httponly=True, samesite="Lax")


def cookie_name() -> str:
    return sessions.cookie_name(https=_is_https())


def _is_https() -> bool:
    return rt().settings.is_https
