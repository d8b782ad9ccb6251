"""What Meta's signup window says at its end: any order, any version, ids not guaranteed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kit.errors import Fault, InvalidInput

MOST_TEXT = 500
# Ids are opaque, but they become part of a Graph path: nothing in them may be able to lead elsewhere.
_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
_KIND = re.compile(r"[A-Z0-9_]{1,64}")
IDS = ("waba_id", "phone_number_id", "business_id")
# Our own words where no window of Meta's spoke: an account shared with us, and ids that staff entered.
SHARED, BY_HAND = "SHARED", "BY_HAND"
LISTS_OF_IDS = ("waba_ids", "page_ids", "ad_account_ids", "dataset_ids", "catalog_ids", "instagram_account_ids")


@dataclass(frozen=True)
class EndEvent:
    """The end event: `outcome` is finished, cancelled or failed; ids are opaque text and may be missing."""

    kind: str
    waba_id: str | None = None
    phone_number_id: str | None = None
    business_id: str | None = None
    current_step: str | None = None
    error_message: str | None = None
    error_id: str | None = None
    session_id: str | None = None
    version: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """Anything beginning with FINISH is success, and what needed no window; an error may come as CANCEL too."""
        if self.kind.startswith("FINISH") or self.kind in {SHARED, BY_HAND}:
            return "finished"
        if self.kind.startswith("ERROR") or self.error_message or self.error_id:
            return "failed"
        return "cancelled"

    def as_stored(self) -> dict[str, Any]:
        """What is kept of it: only fields we know, bounded in length."""
        stored = {name: getattr(self, name) for name in _FIELDS if getattr(self, name) is not None}
        return {**stored, **({"more": dict(self.more)} if self.more else {})}


_FIELDS = ("kind", *IDS, "current_step", "error_message", "error_id", "session_id", "version")


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
        current_step=_text(data, "current_step", most=100),
        error_message=_text(data, "error_message", most=MOST_TEXT),
        # Newer pages of Meta's say error_code where older ones say error_id: both are read.
        error_id=_text(data, "error_code", most=64) or _text(data, "error_id", most=64),
        session_id=_text(data, "session_id", most=100),
        version=_text(payload, "version", most=16),
        more=more,
    )


def stored_event(stored: Mapping[str, Any]) -> EndEvent:
    """The inverse of `as_stored`."""
    return EndEvent(**stored)


def _text(data: Mapping[str, Any], name: str, *, most: int) -> str | None:
    value = data.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidInput([Fault(f"event.data.{name}", "must be a text")])
    text = str(value)
    if len(text) > most:
        raise InvalidInput([Fault(f"event.data.{name}", f"must be at most {most} characters long")])
    if not text.isprintable():
        # Databases refuse some of these, and a log or a page should never meet them.
        raise InvalidInput([Fault(f"event.data.{name}", "must hold printable characters only")])
    return text


def _id(data: Mapping[str, Any], name: str) -> str | None:
    text = _text(data, name, most=64)
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
