"""What arrived: a JSON body of bounded size, the caller's address, the name of the browser."""

import json
from typing import Any

from flask import request

from app.kit.errors import Fault, InvalidInput, TooLarge

SMALL = 16 * 1024
"""Bytes a public door takes unless it says otherwise."""
DEEPEST = 32
"""Levels of nesting nobody has a reason to exceed."""


def read_body(limit: int = SMALL) -> bytes:
    """The raw body; `TooLarge` beyond `limit` bytes, without reading more than that."""
    # A body that does not tell its length is cut silently at this many bytes, so one more is let through and counted.
    request.max_content_length = limit + 1
    if (request.content_length or 0) > limit:
        raise TooLarge(f"This door takes at most {limit:,} bytes.")
    body = request.get_data(cache=False)
    if len(body) > limit:
        raise TooLarge(f"This door takes at most {limit:,} bytes.")
    return body


def read_json(limit: int = SMALL) -> dict[str, Any]:
    """The body as a JSON object. Raises `InvalidInput` (never quoting the body) or `TooLarge`.

    The content type must be JSON: a foreign page can send a form or plain text across sites, but not that.
    """
    if not request.is_json:
        raise InvalidInput([Fault("body", "must be JSON with Content-Type: application/json")], code="not_json")
    return parse_object(read_body(limit))


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object from bytes; refuses NaN, doubled keys that differ, deep nesting, and text that is not UTF-8."""
    try:
        value = json.loads(body, parse_constant=_refuse, object_pairs_hook=_without_contradictions)
    except (ValueError, RecursionError):
        raise InvalidInput([Fault("body", "is not well-formed JSON")], code="not_json") from None
    if not isinstance(value, dict):
        raise InvalidInput([Fault("body", "must be a JSON object")], code="not_json")
    if _depth(value) > DEEPEST:
        raise InvalidInput([Fault("body", f"is nested deeper than {DEEPEST} levels")], code="not_json")
    return value


def client_address() -> str:
    """The caller's IP address; behind proxies the one `PROXY_HOPS` trusts."""
    return request.remote_addr or "unknown"


def user_agent() -> str:
    """What the browser calls itself, cut to what we store."""
    return request.user_agent.string[:300]


def _refuse(_constant: str) -> None:
    raise ValueError("not JSON")


def _without_contradictions(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            raise ValueError("a key is given twice")
        found[key] = value
    return found


def _depth(value: object) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        current, level = waiting.pop()
        deepest = max(deepest, level)
        if isinstance(current, dict):
            waiting += [(inner, level + 1) for inner in current.values()]
        elif isinstance(current, list):
            waiting += [(inner, level + 1) for inner in current]
    return deepest
