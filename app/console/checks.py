"""What Meta says otherwise than we: the list of all drifts, and one account with both values side by side."""

import re
from collections.abc import Callable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.console.guard import staff_only, visitor
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.upkeep.check import acting, reading
from app.upkeep.check.rows import STREAM
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("checks", __name__, url_prefix="/checks"), staff_only)

KEY = re.compile(r"[0-9a-f-]{36}")
WHO = ("ours", "staff", "client")
SAID = {
    "wanted": "Asked for. It is done and read back within moments.",
    acting.ACCEPTED: "Meta’s value is ours now.",
}


@bp.before_request
def _refuse_what_is_no_key() -> None:
    """What cannot be a key is not there; no database is asked about it."""
    if not KEY.fullmatch(str((request.view_args or {}).get("key", "0" * 36))):
        raise NotFound(acting.NOT_THERE)


@bp.get("")
def show_list() -> str:
    """Every drift there is, the worst first; all, or those of one who puts them right."""
    asked = request.args.get("who")
    who = asked if asked in WHO else None
    with rt().db.read() as session:
        drifts = reading.list_drifts(session, repairs=who)
    return render_template("console/checks.html", drifts=drifts, who=who, most=reading.MOST)


@bp.get("/<key>")
def show(key: str) -> str:
    """One account: what we hold, what Meta says, since when."""
    with rt().db.read() as session:
        account = reading.read_account(session, key)
    return render_template("console/check.html", account=account)


@bp.post("/<key>/run")
def run(key: str) -> ResponseReturnValue:
    """Ask Meta about it now."""
    return _do(key, lambda session: _check_now(session, key))


@bp.post("/<key>/repair")
def repair(key: str) -> ResponseReturnValue:
    """Put one fact right, or take Meta's value over."""
    fact = request.form.get("fact", "")
    if not KEY.fullmatch(fact):
        raise NotFound(acting.NOT_THERE_FACT)
    return _do(
        key,
        lambda session: SAID[acting.repair(session, key, fact, actor=visitor().actor, now=clock.now())],
    )


def _check_now(session: Session, key: str) -> str:
    acting.check_now(session, key, actor=visitor().actor, now=clock.now())
    return "Meta is asked now. Load the page again in a moment."


def _do(key: str, do: Callable[[Session], str]) -> Response:
    try:
        with rt().db.write() as session:
            said = do(session)
    except Conflict as refused:
        flash(refused.detail, "wait")
    else:
        rt().wakes.ring(STREAM)
        flash(said, "busy")
    return make_response(redirect(url_for("console.checks.show", key=key), 303))
