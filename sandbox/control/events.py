"""``/_sandbox/accounts/<id>/events`` and ``/_sandbox/share``: what becomes of an account without any signup window."""

from typing import Any

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_object, read_typed
from sandbox.control.records import get_app, get_record
from sandbox.control.wishes import (
    ACCOUNT_FIELDS,
    BUSINESS_FIELDS,
    NUMBER_FIELDS,
    SWITCH,
    TEXT,
    Allowed,
    read_wishes,
)
from sandbox.control.world import show
from sandbox.runtime import current
from sandbox.world import World
from sandbox.world.life import REASONS, offboard, reconnect, remove_partner, uninstall_app
from sandbox.world.notices import tell_app_installed, tell_partner_added
from sandbox.world.sharing import Share, share
from sandbox.world.state import Account, App

_SILENT = {"silent": SWITCH}
EVENTS: dict[str, dict[str, Allowed]] = {
    "offboard": _SILENT,
    "reconnect": _SILENT,
    "partner_removed": {
        **_SILENT,
        "older": SWITCH,
        "reason": Allowed(str, REASONS),
        "initiated_by": Allowed(str, ("USER", "SYSTEM")),
    },
    "app_uninstalled": {**_SILENT, "by_account": SWITCH},
    "partner_added": {"solution_id": TEXT, "after_s": Allowed((int, float))},
    "app_installed": {},
}
"""Each event with the options it knows."""


@bp.post("/accounts/<account_id>/events")
def tell_event(account_id: str) -> Response:
    """Lets ``event`` happen to the account; the account's row comes back.

    partner_added and app_installed only tell (again); the others change the world and tell, unless ``silent``.
    """
    body = read_object()
    event = body.pop("event", None)
    if event not in EVENTS:
        raise BadRequest(f"event must be one of {', '.join(EVENTS)}.")
    options = read_wishes(body, EVENTS[event])
    world = current().world
    with world.lock:
        account = get_record(world.records.accounts, account_id, "account")
        _let_happen(world, get_app(), account, event, options)
        return answer(show(account))


def _let_happen(world: World, app: App, account: Account, event: str, options: dict[str, Any]) -> None:
    match event:
        case "offboard":
            offboard(world, account, **options)
        case "reconnect":
            reconnect(world, account, **options)
        case "partner_removed":
            remove_partner(world, app, account, **options)
        case "app_uninstalled":
            uninstall_app(world, app, account, **options)
        case "partner_added":
            tell_partner_added(world, app, account, **options)
        case _:
            tell_app_installed(world, app, account)


@bp.post("/share")
def share_account() -> Response:
    """An existing customer shares an account with its numbers in Business settings; its ids come back.

    ``{business, account, numbers, told, after_s, app_installed, solution_id, config_id}``, all optional.
    """
    body = read_object()
    own = {
        "told": SWITCH,
        "after_s": Allowed((int, float)),
        "app_installed": SWITCH,
        "solution_id": TEXT,
        "config_id": TEXT,
        "business": Allowed(dict),
        "account": Allowed(dict),
        "numbers": Allowed(list),
    }
    unknown = sorted(set(body) - set(own))
    if unknown:
        raise BadRequest(f"Unknown keys: {', '.join(unknown)}. Known: {', '.join(own)}.")
    numbers = read_typed(body, "numbers", list, [{}])
    if not all(isinstance(number, dict) for number in numbers):
        raise BadRequest("numbers must be a list of objects.")
    runtime = current()
    world = runtime.world
    config_id = read_typed(body, "config_id", str, runtime.partner.config_id)
    with world.lock:
        config = get_record(world.records.configs, config_id, "configuration")
        account = share(
            world,
            get_app(),
            config,
            Share(
                business=read_wishes(read_typed(body, "business", dict, {}), {**BUSINESS_FIELDS, "id": TEXT}),
                account=read_wishes(read_typed(body, "account", dict, {}), {**ACCOUNT_FIELDS, "id": TEXT}),
                numbers=tuple(read_wishes(number, {**NUMBER_FIELDS, "number": TEXT}) for number in numbers),
                told=read_typed(body, "told", bool, True),
                after_s=float(read_typed(body, "after_s", (int, float), 0)),
                app_installed=read_typed(body, "app_installed", bool, True),
                solution_id=read_typed(body, "solution_id", str),
            ),
        )
        shared = {
            "business_id": account.owner_business_id,
            "waba_id": account.id,
            "phone_number_ids": list(account.number_ids),
        }
        return answer(shared, 201)
