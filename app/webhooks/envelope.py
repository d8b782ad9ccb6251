"""From the bytes of a notification to its changes.

`{"object": "whatsapp_business_account", "entry": [{"id", "time"?, "changes": [{"field", "value"}]}]}`: several entries
and several changes each may come at once (Meta's page: "Webhooks, payload structure"). What is unknown is kept; what is
misshapen becomes a change of its own that says so, and takes nothing of its neighbours with it.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.webhooks.loose import dig, items_at, moment_at, text_at

OBJECT = "whatsapp_business_account"
MISSHAPEN = "misshapen"
"""The field of what could not be read as a change."""

_LONGEST_NUMBER = 18  # digits that fit 64 bits whatever they are
_ODD_LETTERS = re.compile("[\x00\ud800-\udfff]")


class Unreadable(Exception):
    """These bytes are no notification, now and for ever. The text says why and holds nothing of them."""


@dataclass(frozen=True)
class Change:
    """One change. `entry_id` is a WABA id, or our own business id for partner events; account events have a `time`."""

    entry_id: str
    time: datetime | None
    field: str
    value: dict[str, Any]


def changes_in(body: bytes) -> list[Change]:
    """All changes, in their order. Raises `Unreadable` for what is not a JSON object."""
    try:
        notification = json.loads(body.decode(), parse_int=_whole_number, parse_constant=lambda _: None)
        if b"\\u0000" in body or b"\\ud" in body.lower():
            notification = _without_odd_letters(notification)
    except (ValueError, RecursionError):
        raise Unreadable("is not JSON") from None
    if not isinstance(notification, dict):
        raise Unreadable("is not a JSON object")
    if text_at(notification, "object") != OBJECT:
        return [Change("", None, f"object {text_at(notification, 'object') or 'unnamed'}", notification)]
    return [
        _change(text_at(entry, "id") or "", moment_at(entry, "time"), item)
        for entry in items_at(notification, "entry")
        for item in _items_of(entry)
    ]


def _items_of(entry: object) -> list[object]:
    if not isinstance(entry, dict) or "changes" not in entry:
        return [entry]
    return items_at(entry, "changes")


def _change(entry_id: str, time: datetime | None, item: object) -> Change:
    field, value = text_at(item, "field"), dig(item, "value")
    if field is None or not isinstance(value, dict):
        return Change(entry_id, time, MISSHAPEN, {})
    return Change(entry_id, time, field, value)


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _without_odd_letters(value: Any) -> Any:
    """NUL and lone surrogates are legal in JSON and in no database; each becomes the replacement character."""
    if isinstance(value, str):
        return _ODD_LETTERS.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_odd_letters(item) for item in value]
    if isinstance(value, dict):
        return {_without_odd_letters(key): _without_odd_letters(item) for key, item in value.items()}
    return value
