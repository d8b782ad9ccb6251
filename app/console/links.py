"""Signup links: the list, a new one, and ending one."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.console.guard import staff_only, visitor
from app.console.pager import newer, older, read_place
from app.kit import clock
from app.kit.errors import InvalidInput, NotFound
from app.onboarding.forms import DAYS_USUAL, read_order
from app.onboarding.link_list import STATES, count_links, list_links
from app.onboarding.links import create_link, revoke_link
from app.onboarding.meta_pages import hosted_address_of
from app.onboarding.plans import ASKED
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("links", __name__, url_prefix="/links"), staff_only)

ROWS = 25
FIELDS = ("client_name", "external_ref", "contact.name", "contact.email", "contact.language", "life_days")


@bp.get("")
def show_links() -> str:
    """One page of the list, newest first."""
    wanted, place, now = request.args.get("state"), read_place(), clock.now()
    state = wanted if wanted in STATES else None
    with rt().db.read() as session:
        page = list_links(session, now=now, state=state, before=place.before, limit=ROWS)
        counts = count_links(session, now=now)
    return render_template(
        "console/links.html",
        page=page,
        counts=counts,
        state=state,
        older=older(place, page.next, state=state),
        newer=newer(place, state=state),
    )


@bp.get("/new")
def show_form() -> str:
    """The form for a new link."""
    return render_template("console/new_link.html", **_form({"life_days": str(DAYS_USUAL)}, list(ASKED)))


@bp.post("/new")
def make_link() -> ResponseReturnValue:
    """Make a link and show its address at once: it is kept nowhere, so no later page could show it."""
    given = {field: request.form.get(field, "").strip() for field in FIELDS}
    plans = request.form.getlist("plans")
    now = clock.now()
    try:
        order = read_order(_shaped(given, plans))
    except InvalidInput as refused:
        page = render_template("console/new_link.html", **_form(given, plans, refused))
        return make_response(page, 422)
    with rt().db.write() as session:
        made = create_link(session, order, actor=visitor().actor, now=now)
        facts = {"client_name": made.client.name, "expires_at": made.link.expires_at}
        facts["hosted_url"] = hosted_address_of(rt().settings, made.link.plans, made.link.prefill)
    address = f"{rt().settings.public_url}/connect/{made.token.reveal()}"
    return make_response(render_template("console/link_made.html", address=address, **facts), 201)


@bp.post("/<link_id>/revoke")
def revoke(link_id: str) -> Response:
    """End a link at once."""
    if not link_id.isascii() or not link_id.isprintable():
        raise NotFound("There is no such link.")
    with rt().db.write() as session:
        revoke_link(session, link_id, actor=visitor().actor, now=clock.now())
    flash("The link no longer opens.", "ok")
    return make_response(redirect(url_for("console.links.show_links"), 303))


def _shaped(given: dict[str, str], plans: list[str]) -> dict[str, Any]:
    """Flat fields of the page as the nested order; an empty field is one that was not given."""
    order: dict[str, Any] = {"contact": {}, "plans": plans}
    for field, value in given.items():
        if value and field.startswith("contact."):
            order["contact"][field.removeprefix("contact.")] = value
        elif value:
            order[field] = int(value) if field == "life_days" and value.isdecimal() and value.isascii() else value
    return order


def _form(given: dict[str, str], plans: list[str], refused: InvalidInput | None = None) -> dict[str, Any]:
    faults = {fault.field.partition(".0")[0]: fault.rule for fault in refused.faults} if refused else {}
    return {"given": dict.fromkeys(FIELDS, "") | given, "plans": plans, "faults": faults}
