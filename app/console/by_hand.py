"""A client entered by hand, where Meta's window cannot be used. The token is never shown again, not even here."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.console.guard import staff_only, visitor
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, NotFound, Unavailable
from app.onboarding.arrivals.by_hand import enter
from app.onboarding.arrivals.taking_forms import read_entry
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("by_hand", __name__, url_prefix="/accounts/by-hand"), staff_only)

FIELDS = ("account_id", "number_id", "external_ref", "client_name")


@bp.get("")
def show_form() -> str:
    """The empty form."""
    return _page(dict.fromkeys(FIELDS, ""), share_credit=True)


@bp.post("")
def enter_client() -> ResponseReturnValue:
    """Inspect and begin; a refused form comes back with everything but the token."""
    given = {field: request.form.get(field, "").strip() for field in FIELDS}
    share_credit = "share_credit" in request.form
    filled: dict[str, Any] = {field: value for field, value in given.items() if value}
    try:
        entry, token = read_entry({**filled, "share_credit": share_credit, "token": request.form.get("token", "")})
        entered = enter(rt(), entry, token=token, actor=visitor().actor, now=clock.now())
    except InvalidInput as refused:
        faults = {fault.field: fault.rule for fault in refused.faults}
        return make_response(_page(given, share_credit=share_credit, faults=faults), 422)
    except (Conflict, NotFound, Unavailable) as refused:
        return make_response(_page(given, share_credit=share_credit, told=refused.detail), refused.status)
    flash(f"{entered.client_name} is begun; the token is sealed.", "ok")
    for warning in entered.warnings:
        flash(warning, "wait")
    return redirect(url_for("console.onboarding.show", reference=entered.reference), 303)


def _page(given: dict[str, str], *, share_credit: bool, faults: dict[str, str] | None = None, told: str = "") -> str:
    return render_template(
        "console/by_hand.html",
        given={field: value[:200] for field, value in given.items()},
        share_credit=share_credit,
        has_line=bool(rt().settings.meta_credit_line_id),
        faults=faults or {},
        told=told,
    )
