"""What the page's script is told: the options of FB.login by plan, and no secret."""

import json
import re
from html import unescape
from typing import Any

from app.runtime import Runtime
from tests.connect.conftest import Visits

PREFILL = {"business": {"name": "Example Bakery Ltd"}, "phone": {"displayName": "Example Bakery"}}


def facts_on(page: str) -> dict[str, Any]:
    found = re.search(r'data-connect="([^"]+)"', page)
    assert found
    facts: dict[str, Any] = json.loads(unescape(found[1]))
    return facts


def test_each_plan_of_the_link_has_its_options_and_no_other(visitor: Visits) -> None:
    facts = facts_on(visitor(prefill=PREFILL).look().text)

    assert facts["options"] == {
        "standard": {
            "config_id": "100000000000002",
            "response_type": "code",
            "override_default_response_type": True,
            "extras": {"setup": PREFILL},
        },
        "coexistence": {
            "config_id": "100000000000002",
            "response_type": "code",
            "override_default_response_type": True,
            "extras": {"setup": PREFILL, "featureType": "whatsapp_business_app_onboarding"},
        },
        "from_provider": {
            "config_id": "100000000000002",
            "response_type": "code",
            "override_default_response_type": True,
            "extras": {"setup": PREFILL},
        },
    }
    assert facts_on(visitor(plans=("standard",)).look().text)["options"].keys() == {"standard"}


def test_the_sdk_and_the_only_origins_believed_come_from_the_settings(visitor: Visits) -> None:
    facts = facts_on(visitor().look().text)

    assert facts["sdk"] == "https://connect.facebook.net/en_US/sdk.js"
    assert facts["origins"] == ["https://www.facebook.com", "https://web.facebook.com"]
    assert facts["init"] == {
        "appId": "100000000000001",
        "version": "v25.0",
        "autoLogAppEvents": False,
        "xfbml": False,
    }


def test_no_secret_is_on_the_page(visitor: Visits, rt: Runtime) -> None:
    page = visitor().look().text
    settings = rt.settings
    secrets = [
        *settings.meta_app_secrets,
        *settings.secret_keys,
        settings.meta_system_token,
        settings.meta_verify_token,
    ]

    assert [secret for secret in secrets if secret.get_secret_value() in page] == []


def test_a_clients_name_cannot_break_out_of_its_place(visitor: Visits) -> None:
    browser = visitor('"><script>alert(1)</script>', prefill={"business": {"name": "'\"><img src=x>"}})
    page = browser.look().text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert facts_on(page)["options"]["standard"]["extras"]["setup"]["business"]["name"] == "'\"><img src=x>"
