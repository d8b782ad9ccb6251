"""What the page's script must know to open Meta's window and to talk to us about it.

Source for the options of `FB.login`: Meta's "Embedded Signup – Implementation" (v4). The page hands them over as data;
no script is written into it.
"""

from collections.abc import Mapping
from typing import Any

from app.onboarding.links.links import Visit
from app.onboarding.plans import HOSTED
from app.onboarding.reading.progress import Progress
from app.onboarding.window.meta_pages import extras_of, hosted_address
from config import Settings


def window_facts(visit: Visit, settings: Settings) -> dict[str, Any]:
    """Everything the script is told, JSON-ready. Holds no secret: ids of the app and the configuration are public."""
    return {
        "link": visit.link.id,
        "way": "popup",
        "sdk": settings.meta_sdk_url,
        "origins": list(settings.meta_web_origins),
        "init": {
            "appId": settings.meta_app_id,
            "version": settings.meta_graph_version,
            "autoLogAppEvents": False,
            "xfbml": False,
        },
        "options": {plan: login_options(plan, visit.link.prefill, settings) for plan in visit.link.plans},
    }


def login_options(plan: str, prefill: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The second argument of `FB.login` for a plan. `prefill` fills Meta's forms and skips no screen."""
    return {
        "config_id": settings.meta_signup_config_id,
        "response_type": "code",
        "override_default_response_type": True,
        "extras": extras_of(plan, prefill),
    }


def hosted_way(progress: Progress, visit: Visit, settings: Settings) -> str | None:
    """Meta's hosted page once more, while a signup there has brought nothing yet; None at any other time."""
    if progress.way != HOSTED or progress.event_kind is not None or progress.state == "replaced":
        return None
    return hosted_address(settings, plan=progress.plan_asked, prefill=visit.link.prefill)
