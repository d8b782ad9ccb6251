"""What staff may do for a client's number: ask for a code, enter it, enter the PIN, and look at the PIN we hold."""

import re
from typing import cast

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.console.guard import staff_only, visitor
from app.console.onboarding import WHICH, page_facts
from app.console.pressing import back_to, pressing
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, NotFound, TooMany, Unavailable
from app.kit.secret import Secret
from app.onboarding.life import pins, verification
from app.onboarding.reading.progress import read_progress
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("number", __name__, url_prefix="/onboardings/<reference>"), staff_only)

SIX_DIGITS = re.compile(r"[0-9]{6}")


@bp.before_request
def _refuse_what_is_no_reference() -> None:
    if not WHICH.fullmatch(str((request.view_args or {}).get("reference"))):
        raise NotFound("There is no such onboarding.")


@bp.post("/code")
def request_code(reference: str) -> ResponseReturnValue:
    """*Ask for a code*: Meta sends six digits to the client's number."""
    method = "VOICE" if request.form.get("method") == "VOICE" else "SMS"
    how = cast(verification.Method, method)
    try:
        verification.request_code(rt(), _key_of(reference), method=how, actor=visitor().actor)
    except InvalidInput as refused:
        flash(" ".join(fault.rule for fault in refused.faults), "wait")
    except (Conflict, TooMany, Unavailable) as refused:
        flash(refused.detail, "wait")
    else:
        flash("Meta sends a code to the number. The client reads it to you.", "ok")
    return back_to(reference)


@bp.post("/code/enter")
def enter_code(reference: str) -> ResponseReturnValue:
    """*Enter the code* for the client."""
    code = _digits("code")
    if code is None:
        return _again(reference, {"code": "The code must be six digits."})
    try:
        verification.enter_code(rt(), _key_of(reference), code=code, actor=visitor().actor)
    except InvalidInput as refused:
        return _again(reference, {"code": " ".join(fault.rule for fault in refused.faults)})
    except (Conflict, Unavailable) as refused:
        flash(refused.detail, "wait")
    else:
        flash("The number is confirmed.", "ok")
    return back_to(reference)


@bp.post("/pin")
def give_pin(reference: str) -> ResponseReturnValue:
    """*Enter PIN*: sealed, and tried once."""
    pin = _digits("pin")
    if pin is None:
        return _again(reference, {"pin": "The PIN must be six digits."})
    with pressing("Registering once more with this PIN.", "busy") as session:
        pins.give_pin(session, rt().vault, reference, pin=pin, actor=visitor().actor, now=clock.now())
    return back_to(reference)


@bp.post("/two-step-off")
def two_step_off(reference: str) -> ResponseReturnValue:
    """*Two-step is off*: the number is registered once more."""
    with pressing("Registering once more.", "busy") as session:
        pins.tell_two_step_is_off(session, reference, actor=visitor().actor, now=clock.now())
    return back_to(reference)


@bp.post("/pin/reveal")
def reveal(reference: str) -> ResponseReturnValue:
    """*Show the PIN*: once, for a reason that is kept, on a page that no cache keeps."""
    reason = request.form.get("reason", "")
    try:
        with rt().db.write() as session:
            progress = read_progress(session, reference)
            pin = pins.reveal_pin(session, rt().vault, reference, reason=reason, actor=visitor().actor, now=clock.now())
    except InvalidInput as refused:
        flash(f"The reason {refused.faults[0].rule}.", "wait")
        return back_to(reference)
    except Conflict as refused:
        flash(refused.detail, "wait")
        return back_to(reference)
    return render_template("console/pin_shown.html", progress=progress, pin=pin, reason=reason.strip())


def _again(reference: str, faults: dict[str, str]) -> Response:
    return make_response(render_template("console/onboarding.html", **page_facts(reference, faults)), 422)


def _key_of(reference: str) -> str:
    with rt().db.read() as session:
        return read_progress(session, reference).id


def _digits(field: str) -> Secret | None:
    given = "".join(request.form.get(field, "")[:40].split())
    return Secret(given) if SIX_DIGITS.fullmatch(given) else None
