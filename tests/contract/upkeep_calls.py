"""The calls of the daily check, for `test_client.py`: how each is made, and what must come of its card."""

from collections.abc import Callable
from typing import Any

from app.kit.secret import Secret
from app.meta.accounts import Account
from app.meta.client import Meta
from app.meta.looks import AccountSeen, Entity, NumberSeen
from app.meta.numbers import Number, WebhookConfiguration
from app.meta.templates import Template

UNREGISTERED = Entity("PHONE_NUMBER", "106540352242922", "BLOCKED", (141000,), ("The phone number is not registered.",))
WABA, NUMBER = "524126980791429", "106540352242922"
TOKEN = Secret("EAATESTTOKEN")

CALLS: dict[str, Callable[[Meta], Any]] = {
    "looks.account": lambda m: m.looks.account(WABA, TOKEN),
    "templates.list_of": lambda m: m.templates.list_of(WABA, TOKEN),
    "numbers.drop_callback": lambda m: m.numbers.drop_callback(NUMBER, TOKEN),
}

MEANT: dict[str, Any] = {
    "looks.account": AccountSeen(
        account=Account(
            id=WABA,
            name="Example Bakery",
            currency="USD",
            country="BR",
            timezone_id="25",
            review_status="APPROVED",
            business_verification_status="verified",
            ownership_type="CLIENT_OWNED",
            owner_business_id="2729063490586005",
            owner_business_name="Example Bakery Ltd",
            primary_funding_id="5985000000000001",
        ),
        status="ACTIVE",
        limit="TIER_2K",
        health=(Entity("WABA", WABA, "BLOCKED", (141006,), ("There is an error with the payment method.",)),),
        numbers=(
            NumberSeen(
                Number(
                    id=NUMBER,
                    display_phone_number="+55 11 3000-0000",
                    verified_name="Example Bakery",
                    status="CONNECTED",
                    code_verification_status="VERIFIED",
                    platform_type="CLOUD_API",
                    is_on_biz_app=False,
                    name_status="APPROVED",
                    quality_rating="GREEN",
                    throughput="STANDARD",
                    account_mode="LIVE",
                    last_onboarded_time="2026-11-02T10:21:33+0000",
                    is_preverified_number=False,
                    webhook_configuration=WebhookConfiguration(None, None, "https://hooks.partner.example/meta"),
                ),
                is_pin_enabled=True,
                health=(
                    Entity("PHONE_NUMBER", NUMBER, "BLOCKED", (141000,), ("The phone number is not registered.",)),
                ),
            ),
        ),
    ),
    "templates.list_of": (Template("1627019861106475", "order_ok", "pt_BR", "PAUSED"),),
    "numbers.drop_callback": None,
}
