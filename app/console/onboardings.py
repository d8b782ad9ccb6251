"""The list of onboardings: saved filters, search, page by page."""

import hashlib
from collections.abc import Collection
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.console.guard import by_script, staff_only
from app.console.pager import newer, older, read_place
from app.kit import clock
from app.onboarding.links.weekly import read_room
from app.onboarding.plans import FIRST_OF, PLANS
from app.onboarding.reading.shelf import STATES, list_progress
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("onboardings", __name__), staff_only)

ROWS = 25
LONGEST_SEARCH = 100


@bp.get("/onboardings")
def show_list() -> str:
    """One page of the list, newest first."""
    return render_template("console/onboardings.html", **_facts())


@bp.get("/onboardings/now")
@by_script
def show_now() -> ResponseReturnValue:
    """The part of the list that changes; 304 while it is as the page has it."""
    facts = _facts()
    version = hashlib.sha256(repr((facts["page"], facts["weekly"])).encode()).hexdigest()[:24]
    if version in request.if_none_match:
        return "", 304
    response = make_response(render_template("console/_onboardings.html", **facts))
    response.set_etag(version)
    return response


def read_search() -> str:
    """What was typed into the search field, without what no name or number holds."""
    typed = request.args.get("search", "")[:LONGEST_SEARCH]
    return "".join(letter for letter in typed if letter.isprintable()).strip()


def _facts() -> dict[str, Any]:
    state, search, place = _state(), read_search(), read_place()
    plan, way = _one_of(PLANS, "plan"), _one_of(FIRST_OF, "way")
    with rt().db.read() as session:
        page = list_progress(
            session, state=state, plan=plan, way=way, search=search or None, before=place.before, limit=ROWS
        )
        weekly = read_room(session, limit=rt().settings.meta_weekly_signup_limit, now=clock.now())
    kept: dict[str, Any] = {"at": "console.onboardings.show_list", "state": state, "plan": plan, "way": way}
    kept |= {"search": search or None}
    here: dict[str, Any] = {"before": place.before, "trail": ".".join(place.trail) or None}
    return {
        "page": page,
        "weekly": weekly,
        "state": state,
        "plan": plan,
        "way": way,
        "search": search,
        "older": older(place, page.next, **kept),
        "newer": newer(place, **kept),
        "poll": url_for("console.onboardings.show_now", state=state, plan=plan, way=way, search=search or None, **here),
    }


def _one_of(known: Collection[str], name: str) -> str | None:
    wanted = request.args.get(name)
    return wanted if wanted in known else None


def _state() -> str | None:
    wanted = request.args.get("state")
    return wanted if wanted in STATES else None
