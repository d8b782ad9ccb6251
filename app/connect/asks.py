"""What a step asks the client for, and where it is given: the one-time code of a number, and its PIN.

Plain forms, so that they work without scripts; with them the answer takes the page's place without a reload. Code and
PIN are in the body only, never in an address, a log or an answer of ours. What cannot be accepted is said at the field.
"""

import re
from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.audit.store import Actor
from app.connect.place import back_to, facts_of, get_shown
from app.connect.policy import keep_window
from app.connect.visits import here, opened_the_link
from app.kit import clock
from app.kit.errors import AppError, Conflict, InvalidInput, TooMany, Unavailable
from app.kit.secret import Secret
from app.onboarding.arrivals import saga
from app.onboarding.life import pins, verification
from app.web.guards import guarded
from app.web.here import rt
from app.web.languages import _
from app.web.limits import by_link, limiter

bp = guarded(Blueprint("asks", __name__, url_prefix="/c/<link_id>"), opened_the_link)

OFTEN = "30 per minute"
"""For one link, whoever sits behind it: a person types a code, a program would guess at them."""
SIX_DIGITS = re.compile(r"[0-9]{6}")


@bp.post("/code")
@bp.post("/numbers/<reference>/code")
@limiter.limit(OFTEN, key_func=by_link)
def ask_for_code(link_id: str, reference: str | None = None) -> ResponseReturnValue:
    """*Send me a code*: Meta sends six digits to the number, by text or by call."""
    method = request.form.get("method")
    if method not in {"SMS", "VOICE"}:
        return _again(reference, {"method": _("Choose text message or call.")}, 422)
    onboarding = get_shown(reference).progress.id
    try:
        verification.request_code(rt(), onboarding, method=cast(verification.Method, method), actor=_client())
    except Conflict:
        pass  # It moved on between the page and the click; the page says where to.
    except (InvalidInput, TooMany, Unavailable) as refused:
        return _again(reference, {"method": _words_of(refused)}, refused.status)
    return back_to(link_id, reference)


@bp.post("/code/enter")
@bp.post("/numbers/<reference>/code/enter")
@limiter.limit(OFTEN, key_func=by_link)
def enter_code(link_id: str, reference: str | None = None) -> ResponseReturnValue:
    """*Confirm number*: the six digits that came."""
    code = _digits("code")
    if code is None:
        return _again(reference, {"code": _("The code has six digits.")}, 422)
    try:
        verification.enter_code(rt(), get_shown(reference).progress.id, code=code, actor=_client())
    except Conflict:
        pass
    except (InvalidInput, Unavailable) as refused:
        wrong = refused.code == "verification_code_wrong"
        words = _("This code is wrong or too old. Look at the newest message, or let Meta send another code.")
        return _again(reference, {"code": words if wrong else _words_of(refused)}, refused.status)
    return back_to(link_id, reference)


@bp.post("/pin")
@bp.post("/numbers/<reference>/pin")
@limiter.limit(OFTEN, key_func=by_link)
def give_pin(link_id: str, reference: str | None = None) -> ResponseReturnValue:
    """*Register with this PIN*: kept sealed, and tried once."""
    pin = _digits("pin")
    if pin is None:
        return _again(reference, {"pin": _("A PIN has six digits.")}, 422)
    onboarding = get_shown(reference).progress.id
    try:
        with rt().db.write() as session:
            pins.give_pin(session, rt().vault, onboarding, pin=pin, actor=_client(), now=clock.now())
    except Conflict:
        return back_to(link_id, reference)
    rt().wakes.ring(saga.STREAM)
    return back_to(link_id, reference)


@bp.post("/two-step-off")
@bp.post("/numbers/<reference>/two-step-off")
@limiter.limit(OFTEN, key_func=by_link)
def tell_two_step_is_off(link_id: str, reference: str | None = None) -> ResponseReturnValue:
    """*It is off, try again*: two-step verification was switched off at Meta."""
    onboarding = get_shown(reference).progress.id
    try:
        with rt().db.write() as session:
            pins.tell_two_step_is_off(session, onboarding, actor=_client(), now=clock.now())
    except Conflict:
        return back_to(link_id, reference)
    rt().wakes.ring(saga.STREAM)
    return back_to(link_id, reference)


def _again(reference: str | None, refused: Mapping[str, str], status: int) -> Response:
    keep_window()
    facts = facts_of(get_shown(reference), refused)
    return make_response(render_template("connect/progress.html", **facts), status)


def _client() -> Actor:
    return Actor("client", here().client.id)


def _digits(field: str) -> Secret | None:
    """Six digits as people paste them, with spaces or a hyphen; None for anything else."""
    given = re.sub(r"[\s-]", "", request.form.get(field, "")[:40])
    return Secret(given) if SIX_DIGITS.fullmatch(given) else None


def _words_of(refused: AppError) -> str:
    if isinstance(refused, InvalidInput):
        return " ".join(_(fault.rule) for fault in refused.faults)
    return _(refused.detail)
