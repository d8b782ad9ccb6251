"""Reading Meta's replies with care: ids become text, missing keys become None, a missing promise becomes an error."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.kit.secret import Secret
from app.meta.errors import MetaRefused, MetaUnreachable
from app.meta.transport import Graph

PAGE_SIZE = 100
MOST_PAGES = 100


def promised(reply: Mapping[str, Any], key: str) -> str:
    """The text or id under `key`. Without it the call may have worked all the same, so its outcome is unknown."""
    value = text(reply, key)
    if value is None:
        raise _not_understood()
    return value


def promised_part(reply: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under `key`, or an unknown outcome."""
    value = reply.get(key)
    if not isinstance(value, dict):
        raise _not_understood()
    return value


def promised_parts(reply: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects in the list under `key`; a missing list is not an empty one."""
    if not isinstance(reply.get(key), list):
        raise _not_understood()
    return parts(reply, key)


def text(reply: Mapping[str, Any], key: str) -> str | None:
    """The text under `key`; a number becomes text, because ids are opaque; anything else is None."""
    value = reply.get(key)
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def flag(reply: Mapping[str, Any], key: str) -> bool | None:
    """True or False as Meta said it, None where it said nothing."""
    value = reply.get(key)
    return value if isinstance(value, bool) else None


def part(reply: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under `key`, empty where there is none."""
    value = reply.get(key)
    return value if isinstance(value, dict) else {}


def parts(reply: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects in the list under `key`."""
    value = reply.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(reply: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The texts and ids in the list under `key`."""
    value = reply.get(key)
    return tuple(map(str, value)) if isinstance(value, list) else ()


def moment(reply: Mapping[str, Any], key: str) -> datetime | None:
    """Meta's seconds since 1970 as an aware time; 0 and absent are None."""
    value = reply.get(key)
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) and value > 0 else None


def must_succeed(reply: Mapping[str, Any]) -> None:
    """Refuse anything but Meta's `{"success": true}`."""
    success = reply.get("success")
    if success is False:
        raise MetaRefused(status=200)
    if success is not True:
        raise _not_understood()


def every(graph: Graph, path: str, *, token: Secret, params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The items of all pages of a list. Pages are asked for by cursor: Meta's ready-made `next` address holds a token.

    Ends when Meta names no next page, repeats a cursor, or after 100 pages of 100.
    """
    after: str | None = None
    for _ in range(MOST_PAGES):
        asked = {**params, "limit": PAGE_SIZE, **({"after": after} if after else {})}
        reply = graph.call("GET", path, token=token, params=asked)
        yield from promised_parts(reply, "data")
        paging = part(reply, "paging")
        last, after = after, text(part(paging, "cursors"), "after")
        if "next" not in paging or after is None or after == last:
            return


def _not_understood() -> MetaUnreachable:
    return MetaUnreachable(request_written=True, status=200)
