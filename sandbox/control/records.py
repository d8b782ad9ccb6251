"""``/_sandbox/<records>/<id>``: change what exists, as Meta, its owner or another provider would. The row comes back.

Fields and values: ``sandbox/control/wishes.py``. ``silent`` keeps the webhooks back that such a change sends.
"""

from typing import Any, TypeVar

from flask import Response, request

from sandbox.control.doors import BadRequest, answer, bp, read_object, read_typed
from sandbox.control.wishes import (
    ACCOUNT_FIELDS,
    APP_FIELDS,
    BUSINESS_FIELDS,
    CONFIG_FIELDS,
    LINE_FIELDS,
    NUMBER_FIELDS,
    USER_FIELDS,
    read_wishes,
)
from sandbox.control.world import show, show_number
from sandbox.runtime import current
from sandbox.world.accounts import take_out
from sandbox.world.changes import change_account, change_number
from sandbox.world.credit_lines import CURRENCIES
from sandbox.world.state import Account, App, Number
from sandbox.world.tokens import SIXTY_DAYS_S

T = TypeVar("T")


def get_record(pool: dict[str, T], record_id: str, noun: str) -> T:
    """The record, or a 404 that says what was looked for."""
    found = pool.get(record_id)
    if found is None:
        raise BadRequest(f"There is no {noun} with this id.", 404)
    return found


def get_app() -> App:
    """The partner's app."""
    runtime = current()
    return runtime.world.records.apps[runtime.partner.app_id]


@bp.post("/numbers/<number_id>")
def change_one_number(number_id: str) -> Response:
    """Also ``rejection_reason`` for a declined name. ``pin`` null or ``two_step`` false is two-step switched off."""
    body = read_object()
    wished = read_wishes(body, NUMBER_FIELDS, "rejection_reason", "silent")
    world = current().world
    with world.lock:
        number = get_record(world.records.numbers, number_id, "number")
        change_number(
            world,
            number,
            wished,
            rejection_reason=read_typed(body, "rejection_reason", str),
            silent=read_typed(body, "silent", bool, False),
        )
        return answer(show_number(number, world.now()))


@bp.delete("/numbers/<number_id>")
def remove_number(number_id: str) -> Response:
    """Takes the number out of the account named by ``account_id`` in the query, or out of all."""
    world = current().world
    with world.lock:
        number: Number = get_record(world.records.numbers, number_id, "number")
        if not take_out(world, number, request.args.get("account_id")):
            raise BadRequest("The number is not in this account.", 404)
        return answer({"removed": 1})


@bp.post("/accounts/<account_id>")
def change_one_account(account_id: str) -> Response:
    """``funding`` is "own" (the customer's card), null (nobody pays) or a credential's id."""
    body = read_object()
    wished = read_wishes(body, ACCOUNT_FIELDS, "silent")
    if wished.get("currency") not in {None, *CURRENCIES}:
        raise BadRequest(f"currency must be one of {', '.join(sorted(CURRENCIES))}, or null.")
    world = current().world
    with world.lock:
        account: Account = get_record(world.records.accounts, account_id, "account")
        change_account(world, get_app(), account, wished, silent=read_typed(body, "silent", bool, False))
        return answer(show(account))


@bp.post("/businesses/<business_id>")
def change_one_business(business_id: str) -> Response:
    """A portfolio's name, country and verification."""
    return _set("businesses", business_id, read_wishes(read_object(), BUSINESS_FIELDS))


@bp.post("/apps/<app_id>")
def change_one_app(app_id: str) -> Response:
    """What the app's dashboard holds. Setting ``callback_url`` here asks nobody for a challenge."""
    return _set("apps", app_id, read_wishes(read_object(), APP_FIELDS))


@bp.post("/system_users/<user_id>")
def change_one_user(user_id: str) -> Response:
    """A system user's role."""
    return _set("system_users", user_id, read_wishes(read_object(), USER_FIELDS))


@bp.post("/configs/<config_id>")
def change_one_config(config_id: str) -> Response:
    """``token_ttl`` is "60d", "never" or seconds; a ``removed`` configuration opens no window."""
    wished = read_wishes(read_object(), CONFIG_FIELDS)
    if "token_ttl" in wished:
        wished["token_ttl_s"] = read_ttl(wished.pop("token_ttl"))
    return _set("configs", config_id, wished)


@bp.post("/credit_lines/<line_id>")
def change_one_line(line_id: str) -> Response:
    """A ``removed`` line is not listed and answers as if it had never been; what hangs on it stays."""
    return _set("credit_lines", line_id, read_wishes(read_object(), LINE_FIELDS))


def read_ttl(wished: str | int) -> int | None:
    """How long tokens live, in seconds; None for ever."""
    if isinstance(wished, int):
        if wished < 1:
            raise BadRequest("token_ttl must be 1 second or more.")
        return wished
    if wished not in ("60d", "never"):
        raise BadRequest("token_ttl must be 60d, never or seconds.")
    return SIXTY_DAYS_S if wished == "60d" else None


def _set(kind: str, record_id: str, wished: dict[str, Any]) -> Response:
    world = current().world
    with world.lock:
        pool: dict[str, Any] = getattr(world.records, kind)
        record = get_record(pool, record_id, f"record among the {kind.replace('_', ' ')}")
        for name, value in wished.items():
            setattr(record, name, value)
        return answer(show(record))
