"""Business phone numbers: reading them, registering them, and asking a phone app for its contacts and history.

Meta's pages: "Business phone numbers", "Registration", "Onboarding WhatsApp Business app users" (coexistence).
"""

from dataclasses import dataclass
from typing import Any, Literal

from app.kit.secret import Secret
from app.meta.replies import every, flag, must_succeed, part, promised, text
from app.meta.transport import Graph

FIELDS = (
    "id,display_phone_number,verified_name,status,code_verification_status,platform_type,is_on_biz_app,name_status,"
    "quality_rating,throughput,account_mode,last_onboarded_time,is_preverified_number,webhook_configuration"
)

SyncType = Literal["smb_app_state_sync", "history"]


@dataclass(frozen=True)
class WebhookConfiguration:
    """Callback addresses by level; the most exact one that is set receives message events."""

    phone_number: str | None
    whatsapp_business_account: str | None
    application: str | None


@dataclass(frozen=True)
class Number:
    """A number as Meta describes it; enumerations stay Meta's words (`CONNECTED`, `VERIFIED`, `CLOUD_API`…).

    `display_phone_number` is formatted for people. `is_on_biz_app` True = it lives on the phone app and must never be
    registered. `throughput` is the level (`STANDARD`, `HIGH`). `last_onboarded_time` is ISO 8601 as Meta wrote it.
    `is_preverified_number` True = it is of the partner's own pool.
    """

    id: str
    display_phone_number: str | None
    verified_name: str | None
    status: str | None
    code_verification_status: str | None
    platform_type: str | None
    is_on_biz_app: bool | None
    name_status: str | None
    quality_rating: str | None
    throughput: str | None
    account_mode: str | None
    last_onboarded_time: str | None
    is_preverified_number: bool | None
    webhook_configuration: WebhookConfiguration


@dataclass(frozen=True)
class Numbers:
    """Calls about the numbers of an account."""

    graph: Graph

    def list_of(self, waba_id: str, token: Secret) -> tuple[Number, ...]:
        """`GET /{account}/phone_numbers`: all of them, the one onboarded last first."""
        params = {"fields": FIELDS, "sort": "last_onboarded_time_descending"}
        rows = every(self.graph, f"/{waba_id}/phone_numbers", token=token, params=params)
        return tuple(read_number(row) for row in rows)

    def get(self, phone_number_id: str, token: Secret) -> Number:
        """`GET /{number}`."""
        return read_number(self.graph.call("GET", f"/{phone_number_id}", token=token, params={"fields": FIELDS}))

    def register(self, phone_number_id: str, token: Secret, *, pin: Secret) -> None:
        """`POST /{number}/register`: connect it to the Cloud API. The first time sets the PIN, later ones must match.

        Ten tries per number in 72 hours (133016), so look at the number first. `pin` is six digits and must be stored
        before this is called: a lost PIN locks the client out. 133005 = another PIN is set; never try again blindly.
        """
        body = {"messaging_product": "whatsapp", "pin": pin}
        must_succeed(self.graph.call("POST", f"/{phone_number_id}/register", token=token, json=body))

    def request_code(
        self, phone_number_id: str, token: Secret, *, method: Literal["SMS", "VOICE"], language: str
    ) -> None:
        """`POST /{number}/request_code`: Meta sends six digits to the number, good for about ten minutes.

        `language` as Meta writes it (`en_US`). 136024 = verified already, asked for too often, or not reachable.
        """
        form = {"code_method": method, "language": language}
        must_succeed(self.graph.call("POST", f"/{phone_number_id}/request_code", token=token, form=form))

    def verify_code(self, phone_number_id: str, token: Secret, *, code: Secret) -> None:
        """`POST /{number}/verify_code`: the digits that came. 136025 = wrong or too old."""
        must_succeed(self.graph.call("POST", f"/{phone_number_id}/verify_code", token=token, form={"code": code}))

    def drop_callback(self, phone_number_id: str, token: Secret) -> None:
        """`POST /{number}`: take the number's own callback away, so that its account's or our app's counts again.

        Safe to repeat. Meta's page: "Webhooks: override", whose way to take one away is an empty address.
        """
        body = {"webhook_configuration": {"override_callback_uri": ""}}
        must_succeed(self.graph.call("POST", f"/{phone_number_id}", token=token, json=body))

    def request_sync(self, phone_number_id: str, token: Secret, *, sync_type: SyncType) -> str:
        """`POST /{number}/smb_app_data`: ask a phone-app number for its contacts or history; returns `request_id`.

        Each kind may be asked for once (2593107, `AlreadyDone`) and only within 24 hours of the signup (2593108).
        """
        body = {"messaging_product": "whatsapp", "sync_type": sync_type}
        return promised(
            self.graph.call("POST", f"/{phone_number_id}/smb_app_data", token=token, json=body), "request_id"
        )


def read_number(row: Any) -> Number:
    """A number from Meta's words, wherever they stand."""
    hooks = part(row, "webhook_configuration")
    return Number(
        id=promised(row, "id"),
        display_phone_number=text(row, "display_phone_number"),
        verified_name=text(row, "verified_name"),
        status=text(row, "status"),
        code_verification_status=text(row, "code_verification_status"),
        platform_type=text(row, "platform_type"),
        is_on_biz_app=flag(row, "is_on_biz_app"),
        name_status=text(row, "name_status"),
        quality_rating=text(row, "quality_rating"),
        throughput=text(part(row, "throughput"), "level"),
        account_mode=text(row, "account_mode"),
        last_onboarded_time=text(row, "last_onboarded_time"),
        is_preverified_number=flag(row, "is_preverified_number"),
        webhook_configuration=WebhookConfiguration(
            phone_number=text(hooks, "phone_number"),
            whatsapp_business_account=text(hooks, "whatsapp_business_account"),
            application=text(hooks, "application"),
        ),
    )
