"""Unclaimed accounts: the list, and one with the three things staff may do about it."""

import re
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.console.guard import staff_only, visitor
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, NotFound
from app.onboarding.arrivals.saga import STREAM
from app.onboarding.reading.progress import read_reference
from app.onboarding.shares import unclaimed
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("unclaimed", __name__, url_prefix="/unclaimed"), staff_only)

KEY = re.compile(r"[0-9a-f-]{36}")
# Where the owner of an account takes a partner out again.
PARTNERS_PAGE = "https://business.facebook.com/latest/settings/partners"


@bp.before_request
def _refuse_what_is_no_key() -> None:
    """What cannot be a key is not there; no database is asked about it."""
    if not KEY.fullmatch(str((request.view_args or {}).get("key", "0" * 36))):
        raise NotFound(unclaimed.NOT_THERE)


def how_many() -> int:
    """How many wait for a decision, for the side bar of every page of the console."""
    with rt().db.read() as session:
        return unclaimed.count_unclaimed(session, now=clock.now())


@bp.get("")
def show_list() -> str:
    """Those that somebody must decide about."""
    with rt().db.read() as session:
        rows = unclaimed.list_unclaimed(session, now=clock.now())
    return render_template("console/unclaimed.html", rows=rows)


@bp.get("/<key>")
def show(key: str) -> str:
    """One of them. Meta is asked for its names the first time somebody looks."""
    return render_template("console/unclaimed_one.html", **_facts(key))


@bp.post("/<key>/attach")
def attach(key: str) -> ResponseReturnValue:
    """To a suggested client, to one that waits on Meta's own page, or to one named by hand."""
    chosen, named = request.form.get("whose", ""), request.form.get("client", "").strip()

    def do(session: Session) -> str:
        who: dict[str, Any] = {"actor": visitor().actor, "now": clock.now()}
        if chosen.startswith("onb_"):
            return unclaimed.attach_to_onboarding(session, rt().settings, key, chosen, **who)
        client = unclaimed.find_client(session, chosen if chosen not in {"", "other"} else named)
        return unclaimed.attach_to_client(session, rt().settings, key, client.id, **who)

    return _begin(key, do, {"whose": chosen, "client": named})


@bp.post("/<key>/make-client")
def make_client(key: str) -> ResponseReturnValue:
    """A new client, with the name that stands in the field."""
    name, ref = request.form.get("name", "").strip(), request.form.get("external_ref", "").strip()

    def do(session: Session) -> str:
        return unclaimed.make_client(
            session,
            rt().settings,
            key,
            name=name,
            external_ref=ref or None,
            actor=visitor().actor,
            now=clock.now(),
        )

    return _begin(key, do, {"name": name, "external_ref": ref})


@bp.post("/<key>/refuse")
def refuse(key: str) -> ResponseReturnValue:
    """Nobody of ours; the reason is kept."""
    reason = request.form.get("reason", "")
    try:
        with rt().db.write() as session:
            unclaimed.refuse(session, key, reason=reason, actor=visitor().actor, now=clock.now())
    except InvalidInput as refused:
        return _again(key, {"reason": reason[:1000]}, refused)
    except Conflict as refused:
        flash(refused.detail, "wait")
        return _to(url_for("console.unclaimed.show", key=key))
    flash("Refused. At Meta it stays shared until its owner takes us out.", "ok")
    return _to(url_for("console.unclaimed.show_list"))


def _begin(key: str, do: Any, given: dict[str, str]) -> ResponseReturnValue:
    try:
        with rt().db.write() as session:
            run = do(session)
    except InvalidInput as refused:
        return _again(key, given, refused)
    except Conflict as refused:
        flash(refused.detail, "wait")
        return _to(url_for("console.unclaimed.show", key=key))
    rt().wakes.ring(STREAM)
    with rt().db.read() as session:
        reference = read_reference(session, run)
    flash("Its onboarding has begun.", "ok")
    return _to(url_for("console.onboarding.show", reference=reference))


def _again(key: str, given: dict[str, str], refused: InvalidInput) -> Response:
    faults = {fault.field: fault.rule for fault in refused.faults}
    return make_response(render_template("console/unclaimed_one.html", **_facts(key, given, faults)), 422)


def _facts(key: str, given: dict[str, str] | None = None, faults: dict[str, str] | None = None) -> dict[str, Any]:
    row = unclaimed.ask_names(rt(), key)
    return {"row": row, "given": given or {}, "faults": faults or {}, "partners_page": PARTNERS_PAGE}


def _to(address: str) -> Response:
    return make_response(redirect(address, 303))
