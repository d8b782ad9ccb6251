"""``POST /_sandbox/signups``: a whole popup in one call, through the same rules as the dialog."""

from typing import Any

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_body, read_typed
from sandbox.runtime import current
from sandbox.world.signup.plans import PLANS, TOKEN_TTL_S, Wish, play

_BUSINESS = ("id", "name", "country", "website", "email", "timezone_id")


@bp.post("/signups")
def play_signup() -> Response:
    """What a finished popup hands over: code, end event and ids."""
    runtime = current()
    body = read_body(
        "plan",
        "token_ttl",
        "business",
        "account_id",
        "number",
        "scopes",
        "all_targets",
        "share_history",
        "attached_elsewhere",
        "omit",
        "wa_login_user",
        "event",
        "config_id",
    )
    finished = play(runtime.world, runtime.partner.app_id, runtime.partner.config_id, _read_wish(body))
    reply = {
        "code": finished.code,
        "event": finished.event,
        "waba_id": finished.waba_id,
        "phone_number_id": finished.phone_number_id,
        "business_id": finished.business_id,
    }
    return answer(reply, 201)


def _read_wish(body: dict[str, Any]) -> Wish:
    plan = body.get("plan", "standard")
    if plan not in PLANS:
        raise BadRequest(f"plan must be one of {', '.join(PLANS)}.")
    token_ttl = body.get("token_ttl")
    if token_ttl not in TOKEN_TTL_S:
        raise BadRequest("token_ttl must be 60d or never.")
    business = read_typed(body, "business", dict, {})
    if unknown := set(business) - set(_BUSINESS):
        raise BadRequest(f"business knows {', '.join(_BUSINESS)}, not {', '.join(sorted(unknown))}.")
    business = {key: str(value) for key, value in business.items()}
    business_id = business.pop("id", None)
    if business_id is not None and business_id not in current().world.records.businesses:
        raise BadRequest("There is no business with this id.", 404)
    scopes = _read_names(body, "scopes")
    return Wish(
        plan=plan,
        token_ttl=token_ttl,
        business=business,
        business_id=business_id,
        account_id=read_typed(body, "account_id", str),
        number=read_typed(body, "number", str),
        scopes=scopes,
        all_targets=read_typed(body, "all_targets", bool, False),
        share_history=read_typed(body, "share_history", bool, True),
        attached_elsewhere=read_typed(body, "attached_elsewhere", bool, False),
        omit=_read_names(body, "omit") or (),
        wa_login_user=read_typed(body, "wa_login_user", bool, False),
        event=read_typed(body, "event", str),
        config_id=read_typed(body, "config_id", str),
    )


def _read_names(body: dict[str, Any], key: str) -> tuple[str, ...] | None:
    names = read_typed(body, key, list)
    if names is None:
        return None
    if not all(isinstance(name, str) for name in names):
        raise BadRequest(f"{key} must be a list of names.")
    return tuple(names)
