"""Which fields of a record the doors may set, and to what. One row a field; a typo or a wrong value is a 400.

A wish for a field that is not here is refused by name, so that no test believes it changed what it did not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.control.doors import BadRequest, read_typed


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one field may be: a kind of value, perhaps one of ``choices``, perhaps null."""

    kind: type | tuple[type, ...]
    choices: tuple[str, ...] = ()
    nullable: bool = False


TEXT, SWITCH, NUMBER, NAMES = Allowed(str), Allowed(bool), Allowed((int, float)), Allowed(list)
TEXT_OR_NULL = Allowed(str, nullable=True)
HEALTH = Allowed(str, ("AVAILABLE", "LIMITED", "BLOCKED"), nullable=True)

NUMBER_FIELDS: Mapping[str, Allowed] = {
    "status": Allowed(
        str,
        (
            "PENDING",
            "CONNECTED",
            "DISCONNECTED",
            "FLAGGED",
            "RESTRICTED",
            "RATE_LIMITED",
            "BANNED",
            "DELETED",
            "MIGRATED",
            "UNVERIFIED",
            "UNKNOWN",
        ),
    ),
    "code_status": Allowed(str, ("VERIFIED", "NOT_VERIFIED", "EXPIRED")),
    "name_status": Allowed(
        str, ("APPROVED", "AVAILABLE_WITHOUT_REVIEW", "DECLINED", "EXPIRED", "PENDING_REVIEW", "NONE")
    ),
    "platform_type": Allowed(str, ("CLOUD_API", "ON_PREMISE", "NOT_APPLICABLE")),
    "quality_rating": Allowed(str, ("GREEN", "YELLOW", "RED", "NA", "UNKNOWN")),
    "verified_name": TEXT,
    "pin": TEXT_OR_NULL,
    "two_step": SWITCH,
    "is_on_biz_app": SWITCH,
    "is_meta_number": SWITCH,
    "is_preverified": SWITCH,
    "share_history": SWITCH,
    "syncs_silently": SWITCH,
    "code_arrives": SWITCH,
    "moves_from": TEXT_OR_NULL,
    "override_uri": TEXT_OR_NULL,
    "health": HEALTH,
}
ACCOUNT_FIELDS: Mapping[str, Allowed] = {
    "name": TEXT,
    "currency": TEXT_OR_NULL,
    "timezone_id": TEXT,
    "review_status": Allowed(str, ("PENDING", "APPROVED", "REJECTED", "DEFERRED")),
    "shared": SWITCH,
    "app_installed": SWITCH,
    "attached_elsewhere": SWITCH,
    "funding": TEXT_OR_NULL,
    "status": TEXT,
    "country": TEXT,
    "owner_business_id": TEXT,
    "subscribed": SWITCH,
    "override_uri": TEXT_OR_NULL,
    "assigned": SWITCH,
    "health": HEALTH,
    "templates": NAMES,
}
BUSINESS_FIELDS: Mapping[str, Allowed] = {
    "name": TEXT,
    "country": TEXT,
    "website": TEXT,
    "email": TEXT,
    "verified": SWITCH,
    "verification": TEXT_OR_NULL,
    "messaging_limit": Allowed(str, ("TIER_250", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED")),
}
APP_FIELDS: Mapping[str, Allowed] = {
    "name": TEXT,
    "live": SWITCH,
    "require_proof": SWITCH,
    "domains": NAMES,
    "redirect_uris": NAMES,
    "callback_url": TEXT_OR_NULL,
    "fields": NAMES,
    "weekly_limit": Allowed(int, nullable=True),
    "extends_tokens": SWITCH,
    "fetch_gives": Allowed(str, ("same", "fresh", "nothing")),
}
USER_FIELDS: Mapping[str, Allowed] = {
    "name": TEXT,
    "role": Allowed(str, ("ADMIN", "EMPLOYEE")),
    "finance_editor": SWITCH,
}
CONFIG_FIELDS: Mapping[str, Allowed] = {
    "token_ttl": Allowed((str, int)),
    "scopes": NAMES,
    "removed": SWITCH,
}
LINE_FIELDS: Mapping[str, Allowed] = {"legal_entity_name": TEXT, "removed": SWITCH}


def read_wishes(body: Mapping[str, Any], fields: Mapping[str, Allowed], *also: str) -> dict[str, Any]:
    """What ``body`` wishes of ``fields``, lists as tuples. Keys named by ``also`` are the door's own and left alone."""
    unknown = sorted(set(body) - set(fields) - set(also))
    if unknown:
        raise BadRequest(f"Unknown keys: {', '.join(unknown)}. Known: {', '.join([*fields, *also])}.")
    return {name: _read(dict(body), name, allowed) for name, allowed in fields.items() if name in body}


def _read(body: dict[str, Any], name: str, allowed: Allowed) -> Any:
    if body[name] is None:
        if allowed.nullable:
            return None
        raise BadRequest(f"{name} cannot be null.")
    value = read_typed(body, name, allowed.kind)
    if allowed.choices and value not in allowed.choices:
        raise BadRequest(f"{name} must be one of {', '.join(allowed.choices)}.")
    if isinstance(value, list):
        if not all(isinstance(part, str) and part for part in value):
            raise BadRequest(f"{name} must be a list of names.")
        return tuple(value)
    if name == "pin" and not (len(value) == 6 and value.isdecimal()):
        raise BadRequest("pin must be six digits.")
    if name == "weekly_limit" and value < 1:
        raise BadRequest("weekly_limit must be 1 or more, or null.")
    return value
