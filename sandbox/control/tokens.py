"""``POST /_sandbox/tokens``: end tokens, let them expire, cut their permissions."""

from typing import Any

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_object, read_typed
from sandbox.control.wishes import NAMES, SWITCH, TEXT, Allowed, read_wishes
from sandbox.control.world import show_token
from sandbox.runtime import current
from sandbox.world.state import Token

_WHOSE = {"token": TEXT, "business_id": TEXT, "user_id": TEXT, "account_id": TEXT}
_CHANGES = {
    "revoked_subcode": Allowed(int, nullable=True),
    "expires_in": Allowed((int, float), nullable=True),
    "scopes": NAMES,
    "account_ids": NAMES,
    "all_targets": SWITCH,
}


@bp.post("/tokens")
def change_tokens() -> Response:
    """Changes the tokens of ``business_id``, ``user_id`` or ``account_id``, or the one with the value ``token``.

    ``which`` is all (if left out) or newest. ``revoked_subcode`` 458, 460, 463, 467… ends them and null revives them;
    ``expires_in`` counts seconds from now (0: dead now, null: never).
    """
    body = read_object()
    wished = read_wishes(body, {**_WHOSE, **_CHANGES}, "which")
    whose = {name: wished.pop(name) for name in _WHOSE if name in wished}
    if len(whose) != 1:
        raise BadRequest(f"Name the tokens by one of {', '.join(_WHOSE)}.")
    if not wished:
        raise BadRequest(f"Nothing to change: {', '.join(_CHANGES)}.")
    which = read_typed(body, "which", str, "all")
    if which not in ("all", "newest"):
        raise BadRequest("which must be all or newest.")
    world = current().world
    with world.lock:
        found = [token for token in world.records.tokens.values() if _is_of(token, *next(iter(whose.items())))]
        if not found:
            raise BadRequest("There is no such token.", 404)
        chosen = found if which == "all" else found[-1:]
        for token in chosen:
            _change(token, wished, world.now())
        return answer({"tokens": [show_token(token) for token in chosen]})


def _is_of(token: Token, name: str, value: str) -> bool:
    if name == "token":
        return token.value == value
    return value in token.account_ids if name == "account_id" else getattr(token, name) == value


def _change(token: Token, wished: dict[str, Any], now: float) -> None:
    for name, value in wished.items():
        if name == "expires_in":
            token.expires_at = None if value is None else now + float(value)
        elif name == "account_ids":
            token.account_ids = list(value)
        else:
            setattr(token, name, value)
