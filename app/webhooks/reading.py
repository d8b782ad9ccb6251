"""One message and one status of Meta's as ours. Shapes: "messages webhook reference", with user ids since 2026.

A contact who hides the phone number has neither `from` nor `wa_id`: then the user id names the contact.
"""

from datetime import datetime

from app.messaging import rules
from app.messaging.receipts import Receipt
from app.messaging.store import Inbound
from app.webhooks.loose import int_at, items_at, moment_at, text_at

# As long as the columns they go to.
_LONGEST_ID = 64
_LONGEST_WAMID = 255
_LONGEST_CONTACT = 150
_LONGEST_KIND = 32

# Where the words of each type stand; other types have none that a person wrote.
_WORDS = {
    "text": ("text", "body"),
    "image": ("image", "caption"),
    "video": ("video", "caption"),
    "document": ("document", "caption"),
    "button": ("button", "text"),
    "reaction": ("reaction", "emoji"),
}


def read_message(value: object, item: object, now: datetime) -> Inbound | None:
    """A message of a `messages` value; None where it lacks its id, its number or its sender."""
    phone_number_id, wamid = _ids(value, item)
    contact = text_at(item, "from") or text_at(item, "from_user_id") or _only_contact(value)
    if not phone_number_id or not wamid or not contact or len(contact) > _LONGEST_CONTACT:
        return None
    kind = (text_at(item, "type") or "unknown")[:_LONGEST_KIND]
    reply_to = text_at(item, "context", "id")
    return Inbound(
        phone_number_id=phone_number_id,
        wamid=wamid,
        contact=contact,
        kind=kind,
        text=_words(item, kind),
        at=moment_at(item, "timestamp") or now,
        reply_to=reply_to if reply_to and len(reply_to) <= _LONGEST_WAMID else None,
    )


def read_receipt(value: object, item: object, now: datetime) -> Receipt | None:
    """A status of a `messages` value; None where it lacks its id or number, or says what we do not know."""
    phone_number_id, wamid = _ids(value, item)
    state = rules.state_told(text_at(item, "status") or "")
    if not phone_number_id or not wamid or state is None:
        return None
    codes = [int_at(error, "code") for error in items_at(item, "errors")]
    return Receipt(
        phone_number_id=phone_number_id,
        wamid=wamid,
        state=state,
        at=moment_at(item, "timestamp") or now,
        error_code=next((code for code in codes if code is not None), None) if state == "failed" else None,
        tag=text_at(item, "biz_opaque_callback_data"),
    )


def _ids(value: object, item: object) -> tuple[str | None, str | None]:
    phone_number_id, wamid = text_at(value, "metadata", "phone_number_id"), text_at(item, "id")
    fit = len(phone_number_id or "") <= _LONGEST_ID and len(wamid or "") <= _LONGEST_WAMID
    return (phone_number_id, wamid) if fit else (None, None)


def _only_contact(value: object) -> str | None:
    contacts = items_at(value, "contacts")
    if len(contacts) != 1:
        return None
    return text_at(contacts[0], "wa_id") or text_at(contacts[0], "user_id")


def _words(item: object, kind: str) -> str | None:
    if kind == "interactive":
        return _reply_title(item)
    return text_at(item, *_WORDS[kind]) if kind in _WORDS else None


def _reply_title(item: object) -> str | None:
    for reply in ("button_reply", "list_reply"):
        if title := text_at(item, "interactive", reply, "title"):
            return title
    return None
