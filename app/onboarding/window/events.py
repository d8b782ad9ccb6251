"""What Meta's signup window says on its way and at its end: any order, any version, ids not guaranteed.

What becomes part of a Graph path is read strictly. What only people read (screens, Meta's sentence, its session id) is
cut to size instead of refused: an event that was refused would be lost, and with it the reason why somebody stopped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kit.errors import Fault, InvalidInput

MOST_TEXT = 500
# Our own word for a window that went away without saying anything; a late end event of Meta's replaces it.
CLOSED = "CLOSED"
# Ids are opaque, but they become part of a Graph path: nothing in them may be able to lead elsewhere.
_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
_KIND = re.compile(r"[A-Z0-9_]{1,64}")
IDS = ("waba_id", "phone_number_id", "business_id")
# Our own words where no window of Meta's spoke: an account shared with us, and ids that staff entered.
SHARED, BY_HAND = "SHARED", "BY_HAND"
LISTS_OF_IDS = ("waba_ids", "page_ids", "ad_account_ids", "dataset_ids", "catalog_ids", "instagram_account_ids")


@dataclass(frozen=True)
class EndEvent:
    """What Meta's window said; ids are opaque text and may be missing, `timestamp` is Meta's (seconds, as text)."""

    kind: str
    waba_id: str | None = None
    phone_number_id: str | None = None
    business_id: str | None = None
    current_step: str | None = None
    error_message: str | None = None
    error_id: str | None = None
    session_id: str | None = None
    timestamp: str | None = None
    version: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """finished, failed, cancelled, closed, or under_way while the window has not come to an end.

        Anything beginning with FINISH is success, and so is what needed no window; an error may come as ERROR or as
        CANCEL with a message. What begins with none of the three words (PROGRESS, kinds to come) says where somebody
        is, not how it ended.
        """
        if self.kind.startswith("FINISH") or self.kind in {SHARED, BY_HAND}:
            return "finished"
        if self.kind == CLOSED:
            return "closed"
        if not self.kind.startswith(("CANCEL", "ERROR")):
            return "under_way"
        if self.kind.startswith("ERROR") or self.error_message or self.error_id:
            return "failed"
        return "cancelled"

    def as_stored(self) -> dict[str, Any]:
        """What is kept of it: only fields we know, bounded in length."""
        stored = {name: getattr(self, name) for name in _FIELDS if getattr(self, name) is not None}
        return {**stored, **({"more": dict(self.more)} if self.more else {})}


_FIELDS = ("kind", *IDS, "current_step", "error_message", "error_id", "session_id", "timestamp", "version")


def read_end_event(payload: object) -> EndEvent:
    """The parsed WA_EMBEDDED_SIGNUP object → EndEvent; InvalidInput when it is none or breaks a bound."""
    if not isinstance(payload, dict) or payload.get("type") != "WA_EMBEDDED_SIGNUP":
        raise InvalidInput([Fault("event.type", "must be WA_EMBEDDED_SIGNUP")])
    kind = payload.get("event")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise InvalidInput([Fault("event.event", "must be 1 to 64 capital letters, digits and underscores")])
    data = payload.get("data")
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise InvalidInput([Fault("event.data", "must be an object")])
    more = {name: _ids(data, name) for name in LISTS_OF_IDS if data.get(name)}
    for flag in ("is_wa_login_user", "is_coexistence"):
        if isinstance(data.get(flag), bool):
            more[flag] = data[flag]
    return EndEvent(
        kind=kind,
        **{name: _id(data, name) for name in IDS},
        current_step=_words(data, "current_step", most=100),
        error_message=_words(data, "error_message", most=MOST_TEXT),
        # Newer pages of Meta's say error_code where older ones say error_id: both are read.
        error_id=_words(data, "error_code", most=64) or _words(data, "error_id", most=64),
        session_id=_words(data, "session_id", most=100),
        timestamp=_words(data, "timestamp", most=32),
        version=_words(payload, "version", most=16),
        more=more,
    )


def stored_event(stored: Mapping[str, Any]) -> EndEvent:
    """The inverse of `as_stored`."""
    return EndEvent(**stored)


def read_screen(text: str | None) -> str | None:
    """The name of a screen of Meta's as it may be kept: one line, at most 100 characters, None for nothing."""
    return _one_line(text or "", most=100)


def _one_line(text: str, *, most: int) -> str | None:
    # Databases refuse some characters, and neither a log nor a page should ever meet them.
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:most] or None


def _text(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidInput([Fault(f"event.data.{name}", "must be a text")])
    return str(value)


def _words(data: Mapping[str, Any], name: str, *, most: int) -> str | None:
    text = _text(data, name)
    return None if text is None else _one_line(text, most=most)


def _id(data: Mapping[str, Any], name: str) -> str | None:
    text = _text(data, name)
    if text is not None and not _ID.fullmatch(text):
        raise InvalidInput([Fault(f"event.data.{name}", "must hold letters, digits and underscores only")])
    return text


def _ids(data: Mapping[str, Any], name: str) -> list[str]:
    values = data[name]
    if not isinstance(values, list) or len(values) > 100 or not all(_is_id(value) for value in values):
        raise InvalidInput([Fault(f"event.data.{name}", "must be a list of at most 100 ids")])
    return [str(value) for value in values]


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and _ID.fullmatch(str(value)) is not None
