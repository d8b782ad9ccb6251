"""Cuts a list into Graph's pages: ``limit``, ``after``, ``before``, cursors, and ``next`` only where more follows."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from sandbox.graph.doors import Call
from sandbox.graph.errors import invalid
from sandbox.graph.params import text
from sandbox.world.ids import new_cursor, read_cursor

T = TypeVar("T")
DEFAULT_LIMIT = 25
MAX_LIMIT = 500


def page_of(
    call: Call, nodes: Sequence[T], key: Callable[[T], str], show: Callable[[T], dict[str, Any]]
) -> dict[str, Any]:
    """``{"data": […], "paging": {…}}``; an empty page has no paging. Cursors point at nodes by ``key``."""
    limit = _read_limit(call)
    keys = [key(node) for node in nodes]
    start = 0
    after, before = text(call.params, "after"), text(call.params, "before")
    if after is not None:
        start = _position(keys, after) + 1
    elif before is not None:
        start = max(0, _position(keys, before) - limit)
    end = min(start + limit, _position(keys, before)) if before is not None else start + limit
    shown = nodes[start:end]
    if not shown:
        return {"data": []}
    cursors = {"before": new_cursor(keys[start]), "after": new_cursor(keys[start + len(shown) - 1])}
    paging: dict[str, Any] = {"cursors": cursors}
    if start + len(shown) < len(nodes):
        paging["next"] = _link(call, "after", cursors["after"])
    if start > 0:
        paging["previous"] = _link(call, "before", cursors["before"])
    return {"data": [show(node) for node in shown], "paging": paging}


def _read_limit(call: Call) -> int:
    limit = text(call.params, "limit") or str(DEFAULT_LIMIT)
    if not limit.isdecimal() or int(limit) == 0:
        raise invalid("limit must be a positive number.")
    return min(int(limit), MAX_LIMIT)


def _position(keys: list[str], cursor: str) -> int:
    key = read_cursor(cursor)
    if key is None or key not in keys:
        raise invalid("The cursor is not valid.")
    return keys.index(key)


def _link(call: Call, name: str, cursor: str) -> str:
    """The address of the neighbouring page, without the token: a link may end in a log."""
    hidden = {"access_token", "appsecret_proof", "after", "before"}
    query = {key: str(value) for key, value in call.params.items() if key not in hidden}
    return f"{call.base}/{call.version}{call.path}?{urlencode({**query, name: cursor})}"
