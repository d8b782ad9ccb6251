"""The error catalogue as staff search it: by Meta's number, or by words."""

from flask import Blueprint, render_template, request

from app.console.guard import staff_only
from app.meta.catalogue import entries, search
from app.web.guards import guarded

bp = guarded(Blueprint("errors", __name__, url_prefix="/errors"), staff_only)

LONGEST_SEARCH = 100


@bp.get("")
def show_errors() -> str:
    """All entries, or those that were searched for."""
    typed = request.args.get("find", "")[:LONGEST_SEARCH]
    wanted = "".join(letter for letter in typed if letter.isprintable()).strip()
    return render_template("console/errors.html", found=search(wanted), find=wanted, total=len(entries()))
