"""The calls about the partner's own set-up, for `test_client.py`: how each is made, and what must come of its card."""

from collections.abc import Callable
from typing import Any

from app.kit.secret import Secret
from app.meta.apps import App
from app.meta.businesses import Business
from app.meta.client import Meta
from app.meta.credit_lines import CreditLine

LINE, PARTNER, USER, APP = "1972385232742146", "35602282435505", "100012345678901", "1234567890"
TOKEN = Secret("EAATESTTOKEN")

CALLS: dict[str, Callable[[Meta], Any]] = {
    "apps.get": lambda m: m.apps.get(APP, m.app_token),
    "businesses.get": lambda m: m.businesses.get(PARTNER, TOKEN),
    "credit_lines.list_of": lambda m: m.credit_lines.list_of(PARTNER, TOKEN),
    "oauth.check_secret": lambda m: m.oauth.check_secret(Secret("another_app_secret")),
    "oauth.extend": lambda m: m.oauth.extend(TOKEN).reveal(),
    "subscriptions.register": lambda m: m.subscriptions.register(
        APP,
        m.app_token,
        object="whatsapp_business_account",
        callback="https://hooks.partner.example/meta",
        verify_token=Secret("example-verify-token"),
        fields={"messages", "account_update"},
    ),
    "system_users.finance_permission": lambda m: m.system_users.finance_permission(USER, TOKEN),
}

MEANT: dict[str, Any] = {
    "apps.get": App(
        id=APP,
        name="Example Connect",
        domains=("connect.partner.example",),
        privacy_policy_url="https://partner.example/privacy",
        terms_of_service_url="https://partner.example/terms",
        category="Business and pages",
    ),
    "businesses.get": Business(PARTNER, "Example Partner Ltd", "verified"),
    "credit_lines.list_of": (CreditLine(LINE, "Example Partner Ltd"),),
    "oauth.check_secret": None,
    "oauth.extend": "EAAGexamplelongertoken",
    "subscriptions.register": None,
    "system_users.finance_permission": "EDITOR",
}
