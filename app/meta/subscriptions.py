"""What the app as a whole hears: the callback typed in Meta's dashboard and its fields.

Meta's page: "Webhooks: subscriptions" (`/{app}/subscriptions`), with the app token.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.kit.secret import Secret
from app.meta.replies import flag, must_succeed, parts, promised, promised_parts, text, texts
from app.meta.transport import Graph


@dataclass(frozen=True)
class Subscription:
    """One object the app listens to, such as `whatsapp_business_account`, and the fields it hears of it."""

    object: str
    callback_url: str | None
    active: bool
    fields: frozenset[str]


@dataclass(frozen=True)
class Subscriptions:
    """Calls about the app's own subscriptions."""

    graph: Graph

    def list_of(self, app_id: str, token: Secret) -> tuple[Subscription, ...]:
        """`GET /{app}/subscriptions`; `token` is the app token."""
        reply = self.graph.call("GET", f"/{app_id}/subscriptions", token=token)
        return tuple(
            Subscription(
                object=promised(row, "object"),
                callback_url=text(row, "callback_url"),
                active=flag(row, "active") is True,
                fields=_fields(row),
            )
            for row in promised_parts(reply, "data")
        )

    def register(
        self, app_id: str, token: Secret, *, object: str, callback: str, verify_token: Secret, fields: Iterable[str]
    ) -> None:
        """`POST /{app}/subscriptions`: where the app hears `object`, and which fields; replaces what was said before.

        Safe to repeat. Meta calls `callback` at once and refuses with 2200 unless it answers the handshake. One of its
        pages sends WhatsApp's objects to the dashboard instead; in practice the call works.
        """
        form = {
            "object": object,
            "callback_url": callback,
            "verify_token": verify_token,
            "fields": ",".join(sorted(fields)),
            "include_values": "true",
        }
        must_succeed(self.graph.call("POST", f"/{app_id}/subscriptions", token=token, form=form))


def _fields(row: Mapping[str, Any]) -> frozenset[str]:
    # Graph lists {"name", "version"} objects; older versions listed plain names.
    named = parts(row, "fields")
    return frozenset(promised(field, "name") for field in named) if named else frozenset(texts(row, "fields"))
