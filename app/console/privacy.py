"""Privacy: requests about somebody's data, each with its answer; and of one client all that is held, given or erased.

The functions beneath are those of `flask privacy`. No cache keeps these pages, and no log holds what was handed out.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.console.guard import staff_only, visitor
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, NotFound
from app.onboarding.shares.unclaimed import find_client
from app.records.client_data import NO_CLIENT, erase_client, export_client, read_held
from app.records.holdings import CALLED
from app.records.requests import (
    NOT_THERE,
    count_open,
    list_requests,
    match_request,
    read_request,
    settle_request,
)
from app.web.guards import guarded
from app.web.here import rt
from app.webhooks import inbox

bp = guarded(Blueprint("privacy", __name__, url_prefix="/privacy"), staff_only)

CODE = re.compile(r"[0-9A-Z]{16}")
KEY = re.compile(r"[0-9a-f-]{36}")


@bp.before_request
def _refuse_what_is_no_name() -> None:
    """What cannot be a code or a client's key is not there; no database is asked about it."""
    named = request.view_args or {}
    if not CODE.fullmatch(str(named.get("code", "0" * 16))):
        raise NotFound(NOT_THERE)
    if not KEY.fullmatch(str(named.get("client_id", "0" * 36))):
        raise NotFound(NO_CLIENT)


def how_many_asked() -> int:
    """How many requests wait for an answer, for the side bar of every page of the console."""
    with rt().db.read() as session:
        return count_open(session)


@bp.get("")
def show_list() -> str:
    """What was asked and what was done, newest first; all, or what is open."""
    return render_template("console/privacy.html", **_list())


@bp.get("/client")
def find() -> ResponseReturnValue:
    """The page of the client that somebody names."""
    named = request.args.get("client", "").strip()[:200]
    try:
        with rt().db.read() as session:
            key = find_client(session, named).id
    except InvalidInput as refused:
        facts = _list() | {"named": named, "faults": _faults(refused)}
        return make_response(render_template("console/privacy.html", **facts), 422)
    return _to("console.privacy.show_client", client_id=key)


@bp.get("/<code>")
def show(code: str) -> str:
    """One request: who asked what, whose it is, what became of it."""
    return render_template("console/privacy_one.html", **_facts(code))


@bp.post("/<code>/match")
def match(code: str) -> ResponseReturnValue:
    """Say which client it is about."""
    named = request.form.get("client", "").strip()[:200]

    def do() -> str:
        with rt().db.write() as session:
            key = find_client(session, named).id
            match_request(session, code, key, actor=visitor().actor, now=clock.now())
        return "Matched. What is held of this client is one press away."

    return _answer(code, do, {"client": named})


@bp.post("/<code>/settle")
def settle(code: str) -> ResponseReturnValue:
    """Say what was done, or why it was not; the person reads it."""
    reason, refused = request.form.get("reason", ""), request.form.get("verdict") == "refuse"

    def do() -> str:
        with rt().db.write() as session:
            settle_request(session, code, refused=refused, reason=reason, actor=visitor().actor, now=clock.now())
        return "Refused. The person reads why." if refused else "Settled. The person reads what was done."

    return _answer(code, do, {"reason": reason[:1000], "verdict": "refuse" if refused else "met"})


@bp.get("/clients/<client_id>")
def show_client(client_id: str) -> str:
    """Everything that is held of a client, counted, with the two things staff may do about it."""
    return render_template("console/privacy_client.html", **_client(client_id))


@bp.post("/clients/<client_id>/export")
def export(client_id: str) -> ResponseReturnValue:
    """Hand it out as a file, for a reason that is kept."""
    reason = request.form.get("reason", "")
    try:
        with rt().db.write() as session:
            told = export_client(
                session,
                client_id,
                reason=reason,
                partner=rt().settings.partner_name,
                actor=visitor().actor,
                now=clock.now(),
            )
    except InvalidInput as refused:
        return _client_again(client_id, {"export": reason[:1000]}, {"export": refused.faults[0].rule})
    answer = make_response(json.dumps(told, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="client-{client_id}.json"'
    return answer


@bp.post("/clients/<client_id>/erase")
def erase(client_id: str) -> ResponseReturnValue:
    """Erase everything of it, for a reason, once its name was typed; its record says what is gone."""
    given = {"erase": request.form.get("reason", "")[:1000], "named": request.form.get("named", "")[:300]}
    try:
        with rt().db.write() as session:
            gone = erase_client(
                session,
                client_id,
                reason=request.form.get("reason", ""),
                also_live="also_live" in request.form,
                named=given["named"],
                forget_notifications=inbox.forget,
                actor=visitor().actor,
                now=clock.now(),
            )
    except InvalidInput as refused:
        faults = {("erase" if name == "reason" else name): rule for name, rule in _faults(refused).items()}
        return _client_again(client_id, given, faults)
    except Conflict as refused:
        return _client_again(client_id, given, {"also_live": refused.detail})
    flash("Erased. This is the record of it.", "ok")
    return _to("console.privacy.show", code=gone.code)


def _answer(code: str, do: Callable[[], str], given: dict[str, str]) -> ResponseReturnValue:
    try:
        said = do()
    except InvalidInput as refused:
        facts = _facts(code) | {"given": given, "faults": _faults(refused)}
        return make_response(render_template("console/privacy_one.html", **facts), 422)
    except Conflict as refused:
        flash(refused.detail, "wait")
    else:
        flash(said, "ok")
    return _to("console.privacy.show", code=code)


def _list() -> dict[str, Any]:
    only_open = request.args.get("show") == "open"
    with rt().db.read() as session:
        rows = list_requests(session, only_open=only_open)
    return {"rows": rows, "only_open": only_open, "status": _status_address, "named": "", "faults": {}}


def _facts(code: str) -> dict[str, Any]:
    with rt().db.read() as session:
        row = read_request(session, code)
    counted = [(CALLED.get(name, name), count) for name, count in sorted(row.rows.items(), key=lambda one: -one[1])]
    return {"row": row, "counted": counted, "status": _status_address(code), "given": {}, "faults": {}}


def _client(client_id: str) -> dict[str, Any]:
    with rt().db.read() as session:
        held = read_held(session, client_id)
    return {"held": held, "given": {}, "faults": {}}


def _client_again(client_id: str, given: dict[str, str], faults: dict[str, str]) -> Response:
    facts = _client(client_id) | {"given": given, "faults": faults}
    return make_response(render_template("console/privacy_client.html", **facts), 422)


def _faults(refused: InvalidInput) -> dict[str, str]:
    return {fault.field: fault.rule for fault in refused.faults}


def _status_address(code: str) -> str:
    """Where whoever asked reads what became of it."""
    return rt().settings.public_url + url_for("connect.privacy.show", code=code)


def _to(page: str, **where: Any) -> Response:
    return make_response(redirect(url_for(page, **where), 303))
