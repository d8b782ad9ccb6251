"""What became of a request to delete data: the page Meta shows the person the address of."""

import re

from flask import Blueprint, render_template

from app.kit.errors import NotFound
from app.records.requests import find_request
from app.web.guards import guarded, open_to_all
from app.web.here import rt
from app.web.languages import asked_by_browser, use_language
from app.web.limits import limiter

# The code is not to be guessed; whoever has it may read the state, and nothing else is shown.
bp = guarded(Blueprint("privacy", __name__, url_prefix="/privacy"), open_to_all)

CODE = re.compile(r"[0-9A-Z]{16}")
NOT_THERE = "There is no such request."


@bp.get("/<code>")
@limiter.limit("30 per minute")
def show(code: str) -> str:
    """The state of one request, in the reader's language."""
    use_language(asked_by_browser())
    found = None
    if CODE.fullmatch(code):
        with rt().db.read() as session:
            found = find_request(session, code)
    if found is None:
        raise NotFound(NOT_THERE)
    return render_template("connect/privacy.html", row=found)
