"""What the phone and the world's box show, as plain dictionaries for the page's script."""

from typing import Any

from sandbox.runtime import Runtime
from sandbox.world import World
from sandbox.world.example_numbers import to_display
from sandbox.world.messages import list_thread
from sandbox.world.state import Message, Number

BUBBLES = 60
"""As many of the last messages as the phone shows."""


def list_numbers(world: World) -> list[dict[str, Any]]:
    """Every number, those that can be written to first: ``[{id, account, digits, name, display, live, state}]``."""
    with world.lock:
        numbers = [_describe_number(number) for number in world.records.numbers.values()]
    return sorted(numbers, key=lambda number: not number["live"])


def read_thread(world: World, number_id: str, contact: str) -> list[dict[str, Any]]:
    """The chat between a number and a contact as the contact's phone shows it, oldest first."""
    with world.lock:
        thread = list_thread(world, number_id, contact)[-BUBBLES:]
        return [_describe_message(world, message) for message in thread]


def count_world(runtime: Runtime) -> dict[str, Any]:
    """How much there is of everything; the partner's own portfolio and system tokens are left out."""
    records = runtime.world.records
    with runtime.world.lock:
        partners = {app.business_id for app in records.apps.values()}
        in_review = sum(1 for number in records.numbers.values() if number.name_status == "PENDING_REVIEW")
        counts = {
            "businesses": sum(1 for business_id in records.businesses if business_id not in partners),
            "numbers": len(records.numbers),
            "in_review": in_review,
            "tokens": sum(1 for token in records.tokens.values() if token.kind.value == "business"),
        }
    waiting = sum(1 for delivery in runtime.courier.list_recent() if delivery.state == "waiting")
    return {**counts, "webhooks_waiting": waiting}


def _describe_number(number: Number) -> dict[str, Any]:
    live = number.status == "CONNECTED"
    return {
        "id": number.id,
        "account": number.account_ids[-1],
        "digits": number.digits,
        "name": number.verified_name,
        "display": to_display(number.digits),
        "live": live,
        "state": "Connected" if live else number.status.replace("_", " ").capitalize(),
    }


def _describe_message(world: World, message: Message) -> dict[str, Any]:
    quoted = world.records.messages.get(message.reply_to or "")
    return {
        "id": message.id,
        "mine": message.direction == "in",
        "type": message.type,
        "text": tell(message),
        "at": message.at,
        "status": message.status,
        "quote": None if quoted is None else {"mine": quoted.direction == "in", "text": tell(quoted)},
    }


def tell(message: Message) -> str:
    """A message in words, whatever its type."""
    content = message.content
    match message.type:
        case "text":
            return str(content.get("body", ""))
        case "template":
            return f"Template {content.get('name', '')}"
        case "interactive" | "button":
            inner = content.get("body") or content.get("button_reply") or content
            words = (inner.get("text") or inner.get("title")) if isinstance(inner, dict) else None
            return str(words or "Interactive message")
        case "reaction":
            return f"Reacted with {content['emoji']}" if content.get("emoji") else "Took a reaction back"
        case "location":
            return str(content.get("name") or f"{content.get('latitude')}, {content.get('longitude')}")
        case "image" | "video" | "document" | "audio" | "sticker":
            return str(content.get("caption") or content.get("filename") or _MEDIA[message.type])
    return message.type.replace("_", " ").capitalize()


_MEDIA = {"image": "Photo", "video": "Video", "document": "Document", "audio": "Voice message", "sticker": "Sticker"}
