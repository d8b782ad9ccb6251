"""``POST /_sandbox/signups``: a whole popup in one call, through the same rules as the dialog."""

from typing import Any

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_object, read_typed
from sandbox.control.wishes import NAMES, SWITCH, TEXT, Allowed, read_wishes
from sandbox.dialog.endings import add_to_address
from sandbox.runtime import current
from sandbox.world import World, signup
from sandbox.world.signup import Finished, Way
from sandbox.world.signup.plans import PLANS, play

_BUSINESS = ("id", "name", "country", "website", "email", "timezone_id")
FIELDS = {
    "plan": Allowed(str, PLANS),
    "way": Allowed(str, tuple(Way)),
    "redirect_uri": TEXT,
    "token_ttl": Allowed(str, ("60d", "never"), nullable=True),
    "account_id": TEXT,
    "also": NAMES,
    "number": TEXT,
    "scopes": NAMES,
    "all_targets": SWITCH,
    "share_history": SWITCH,
    "syncs_silently": SWITCH,
    "attached_elsewhere": SWITCH,
    "solution_id": TEXT,
    "preverified_id": TEXT,
    "told": SWITCH,
    "told_after_s": Allowed((int, float)),
    "has_role": SWITCH,
    "omit": NAMES,
    "wa_login_user": SWITCH,
    "event": TEXT,
    "config_id": TEXT,
    "extras": Allowed(dict),
}


@bp.post("/signups")
def play_signup() -> Response:
    """What a finished popup hands over: code, end event and ids.

    A full page has no event but the ``location`` it goes back to, with code and ``state``; the hosted page has neither.
    """
    runtime = current()
    body = read_object()
    wish = _read_wish(body)
    finished = play(runtime.world, runtime.partner.app_id, runtime.partner.config_id, wish)
    reply = {
        "code": finished.code,
        "event": finished.event if wish.way is Way.POPUP else None,
        "location": _tell_location(finished, wish.redirect_uri, body.get("state")),
        "waba_id": finished.waba_id,
        "waba_ids": finished.waba_ids,
        "phone_number_id": finished.phone_number_id,
        "phone_number_ids": _list_numbers(runtime.world, finished),
        "business_id": finished.business_id,
    }
    return answer(reply, 201)


def _read_wish(body: dict[str, Any]) -> signup.Wish:
    wished = read_wishes(body, FIELDS, "business", "accounts", "state")
    way = wished["way"] = Way(wished.get("way", "popup"))
    if way is Way.REDIRECT and "redirect_uri" not in wished:
        raise BadRequest("way redirect needs its redirect_uri.")
    if way is Way.POPUP and "redirect_uri" in wished:
        raise BadRequest("A popup has no redirect_uri.")
    read_typed(body, "state", str)
    business = read_typed(body, "business", dict, {})
    if unknown := set(business) - set(_BUSINESS):
        raise BadRequest(f"business knows {', '.join(_BUSINESS)}, not {', '.join(sorted(unknown))}.")
    business = {key: str(value) for key, value in business.items()}
    business_id = business.pop("id", None)
    if business_id is not None and business_id not in current().world.records.businesses:
        raise BadRequest("There is no business with this id.", 404)
    return signup.Wish(business=business, business_id=business_id, accounts=_read_accounts(body), **wished)


def _read_accounts(body: dict[str, Any]) -> tuple[int | tuple[str, ...], ...]:
    """What each account holds: how many numbers, or a list of those."""
    held = read_typed(body, "accounts", list, [])
    return tuple(_read_holding(holding) for holding in held)


def _read_holding(holding: Any) -> int | tuple[str, ...]:
    if isinstance(holding, int) and not isinstance(holding, bool) and 0 <= holding <= 25:
        return holding
    if isinstance(holding, list) and all(isinstance(number, str) for number in holding):
        return tuple(holding)
    raise BadRequest("accounts must list how many numbers each account has (up to 25), or the numbers.")


def _list_numbers(world: World, finished: Finished) -> list[str]:
    accounts = [world.records.accounts[account_id] for account_id in finished.waba_ids]
    return [number_id for account in accounts for number_id in account.number_ids]


def _tell_location(finished: Finished, redirect_uri: str | None, state: str | None) -> str | None:
    if redirect_uri is None:
        return None
    told = {"code": finished.code, "state": state}
    return add_to_address(redirect_uri, {name: value for name, value in told.items() if value is not None})
