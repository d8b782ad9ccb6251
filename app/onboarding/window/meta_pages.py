"""The addresses of Meta's own signup pages: the full page that leads back to us, and the hosted one that leads nowhere.

Meta's pages: "Embedded Signup – Implementation" (options), "Hosted Embedded Signup", and "Manually build a login flow".
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from config import Settings

KEEP_PHONE_APP: Final = "whatsapp_business_app_onboarding"
BACK: Final = "/connect/back"


def extras_of(plan: str | None, prefill: Mapping[str, Any]) -> dict[str, Any]:
    """What Meta's signup is told beforehand. `prefill` fills its forms and skips no screen."""
    extras: dict[str, Any] = {"setup": dict(prefill)}
    if plan == "coexistence":
        extras["featureType"] = KEEP_PHONE_APP
    return extras


def back_address(settings: Settings) -> str:
    """Where Meta's full page leads back to: one address for all clients, so that it is white-listed once."""
    return f"{settings.public_url}{BACK}"


def redirect_address(
    settings: Settings, *, state: str, redirect_uri: str, plan: str | None, prefill: Mapping[str, Any]
) -> str:
    """Meta's dialog as a full page. Integrators report that it ignores `extras` there, the phone app with it."""
    query = {
        "client_id": settings.meta_app_id,
        "redirect_uri": redirect_uri,
        "config_id": settings.meta_signup_config_id,
        "response_type": "code",
        "override_default_response_type": "true",
        "state": state,
        "extras": _json(extras_of(plan, prefill)),
    }
    return f"{settings.meta_web_origins[0]}/{settings.meta_graph_version}/dialog/oauth?{urlencode(query)}"


def hosted_address(settings: Settings, *, plan: str | None, prefill: Mapping[str, Any]) -> str:
    """Meta's hosted signup page. It holds nothing secret and nothing of ours but what is pre-filled."""
    query = {
        "app_id": settings.meta_app_id,
        "config_id": settings.meta_signup_config_id,
        "extras": _json({"sessionInfoVersion": "3", "version": "v4", **extras_of(plan, prefill)}),
    }
    return f"{settings.meta_hosted_origin}/messaging/whatsapp/onboard/?{urlencode(query)}"


def hosted_address_of(settings: Settings, plans: Sequence[str], prefill: Mapping[str, Any]) -> str:
    """The hosted page for a link: of a number on the phone app only where the link allows nothing else."""
    plan = "coexistence" if list(plans) == ["coexistence"] else None
    return hosted_address(settings, plan=plan, prefill=prefill)


def may_redirect(plans: Sequence[str]) -> bool:
    """Whether the full page can bring what a link allows: it cannot keep a phone app."""
    return any(plan != "coexistence" for plan in plans)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
