"""Accounts that are shared with our portfolio: choose some, see what taking them over would do, then do it."""

import re
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.console.guard import staff_only, visitor
from app.kit import clock
from app.kit.errors import AppError, Conflict, InvalidInput, Unavailable
from app.onboarding.arrivals.adoption import Order, adopt, check_orders, name_of, outcomes, preview
from app.onboarding.arrivals.taking_forms import read_orders
from app.onboarding.shares.adopting import ADOPTABLE
from app.onboarding.shares.shared_accounts import SharedList, list_shared
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("accounts", __name__, url_prefix="/accounts"), staff_only)

# Seconds a page may spend asking Meta; what is not known by then is shown as not known.
PATIENCE = 8.0
_CURSOR = re.compile(r"[A-Za-z0-9_=+/.-]{1,500}")


@bp.get("")
def show_shared() -> ResponseReturnValue:
    """One page of the shared accounts there is something to do about, or of all."""
    held_too = request.args.get("show") == "all"
    wanted = request.args.get("after", "")
    after = wanted if _CURSOR.fullmatch(wanted) else None
    refused: AppError | None = None
    page = SharedList((), None, in_time=True)
    try:
        page = list_shared(rt(), after=after, held_too=held_too, seconds=PATIENCE)
    except (Conflict, Unavailable) as error:
        refused = error
    shown = render_template(
        "console/accounts.html", page=page, held_too=held_too, after=after, refused=refused, adoptable=ADOPTABLE
    )
    return make_response(shown, 200 if refused is None else refused.status)


@bp.post("/preview")
def show_preview() -> ResponseReturnValue:
    """The dry run: what taking over the chosen accounts would do. Nothing is written."""
    try:
        orders = _bare(request.form.getlist("account"))
    except InvalidInput:
        return _nothing_chosen()
    return make_response(_shown(orders, faults={}))


@bp.post("/adopt")
def take_over() -> ResponseReturnValue:
    """What was previewed and confirmed; each account with its own answers."""
    given = [_order(waba_id) for waba_id in request.form.getlist("account")]
    try:
        orders = read_orders({"accounts": given})
        check_orders(orders)
    except InvalidInput as refused:
        faults = {fault.field: fault.rule for fault in refused.faults}
        try:
            orders = _bare([row["waba_id"] for row in given])
        except InvalidInput:
            return _nothing_chosen()
        return make_response(_shown(orders, faults=_by_account(given, faults)), 422)
    done = adopt(rt(), orders, actor=visitor().actor, now=clock.now(), seconds=PATIENCE)
    return make_response(render_template("console/adopted.html", done=done, counts=outcomes(done)), 201)


def _order(waba_id: str) -> dict[str, Any]:
    """One account's answers on the page; an empty field is one that was not given."""
    fields = {
        "external_ref": request.form.get(f"ref-{waba_id}", "").strip(),
        "client_name": request.form.get(f"name-{waba_id}", "").strip(),
    }
    named = {name: value for name, value in fields.items() if value}
    return {"waba_id": waba_id, "share_credit": f"credit-{waba_id}" in request.form, **named}


def _by_account(given: list[dict[str, Any]], faults: dict[str, str]) -> dict[str, str]:
    """Each account's first fault, by the account's id."""
    found: dict[str, str] = {}
    for field, rule in faults.items():
        place = re.match(r"accounts\.(\d+)\.?(\w*)", field)
        if place:
            label = {"external_ref": "Your reference", "client_name": "Client name"}.get(place[2], "This account")
            found.setdefault(given[int(place[1])]["waba_id"], f"{label} {rule}.")
    return found


def _bare(waba_ids: list[str]) -> list[Order]:
    """Orders without any answers; InvalidInput for ids that cannot be, for none and for too many."""
    orders = read_orders({"accounts": [{"waba_id": one} for one in waba_ids]})
    check_orders(orders)
    return orders


def _nothing_chosen() -> ResponseReturnValue:
    return make_response(render_template("console/adopt.html", seen=(), names={}, faults={}, given={}), 422)


def _shown(orders: list[Order], *, faults: dict[str, str]) -> str:
    seen = preview(rt(), orders, seconds=PATIENCE)
    names = {one.order.waba_id: name_of(one.offer) for one in seen if one.offer is not None}
    given = {
        name: value[:200] for name, value in request.form.items() if name.partition("-")[0] in {"ref", "name", "credit"}
    }
    return render_template("console/adopt.html", seen=seen, names=names, faults=faults, given=given)
