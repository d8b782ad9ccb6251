"""The blueprint of the console: one room a page, each with its own guard."""

from flask import Blueprint, g, redirect
from flask.typing import ResponseReturnValue

from app.console import drawn, words
from app.console.accounts import bp as accounts
from app.console.by_hand import bp as by_hand
from app.console.checks import bp as checks
from app.console.consents import bp as consents
from app.console.errors import bp as errors
from app.console.funnel import bp as funnel
from app.console.guard import HOME, staff_only
from app.console.incidents import bp as incidents
from app.console.incidents import how_many_open
from app.console.links import bp as links
from app.console.number import bp as number
from app.console.onboarding import bp as onboarding
from app.console.onboardings import bp as onboardings
from app.console.privacy import bp as privacy
from app.console.privacy import how_many_asked
from app.console.setup import bp as setup
from app.console.sign_in import bp as door
from app.console.unclaimed import bp as unclaimed
from app.console.unclaimed import how_many
from app.web.guards import guarded, open_to_all

# The frame of the console asks nobody; every room in it names who may enter.
bp = guarded(Blueprint("console", __name__, url_prefix="/console", template_folder="templates"), open_to_all)
home = guarded(Blueprint("home", __name__), staff_only)


@home.get("/")
def show_home() -> ResponseReturnValue:
    """The list is where work begins."""
    return redirect(HOME, 303)


for room in (
    home,
    door,
    onboardings,
    onboarding,
    number,
    unclaimed,
    accounts,
    by_hand,
    links,
    funnel,
    checks,
    errors,
    setup,
    incidents,
    privacy,
    consents,
):
    bp.register_blueprint(room)


@bp.context_processor
def _frame() -> dict[str, object]:
    """What the templates of all console pages may use."""
    return {
        "visitor": g.get("visitor"),
        "words": words,
        "drawn": drawn,
        "count_unclaimed": how_many,
        "count_incidents": how_many_open,
        "count_requests": how_many_asked,
    }
