"""From an answer of Meta's to an error by meaning: one table, written by hand from Meta's error reference.

Meta's page: "Error codes" (Cloud API support) and the Graph API's own list. Logic rests on the code and subcode; the
message text is for people and changes without notice. To teach a new code: one line in `BY_CODE` or `BY_SUBCODE`, and
one row in the catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.meta.errors import AlreadyDone, MetaBusy, MetaError, MetaRefused, MetaUnreachable, PermissionMissing, TokenDead
from app.meta.limits import seconds_to_wait


class Kind(Enum):
    """The class an answer belongs to; the values are the names the catalogue uses for its defaults."""

    BUSY = "busy"
    TOKEN = "token_dead"  # noqa: S105 - the name of a kind of error
    PERMISSION = "permission"
    DONE = "already_done"
    REFUSED = "refused"


@dataclass(frozen=True)
class Envelope:
    """Meta's error object, read with care: every key may be missing or of an unexpected type."""

    code: int | None
    subcode: int | None
    trace_id: str | None
    details: str | None
    user_title: str | None
    user_msg: str | None
    is_transient: bool


# A subcode is more exact than its code. Onboarding numbers (2388xxx, 2593xxx) come as either.
BY_SUBCODE: dict[int, Kind] = {
    33: Kind.PERMISSION,  # the object does not exist or this token does not see it: Meta does not say which
    2388012: Kind.DONE,  # the number already is in this account
    2494100: Kind.BUSY,  # maintenance
    2593107: Kind.DONE,  # a sync may be asked for once
}

BY_CODE: dict[int, Kind] = {
    0: Kind.TOKEN,
    2: Kind.BUSY,
    3: Kind.PERMISSION,
    4: Kind.BUSY,
    10: Kind.PERMISSION,
    102: Kind.TOKEN,
    190: Kind.TOKEN,
    368: Kind.REFUSED,  # a policy block, although it comes with 403
    613: Kind.BUSY,
    80007: Kind.BUSY,
    130429: Kind.BUSY,
    131000: Kind.BUSY,
    131005: Kind.PERMISSION,
    131016: Kind.BUSY,
    131045: Kind.REFUSED,  # comes with 500, yet waiting never registers a number
    131056: Kind.BUSY,
    131057: Kind.BUSY,
    131208: Kind.BUSY,
    133000: Kind.BUSY,
    133004: Kind.BUSY,
    133015: Kind.BUSY,
    134101: Kind.BUSY,
    134102: Kind.BUSY,
    1752041: Kind.DONE,
    2388012: Kind.DONE,
    2494100: Kind.BUSY,
    2593107: Kind.DONE,
}

CLASSES: dict[Kind, type[MetaError]] = {
    Kind.BUSY: MetaBusy,
    Kind.TOKEN: TokenDead,
    Kind.PERMISSION: PermissionMissing,
    Kind.DONE: AlreadyDone,
    Kind.REFUSED: MetaRefused,
}

# Codes whose waiting time Meta's page names while the answer does not.
KNOWN_WAITS: dict[int, int] = {133015: 300}


def kind_of(
    code: int | None, subcode: int | None = None, *, status: int | None = None, is_transient: bool = False
) -> Kind:
    """The meaning of (HTTP status, code, subcode, transient flag), the most exact statement first."""
    if subcode in BY_SUBCODE and code in {100, None}:
        return BY_SUBCODE[subcode]
    if code in BY_CODE:
        return BY_CODE[code]
    if code is not None and 200 <= code <= 299:
        return Kind.PERMISSION
    if is_transient or status == 429 or (status is not None and status >= 500):
        return Kind.BUSY
    if code is not None and status == 401:
        return Kind.TOKEN
    if code is not None and status == 403 and code < 1000:
        # Messaging codes with 403 speak of the account (locked, barred), not of the token's rights.
        return Kind.PERMISSION
    return Kind.REFUSED


def error_in(status: int, reply: Mapping[str, Any], headers: Mapping[str, str]) -> MetaError | None:
    """The error an answer holds, also inside a 200; None when it holds no error object."""
    found = reply.get("error")
    return _error(_read(found, headers), status, headers) if isinstance(found, Mapping) else None


def error_without_envelope(status: int, headers: Mapping[str, str]) -> MetaError | None:
    """What a page of HTML, an empty or a cut body means; None for a 2xx, whose reader must judge.

    With a 5xx a gateway speaks for Meta, so nobody knows whether Meta acted.
    """
    trace_id = _words(headers.get("x-fb-trace-id"))
    if status >= 500:
        return MetaUnreachable(request_written=True, status=status, trace_id=trace_id)
    if status == 429:
        return MetaBusy(retry_after=seconds_to_wait(headers), status=status, trace_id=trace_id)
    return MetaRefused(status=status, trace_id=trace_id) if status >= 300 else None


def _error(envelope: Envelope, status: int, headers: Mapping[str, str]) -> MetaError:
    kind = kind_of(envelope.code, envelope.subcode, status=status, is_transient=envelope.is_transient)
    facts: dict[str, Any] = {
        "code": envelope.code,
        "subcode": envelope.subcode,
        "trace_id": envelope.trace_id,
        "status": status,
        "details": envelope.details,
        "user_title": envelope.user_title,
        "user_msg": envelope.user_msg,
        "is_transient": envelope.is_transient,
    }
    if kind is Kind.BUSY:
        wait = seconds_to_wait(headers)
        known = None if envelope.code is None else KNOWN_WAITS.get(envelope.code)
        return MetaBusy(retry_after=known if wait is None else wait, **facts)
    return CLASSES[kind](**facts)


def _read(found: Mapping[str, Any], headers: Mapping[str, str]) -> Envelope:
    data = found.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else None
    return Envelope(
        code=_number(found.get("code")),
        subcode=_number(found.get("error_subcode")),
        trace_id=_words(found.get("fbtrace_id")) or _words(headers.get("x-fb-trace-id")),
        details=_words(details) or _words(found.get("message")),
        user_title=_words(found.get("error_user_title")),
        user_msg=_words(found.get("error_user_msg")),
        is_transient=found.get("is_transient") is True,
    )


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 12 else None


def _words(value: object) -> str | None:
    return value[:500] if isinstance(value, str) and value else None
