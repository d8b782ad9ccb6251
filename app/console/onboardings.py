"""The list of onboardings: saved filters, search, page by page."""

from flask import Blueprint, render_template, request

from app.console.guard import staff_only
from app.console.pager import newer, older, read_place
from app.kit import clock
from app.onboarding.shelf import STATES, list_progress
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("onboardings", __name__), staff_only)

ROWS = 25
LONGEST_SEARCH = 100


@bp.get("/onboardings")
def show_list() -> str:
    """One page of the list, newest first."""
    state, search, place = _state(), read_search(), read_place()
    with rt().db.read() as session:
        page = list_progress(
            session, now=clock.now(), state=state, search=search or None, before=place.before, limit=ROWS
        )
    kept = {"state": state, "search": search or None}
    return render_template(
        "console/onboardings.html",
        page=page,
        state=state,
        search=search,
        older=older(place, page.next, **kept),
        newer=newer(place, **kept),
    )


def read_search() -> str:
    """What was typed into the search field, without what no name or number holds."""
    typed = request.args.get("search", "")[:LONGEST_SEARCH]
    return "".join(letter for letter in typed if letter.isprintable()).strip()


def _state() -> str | None:
    wanted = request.args.get("state")
    return wanted if wanted in STATES else None
