"""Messages between numbers and contacts: receive, send, read, and the statuses Meta tells about them."""

from typing import Any

from sandbox.world.contacts import (
    describe_contact,
    find_or_add_contact,
    user_id_for,
)
from sandbox.world.ids import new_message_id
from sandbox.world.notices import tell_number_everywhere
from sandbox.world.outcomes import Outcome, decide_outcome
from sandbox.world.refusals import Refusal
from sandbox.world.state import Account, Contact, Message, Number
from sandbox.world.world import World

STATUS_AFTER_S = {"sent": 0.05, "delivered": 0.1, "read": 0.15, "failed": 0.05}


def receive(
    world: World,
    number: Number,
    sender: str,
    *,
    type_: str = "text",
    content: dict[str, Any],
    name: str | None = None,
    reply_to: str | None = None,
) -> Message:
    """A contact writes to a number: opens the 24-hour window and tells every subscribed app.

    ``content`` is the object under the key named by ``type_``, as it stands in the webhook (``{"body": "hi"}``).
    """
    with world.lock:
        contact = find_or_add_contact(world, sender, name)
        contact.windows[number.id] = world.now()
        message = _keep(world, number, contact, "in", type_, content, reply_to)
        for account_id in number.account_ids:
            account = world.records.accounts[account_id]
            value = {
                "contacts": [describe_contact(contact, account)],
                "messages": [_describe_inbound(world, message, contact, account, number)],
            }
            tell_number_everywhere(world, number, account, "messages", value)
        return message


def send(
    world: World,
    number: Number,
    account: Account,
    contact: Contact,
    *,
    type_: str,
    content: dict[str, Any],
    reply_to: str | None = None,
    callback_data: str | None = None,
) -> Message:
    """A number writes to a contact. Accepted is not delivered: what becomes of it follows as status webhooks."""
    with world.lock:
        message = _keep(world, number, contact, "out", type_, content, reply_to)
        outcome = decide_outcome(world, number, account, contact, type_)
        message.status = outcome.statuses[-1]
        for status in outcome.statuses:
            value = _describe_status(world, message, contact, account, status, outcome, callback_data)
            tell_number_everywhere(world, number, account, "messages", value, STATUS_AFTER_S[status])
        return message


def mark_read(world: World, number: Number, message_id: str) -> bool:
    """Marks an inbound message and those before it. True if one was unread; refuses (131009) an unknown id."""
    with world.lock:
        message = world.records.messages.get(message_id)
        if message is None or message.number_id != number.id or message.direction != "in":
            raise Refusal(131009, "Parameter value is not valid", "message_id is not a message this number received.")
        thread = list_thread(world, number.id, message.contact)
        unread = [m for m in thread if m.direction == "in" and m.at <= message.at and m.status != "read"]
        for earlier in unread:
            earlier.status = "read"
        return bool(unread)


def list_thread(world: World, number_id: str, contact: str) -> list[Message]:
    """All messages between one number and one contact, oldest first."""
    with world.lock:
        everything = world.records.messages.values()
        return [message for message in everything if message.number_id == number_id and message.contact == contact]


def _keep(
    world: World,
    number: Number,
    contact: Contact,
    direction: str,
    type_: str,
    content: dict[str, Any],
    reply_to: str | None,
) -> Message:
    message = Message(
        id=new_message_id(contact.digits),
        number_id=number.id,
        account_id=number.account_ids[-1],
        contact=contact.digits,
        direction=direction,
        type=type_,
        content=content,
        at=world.now(),
        reply_to=reply_to,
    )
    world.records.messages[message.id] = message
    return message


def _describe_inbound(
    world: World, message: Message, contact: Contact, account: Account, number: Number
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "from_user_id": user_id_for(contact, account.owner_business_id),
        "id": message.id,
        "timestamp": str(int(message.at)),
        "type": message.type,
        message.type: message.content,
    }
    if not contact.hides_number:
        described["from"] = contact.digits
    if message.reply_to is not None:
        quoted = world.records.messages.get(message.reply_to)
        sender = number.digits if quoted is None or quoted.direction == "out" else contact.digits
        described["context"] = {"from": sender, "id": message.reply_to}
    return described


def _describe_status(
    world: World,
    message: Message,
    contact: Contact,
    account: Account,
    status: str,
    outcome: Outcome,
    callback_data: str | None,
) -> dict[str, Any]:
    after = STATUS_AFTER_S[status]
    described: dict[str, Any] = {
        "id": message.id,
        "status": status,
        "timestamp": str(int(world.now() + after)),
        "recipient_id": contact.digits,
    }
    if callback_data is not None:
        described["biz_opaque_callback_data"] = callback_data
    if outcome.error is not None:
        described["errors"] = [outcome.error]
        return {"statuses": [described]}
    user_id = user_id_for(contact, account.owner_business_id)
    described["recipient_user_id"] = user_id
    if contact.hides_number:
        del described["recipient_id"]
    if status in ("sent", "delivered"):
        described["pricing"] = outcome.pricing
    known = {"user_id": user_id} if contact.hides_number else {"wa_id": contact.digits, "user_id": user_id}
    return {"contacts": [known], "statuses": [described]}
