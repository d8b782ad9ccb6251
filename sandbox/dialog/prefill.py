"""Reads ``extras.setup``. It fills fields and never skips a screen; what is malformed is left out."""

from typing import Any

from sandbox.world.signup import Screen, Signup

_ZONE_BY_OFFSET = {
    "UTC-08:00": "1",
    "UTC-05:00": "7",
    "UTC-03:00": "25",
    "UTC+00:00": "58",
    "UTC+01:00": "47",
    "UTC+05:30": "71",
}
"""The offsets that setup names, to the zones the account screen lists."""


def fill(signup: Signup) -> dict[str, str]:
    """The values to show on the signup's screen, by field name. Fields nobody filled are empty."""
    business, phone = _part(signup, "business"), _part(signup, "phone")
    name = _text(business, "name", 100)
    display_name = _text(phone, "displayName", 100)
    match signup.screen:
        case Screen.NUMBER:
            return {"number": _number(business)}
        case Screen.PORTFOLIO:
            address = business.get("address")
            country = _text(address, "country", 2) if isinstance(address, dict) else ""
            return {
                "business": _text(business, "id", 32) or ("new" if name else ""),
                "name": name,
                "website": _text(business, "website", 200),
                "email": _text(business, "email", 200),
                "country": country or "US",
            }
        case Screen.ACCOUNT:
            chosen = signup.new_business.get("name", "")
            return {
                "account": _first_account(signup),
                "name": name or chosen,
                "display_name": display_name or name or chosen,
                "category": _text(phone, "category", 40),
                "timezone_id": _ZONE_BY_OFFSET.get(_text(business, "timezone", 9), "1"),
            }
    return {}


def find_app_profile(signup: Signup) -> dict[str, str]:
    """What the WhatsApp Business app says of the number's owner. The account takes its name from here."""
    name = _text(_part(signup, "phone"), "displayName", 100) or _text(_part(signup, "business"), "name", 100)
    return {"name": name or "Example Shop", "category": "Shopping and retail", "version": "2.26.40"}


def _first_account(signup: Signup) -> str:
    named = _part(signup, "whatsAppBusinessAccount").get("ids")
    return named[0] if isinstance(named, list) and named and isinstance(named[0], str) else ""


def _number(business: dict[str, Any]) -> str:
    phone = business.get("phone")
    if not isinstance(phone, dict) or not phone.get("number"):
        return ""
    return f"+{phone.get('code', '')} {phone['number']}"


def _part(signup: Signup, name: str) -> dict[str, Any]:
    part = signup.setup.get(name)
    return part if isinstance(part, dict) else {}


def _text(part: dict[str, Any], name: str, longest: int) -> str:
    value = part.get(name)
    return value[:longest] if isinstance(value, str) else ""
