"""The blueprint of the client's face: its rooms, each with its own guard."""

from datetime import date
from typing import Any

from flask import Blueprint, url_for
from flask.sansio.blueprints import BlueprintSetupState

from app.connect.asks import bp as asks
from app.connect.doors import bp as doors
from app.connect.doorstep import bp as doorstep
from app.connect.elsewhere import back, out
from app.connect.pages import bp as pages
from app.connect.privacy import bp as privacy
from app.connect.state import bp as onboarding_state
from app.onboarding.window.meta_pages import may_redirect
from app.web.guards import guarded, open_to_all
from app.web.here import rt

bp = guarded(Blueprint("connect", __name__, url_prefix="/connect", template_folder="templates"), open_to_all)
for room in (doorstep, privacy, pages, asks, out, back):
    bp.register_blueprint(room)


@bp.record_once
def _with_doors(state: BlueprintSetupState) -> None:
    """The script's doors lie with the other programs' doors, outside `/connect`."""
    state.app.register_blueprint(doors)
    state.app.register_blueprint(onboarding_state)
    state.app.jinja_env.filters["initials"] = initials


@bp.context_processor
def _on_every_page() -> dict[str, Any]:
    settings = rt().settings
    return {
        "may_redirect": may_redirect,
        "terms_address": settings.terms_url or url_for("connect.doorstep.terms"),
        "terms_day": date.fromisoformat(settings.terms_version),
    }


def initials(name: str) -> str:
    """Two letters that stand for a firm where it has no logo."""
    return "".join(word[0] for word in name.split())[:2].upper()
