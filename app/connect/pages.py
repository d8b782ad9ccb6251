"""A link's page, for browsers that opened it: before the window, while we work, after, and when something is amiss.

One address, and what it shows is read anew each time; so a reload, another tab, or another device with the same link
always shows the truth.
"""

import hashlib
from datetime import timedelta

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.store import Actor
from app.connect.drawing import draw
from app.connect.forms import ContactForm
from app.connect.policy import allow_meta, keep_window
from app.connect.visits import LANGUAGE_COOKIE, here, opened_the_link
from app.connect.window import window_facts
from app.connect.words import kind_of_number
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.kit.faults import checked
from app.onboarding import desk, saga
from app.onboarding.endings import ENDINGS
from app.onboarding.links import set_contact
from app.onboarding.openings import find_opening, newest_opening
from app.onboarding.progress import Progress, read_progress
from app.onboarding.weekly import is_known, read_room
from app.web.guards import guarded
from app.web.here import rt
from app.web.languages import page_language, supported
from app.web.requests import read_json

bp = guarded(Blueprint("pages", __name__, url_prefix="/c/<link_id>"), opened_the_link)

A_YEAR = timedelta(days=365)


@bp.get("")
def show(link_id: str) -> Response:
    """The whole page. `?lang=` chooses a language; `?again=1` shows the window again after a signup came to nothing."""
    wish = supported(request.args.get("lang"))
    if wish:
        return _remember_language(link_id, wish)
    progress = _progress()
    if progress is None or (request.args.get("again") and _may_connect_again(progress)):
        allow_meta(rt().settings)
        return make_response(render_template("connect/before.html", **_before()))
    keep_window()
    return make_response(render_template("connect/progress.html", **_facts(progress)))


@bp.get("/progress")
def show_progress(**_address: str) -> ResponseReturnValue:
    """The part of the page that changes, for its script: 304 while nothing has changed, 204 while nothing has begun."""
    progress = _progress()
    if progress is None:
        return "", 204
    # Not over the text: each rendering carries a fresh CSRF token. Nor is it rendered when nothing has changed.
    seen = hashlib.sha256(f"{page_language()} {progress!r}".encode()).hexdigest()[:24]
    if seen in request.if_none_match:
        return "", 304
    response = make_response(render_template("connect/_progress.html", **_facts(progress)))
    response.set_etag(seen)
    return response


@bp.get("/ending")
def show_ending(**_address: str) -> ResponseReturnValue:
    """How the opening named by `?state=` ended, to be put into the page; 204 while there is nothing to explain."""
    visit, now = here(), clock.now()
    with rt().db.read() as session:
        opening = find_opening(session, visit, request.args.get("state", "")[:64], now=now)
    if opening is None or opening.ending is None:
        return "", 204
    return render_template("connect/_ending.html", opening=opening, link=visit.link, client=visit.client)


@bp.post("/contact")
def keep_contact(**_address: str) -> tuple[str, int]:
    """The contact person, asked for because the link lacked one."""
    given = checked(ContactForm, read_json())
    with rt().db.write() as session:
        set_contact(session, here(), name=given.name, email=given.email, language=page_language(), now=clock.now())
    return "", 204


@bp.post("/share")
def share(link_id: str) -> Response:
    """The link's own address, for a colleague; only a browser that came through that address can ask for it."""
    token = request.cookies.get(f"share-{link_id}", "")
    if not token:
        raise NotFound("Pass on the message in which you got this link.")
    address = url_for("connect.doorstep.come_in", token=token)
    return jsonify(url=f"{rt().settings.public_url}{address}")


@bp.post("/steps/<name>/retry")
def try_again(link_id: str, name: str) -> ResponseReturnValue:
    """The client did what a step asked for. Only steps that wait for the client can be asked for from here."""
    visit = here()
    progress = _progress()
    step = progress.step(name) if progress is not None else None
    if progress is None or step is None or step.state != "needs_client":
        raise Conflict("This step does not wait for you any more.")
    with rt().db.write() as session:
        desk.retry_step(session, progress.id, name, actor=Actor("client", visit.client.id), now=clock.now())
    rt().wakes.ring(saga.STREAM)
    return redirect(url_for("connect.pages.show", link_id=link_id), 303)


def _progress() -> Progress | None:
    onboarding_id = here().onboarding_id
    if onboarding_id is None:
        return None
    with rt().db.read() as session:
        return read_progress(session, onboarding_id)


def _may_connect_again(progress: Progress) -> bool:
    """A live client has nothing to connect anew, unless it took its account away."""
    return progress.live_at is None or progress.removal is not None


def _before() -> dict[str, object]:
    visit, settings = here(), rt().settings
    now = clock.now()
    with rt().db.read() as session:
        opening = newest_opening(session, visit.client.id, now=now)
        known = is_known(session, visit)
        room = None if known else read_room(session, limit=settings.meta_weekly_signup_limit, now=now)
    return {
        # Meta refuses a new business beyond its weekly limit; nobody should find that out at the end of its window.
        "full": room if room is not None and room.is_full else None,
        "endings": ENDINGS,
        "opening": opening if opening is not None and opening.ending is not None else None,
        "link": visit.link,
        "client": visit.client,
        "facts": window_facts(visit, settings),
        "ask_contact": not (visit.client.contact_email and visit.client.contact_name),
    }


def _facts(progress: Progress) -> dict[str, object]:
    visit = here()
    return {
        "link": visit.link,
        "client": visit.client,
        "facts": window_facts(visit, rt().settings),
        "progress": progress,
        "drawing": draw(progress, rt().settings),
        "kind": kind_of_number(progress.plan),
    }


def _remember_language(link_id: str, language: str) -> Response:
    response = make_response(redirect(url_for("connect.pages.show", link_id=link_id), 303))
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=A_YEAR,
        path="/connect",
        httponly=True,
        secure=rt().settings.is_https,
        samesite="Lax",
    )
    keep_window()
    return response
