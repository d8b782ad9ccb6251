"""A link's page, for browsers that opened it: before the window, while we work, after, and when something is amiss.

What an address shows is read anew each time; so a reload, another tab, or another device with the same link always
shows the truth. Where a signup brought several numbers, each has an address of its own below the link's.
"""

import hashlib
from datetime import timedelta

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.store import Actor
from app.connect.forms import ContactForm
from app.connect.place import back_to, facts_of, find_shown, get_shown
from app.connect.policy import allow_meta, keep_window
from app.connect.visits import LANGUAGE_COOKIE, here, opened_the_link
from app.connect.window import window_facts
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.kit.faults import checked
from app.onboarding.arrivals import saga
from app.onboarding.ledger import desk
from app.onboarding.links.links import set_contact
from app.onboarding.links.weekly import is_known, read_room
from app.onboarding.reading.progress import Progress
from app.onboarding.window.endings import ENDINGS
from app.onboarding.window.openings import find_opening, newest_opening
from app.web.guards import guarded
from app.web.here import rt
from app.web.languages import page_language, supported
from app.web.requests import read_json

bp = guarded(Blueprint("pages", __name__, url_prefix="/c/<link_id>"), opened_the_link)

A_YEAR = timedelta(days=365)


@bp.get("")
@bp.get("/numbers/<reference>")
def show(link_id: str, reference: str | None = None) -> Response:
    """The whole page. `?lang=` chooses a language; `?again=1` shows the window again after a signup came to nothing."""
    wish = supported(request.args.get("lang"))
    if wish:
        return _remember_language(link_id, wish, reference)
    shown = find_shown(reference)
    if shown is None or (request.args.get("again") and _may_begin_again(shown.progress)):
        allow_meta(rt().settings)
        return make_response(render_template("connect/before.html", **_before()))
    keep_window()
    return make_response(render_template("connect/progress.html", **facts_of(shown)))


@bp.get("/progress")
@bp.get("/numbers/<reference>/progress")
def show_progress(reference: str | None = None, **_address: str) -> ResponseReturnValue:
    """The part of the page that changes, for its script: 304 while nothing has changed, 204 while nothing has begun."""
    shown = find_shown(reference)
    if shown is None:
        return "", 204
    # Not over the text: each rendering carries a fresh CSRF token. Nor is it rendered when nothing has changed.
    seen = hashlib.sha256(f"{page_language()} {shown!r}".encode()).hexdigest()[:24]
    if seen in request.if_none_match:
        return "", 304
    response = make_response(render_template("connect/_progress.html", **facts_of(shown)))
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
@bp.post("/numbers/<reference>/steps/<name>/retry")
def try_again(link_id: str, name: str, reference: str | None = None) -> ResponseReturnValue:
    """The client did what a step asked for. Only steps that wait for the client can be asked for from here."""
    progress = get_shown(reference).progress
    step = progress.step(name)
    # A refused PIN is not tried again by itself: it would spend one of ten tries on the same answer.
    if step is None or step.state != "needs_client" or desk.wants_pin(step.state, step.trouble_key):
        raise Conflict("This step does not wait for you any more.")
    with rt().db.write() as session:
        desk.retry_step(session, progress.id, name, actor=Actor("client", here().client.id), now=clock.now())
    rt().wakes.ring(saga.STREAM)
    return back_to(link_id, reference)


def _may_begin_again(progress: Progress) -> bool:
    """What is live is not begun anew by chance; what was taken away may be."""
    return progress.live_at is None or progress.state == "removed"


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


def _remember_language(link_id: str, language: str, reference: str | None) -> Response:
    response = back_to(link_id, reference)
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
