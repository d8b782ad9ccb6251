"""The doors open to all: a link's address, what we store, our terms, and the browser's reports of blocked content."""

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from app.connect.policy import keep_window, reported
from app.connect.visits import give_cookies, lock_page, speak
from app.kit import clock
from app.kit.errors import InvalidInput, NotFound
from app.onboarding.links.links import open_link
from app.onboarding.window.terms import read_terms
from app.web.csrf import csrf
from app.web.guards import guarded, open_to_all
from app.web.here import rt
from app.web.languages import page_language
from app.web.limits import limiter
from app.web.requests import client_address, parse_object, read_body, user_agent

log = structlog.get_logger("connect")

bp = guarded(Blueprint("doorstep", __name__), open_to_all)


@bp.get("/<token>")
@limiter.limit("300 per minute")
def come_in(token: str) -> Response:
    """Exchange the link's token for a cookie and a clean address; the lock page when the link is not open."""
    try:
        with rt().db.write() as session:
            opened = open_link(session, token, address=client_address(), user_agent=user_agent(), now=clock.now())
    except NotFound:
        speak()
        return lock_page()
    response = make_response(redirect(url_for("connect.pages.show", link_id=opened.link.id), 303))
    give_cookies(response, opened.link.id, opened.secret.reveal(), token, until=opened.link.expires_at)
    # The new page must not be severed from a window of Meta's that an older tab has open.
    keep_window()
    return response


@bp.get("/about/terms")
def terms() -> str:
    """What a client accepts by opening Meta's window, where the partner names no page of its own."""
    speak()
    settings = rt().settings
    terms = read_terms(settings.terms_version, page_language(), partner=settings.partner_name)
    return render_template("connect/terms.html", terms=terms)


@bp.get("/about/storage")
def storage() -> str:
    """What we store of a client, and for how long."""
    speak()
    return render_template("connect/storage.html")


@bp.post("/csp-reports")
@limiter.limit("60 per minute")
def take_report() -> tuple[str, int]:
    """A browser says what the page's policy stopped. It becomes one log line; nothing of it is trusted or stored."""
    try:
        report = parse_object(read_body())
    except InvalidInput:
        # Browsers never ask why, and a stranger gets nothing to learn from.
        return "", 204
    log.warning("csp_breach", **reported(report))
    return "", 204


# Browsers send their reports without any token, and nothing is done for anybody because of one.
csrf.exempt(take_report)
