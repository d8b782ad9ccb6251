"""WhatsApp Business Accounts (Meta's "messaging accounts"): what one is, and which apps hear its events.

Meta's pages: "WhatsApp Business Account" (node) and "Subscribed apps".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.kit.secret import Secret
from app.meta.replies import every, must_succeed, part, promised, text
from app.meta.transport import Graph

FIELDS = (
    "id,name,currency,country,timezone_id,account_review_status,business_verification_status,ownership_type,"
    "owner_business_info,primary_funding_id"
)


@dataclass(frozen=True)
class Account:
    """`currency` is an ISO code, `timezone_id` Meta's number as text. No `primary_funding_id` = nobody pays yet."""

    id: str
    name: str | None
    currency: str | None
    country: str | None
    timezone_id: str | None
    review_status: str | None
    business_verification_status: str | None
    ownership_type: str | None
    owner_business_id: str | None
    owner_business_name: str | None
    primary_funding_id: str | None


@dataclass(frozen=True)
class SubscribedApp:
    """An app that hears the account's events; messages go to `override_callback_uri` where one is set."""

    id: str
    name: str | None
    override_callback_uri: str | None


@dataclass(frozen=True)
class Accounts:
    """Calls about one account."""

    graph: Graph

    def get(self, waba_id: str, token: Secret) -> Account:
        """`GET /{account}`. `PermissionMissing` (100/33) when it does not exist or the token does not see it."""
        reply = self.graph.call("GET", f"/{waba_id}", token=token, params={"fields": FIELDS})
        return read_account(reply)

    def funding_id(self, waba_id: str, token: Secret) -> str | None:
        """`GET /{account}?fields=primary_funding_id`: who pays; None = paid messages fail with 131042."""
        reply = self.graph.call("GET", f"/{waba_id}", token=token, params={"fields": "primary_funding_id"})
        promised(reply, "id")  # an answer that is not about the account must not pass for "nobody pays"
        return text(reply, "primary_funding_id")

    def subscribed_apps(self, waba_id: str, token: Secret) -> tuple[SubscribedApp, ...]:
        """`GET /{account}/subscribed_apps`: also apps that are not ours."""
        found = every(self.graph, f"/{waba_id}/subscribed_apps", token=token, params={})
        return tuple(
            SubscribedApp(
                id=promised(part(row, "whatsapp_business_api_data"), "id"),
                name=text(part(row, "whatsapp_business_api_data"), "name"),
                override_callback_uri=text(row, "override_callback_uri"),
            )
            for row in found
        )

    def subscribe(
        self, waba_id: str, token: Secret, *, callback: str | None = None, verify_token: Secret | None = None
    ) -> None:
        """`POST /{account}/subscribed_apps`: hear this account's events. Safe to repeat.

        `callback` (at most 200 characters, with `verify_token`) sends message events of this account elsewhere; Meta
        calls it at once and refuses with 2200 unless it answers the handshake. Without it an earlier one is removed.
        """
        body: dict[str, Any] | None = None
        if callback is not None:
            if verify_token is None:
                raise ValueError("a callback needs the verify token that its handshake will carry")
            body = {"override_callback_uri": callback, "verify_token": verify_token}
        must_succeed(self.graph.call("POST", f"/{waba_id}/subscribed_apps", token=token, json=body))


def read_account(row: Mapping[str, Any]) -> Account:
    """An account from Meta's words, wherever they stand. `MetaUnreachable` without an id."""
    owner = part(row, "owner_business_info")
    return Account(
        id=promised(row, "id"),
        name=text(row, "name"),
        currency=text(row, "currency"),
        country=text(row, "country"),
        timezone_id=text(row, "timezone_id"),
        review_status=text(row, "account_review_status"),
        business_verification_status=text(row, "business_verification_status"),
        ownership_type=text(row, "ownership_type"),
        owner_business_id=text(owner, "id"),
        owner_business_name=text(owner, "name"),
        primary_funding_id=text(row, "primary_funding_id"),
    )
