"""Sending a text, sending a template, marking as read.

Meta's pages: "Messages" (`POST /{number}/messages`), "Template messages", "Mark messages as read". Permission
whatsapp_business_messaging. HTTP 200 means accepted, not delivered: what became of a message comes as a notification.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.kit.secret import Secret
from app.meta.replies import must_succeed, parts, promised, text
from app.meta.transport import Graph


@dataclass(frozen=True)
class Sent:
    """`wamid` is Meta's id of the message. `wa_id` may differ from the number given, and is None for contacts that show
    no number. `status` is Meta's word (`accepted`, `held_for_quality_assessment`), promised for templates only."""

    wamid: str
    wa_id: str | None
    status: str | None


@dataclass(frozen=True)
class Messages:
    """Calls that send from one number."""

    graph: Graph

    def send_text(
        self,
        phone_number_id: str,
        token: Secret,
        *,
        to: str,
        body: str,
        reply_to: str | None = None,
        tag: str | None = None,
    ) -> Sent:
        """Send `body` (at most 4096 characters); works only within 24 hours of the contact's last message.

        `reply_to` is the wamid to quote. `tag` (at most 512 characters) comes back in the statuses of this message.
        """
        content = {"type": "text", "text": {"body": body}}
        return self._send(phone_number_id, token, to, content, reply_to, tag)

    def send_template(
        self,
        phone_number_id: str,
        token: Secret,
        *,
        to: str,
        name: str,
        language: str,
        components: Sequence[Mapping[str, Any]] = (),
        reply_to: str | None = None,
        tag: str | None = None,
    ) -> Sent:
        """Send an approved template; `language` as Meta writes it (`en_US`), `components` in Meta's shape."""
        template: dict[str, Any] = {"name": name, "language": {"code": language}}
        if components:
            template["components"] = list(components)
        return self._send(phone_number_id, token, to, {"type": "template", "template": template}, reply_to, tag)

    def mark_read(self, phone_number_id: str, token: Secret, *, wamid: str) -> None:
        """Show the contact that `wamid` and everything before it was read. 131009 for an unknown one."""
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        must_succeed(self.graph.call("POST", f"/{phone_number_id}/messages", token=token, json=body))

    def _send(
        self,
        phone_number_id: str,
        token: Secret,
        to: str,
        content: Mapping[str, Any],
        reply_to: str | None,
        tag: str | None,
    ) -> Sent:
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_addressed(to),
            **content,
        }
        if reply_to is not None:
            body["context"] = {"message_id": reply_to}
        if tag is not None:
            body["biz_opaque_callback_data"] = tag
        reply = self.graph.call("POST", f"/{phone_number_id}/messages", token=token, json=body)
        message: Mapping[str, Any] = next(iter(parts(reply, "messages")), {})
        contact: Mapping[str, Any] = next(iter(parts(reply, "contacts")), {})
        return Sent(wamid=promised(message, "id"), wa_id=text(contact, "wa_id"), status=text(message, "message_status"))


def _addressed(to: str) -> dict[str, str]:
    """A phone number goes into `to`, a business-scoped user id (`BR.1349…`) into `recipient` (usernames, 2026)."""
    if "." in to:
        return {"recipient": to}
    # Without the plus Meta may read the number as one of the sender's own country.
    return {"to": f"+{to}" if to.isdecimal() else to}
