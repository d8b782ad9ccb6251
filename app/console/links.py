"""Signup links: the list, one link with what happened on it, following it up, and ending it."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clients.store import get_client
from app.console.guard import staff_only, visitor
from app.console.new_link import draw_form, show_made, take_form
from app.console.pager import newer, older, read_place
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.onboarding.funnel.follow_up import follow_up
from app.onboarding.funnel.reached import read_stage
from app.onboarding.funnel.reconnect import show_reconnect_link
from app.onboarding.links.link_list import STATES, count_links, list_links, list_references, read_link
from app.onboarding.links.links import get_link, revoke_link
from app.onboarding.links.weekly import read_room
from app.onboarding.window.openings import list_openings, newest_opening
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("links", __name__, url_prefix="/links"), staff_only)

ROWS = 25


@bp.get("")
def show_links() -> str:
    """One page of the list, newest first."""
    wanted, place, now = request.args.get("state"), read_place(), clock.now()
    state = wanted if wanted in STATES else None
    with rt().db.read() as session:
        page = list_links(session, now=now, state=state, before=place.before, limit=ROWS)
        counts = count_links(session, now=now)
        room = read_room(session, limit=rt().settings.meta_weekly_signup_limit, now=now)
    return render_template(
        "console/links.html",
        page=page,
        counts=counts,
        state=state,
        weekly=room,
        older=older(place, page.next, state=state),
        newer=newer(place, state=state),
    )


@bp.get("/new")
def show_form() -> str:
    """The form for a new link; with `?client=` for a client that is here already."""
    client_id = request.args.get("client")
    if client_id is None:
        return draw_form()
    with rt().db.read() as session:
        return draw_form(get_client(session, _key(client_id)))


@bp.post("/new")
def make_link() -> Response:
    """Make a link and show its address, this once."""
    return take_form()


@bp.get("/<link_id>")
def show_link(link_id: str) -> str:
    """One link: what it carries, every opening of Meta's window, and the onboardings that came through it."""
    now = clock.now()
    with rt().db.read() as session:
        link = get_link(session, _key(link_id))
        row = read_link(session, link, now=now)
        openings = list_openings(session, link.id, now=now)
        references = list_references(session, link.id)
        stage = read_stage(session, link.id)
    return render_template(
        "console/link.html", row=row, link=link, stage=stage, openings=openings, references=references
    )


@bp.post("/<link_id>/follow-up")
def follow(link_id: str) -> ResponseReturnValue:
    """A new link for a client that stopped; its address is shown this once."""
    now = clock.now()
    try:
        with rt().db.write() as session:
            made = follow_up(session, _key(link_id), actor=visitor().actor, now=now)
            opening = newest_opening(session, made.client.id, now=now)
    except Conflict as refused:
        flash(refused.detail, "wait")
        return _to("console.links.show_link", link_id=link_id)
    return show_made(made, followed=True, opening=opening)


@bp.post("/reconnect")
def reconnect() -> ResponseReturnValue:
    """The link by which a client connects again, the living one or a new one, with its address."""
    try:
        with rt().db.write() as session:
            made = show_reconnect_link(
                session, rt().vault, _key(request.form.get("client", "")), actor=visitor().actor, now=clock.now()
            )
    except Conflict as refused:
        flash(refused.detail, "wait")
        return _to("console.links.show_links")
    return show_made(made, again=True)


@bp.post("/<link_id>/revoke")
def revoke(link_id: str) -> Response:
    """End a link at once."""
    with rt().db.write() as session:
        revoke_link(session, _key(link_id), actor=visitor().actor, now=clock.now())
    flash("The link no longer opens.", "ok")
    return _to("console.links.show_links")


def _key(link_id: str) -> str:
    """What cannot be a key is not there; no database is asked about it."""
    if not link_id.isascii() or not link_id.isprintable():
        raise NotFound("There is no such link.")
    return link_id


def _to(page: str, **where: Any) -> Response:
    return make_response(redirect(url_for(page, **where), 303))
