"""``POST /{PHONE}/messages``: a text, a template, or "read". Answers "accepted"; the rest is told by webhooks."""

from typing import Any

from sandbox.graph.auth import reaches_account
from sandbox.graph.doors import SUCCESS, Call, Reply, door
from sandbox.graph.errors import invalid, missing
from sandbox.graph.numbers import reach_number
from sandbox.graph.params import structure, text
from sandbox.world import Refusal
from sandbox.world.contacts import find_contact_by_user_id, find_or_add_contact, user_id_for
from sandbox.world.example_numbers import read_digits
from sandbox.world.messages import mark_read, send
from sandbox.world.state import Account, Contact, Number

MAX_TEXT = 4096
TEMPLATES: dict[tuple[str, str], int] = {("hello_world", "en_US"): 0}
"""The sample template every account has: name and language → how many parameters its body takes."""


@door("POST number/messages")
def send_message(call: Call) -> Reply:
    """Sends or marks read. Refuses an unregistered number (133010) and one whose name is not approved (131037)."""
    number = reach_number(call)
    if text(call.params, "messaging_product") != "whatsapp":
        raise missing("messaging_product")
    if text(call.params, "status") is None:
        call.attempt("sent", number.id)
    if number.status != "CONNECTED":
        raise Refusal(133010, "Phone number not registered", "The phone number is not registered on the platform.")
    if text(call.params, "status") == "read":
        return _mark_read(call, number)
    if number.is_meta_number and number.name_status == "PENDING_REVIEW":
        raise Refusal(131037, "Display name needs approval", "The display name must be approved before sending.")
    account = _paying_account(call, number)
    contact = _read_recipient(call, number, account)
    type_ = text(call.params, "type") or "text"
    content = _read_content(call, type_)
    context = structure(call.params, "context")
    message = send(
        call.world,
        number,
        account,
        contact,
        type_=type_,
        content=content,
        reply_to=context.get("message_id") if isinstance(context, dict) else None,
        callback_data=text(call.params, "biz_opaque_callback_data"),
    )
    call.note("sent")
    accepted: dict[str, Any] = {"id": message.id}
    if type_ == "template":
        held = contact.digits.endswith("0007")
        accepted["message_status"] = "held_for_quality_assessment" if held else "accepted"
    return {
        "messaging_product": "whatsapp",
        "contacts": [_describe_recipient(call, contact, account)],
        "messages": [accepted],
    }


def _mark_read(call: Call, number: Number) -> Reply:
    message_id = text(call.params, "message_id")
    if message_id is None:
        raise missing("message_id")
    if mark_read(call.world, number, message_id):
        call.note("marked_read")
    return SUCCESS


def _paying_account(call: Call, number: Number) -> Account:
    """The account that pays: the one named, or the newest the token reaches."""
    named = text(call.params, "messaging_account_id") or text(call.params, "paid_messaging_account_id")
    linked = [call.world.records.accounts[account_id] for account_id in reversed(number.account_ids)]
    reached = [account for account in linked if reaches_account(call.world, call.bearer, account)]
    for account in reached:
        if named in (None, account.id):
            return account
    raise invalid("messaging_account_id is not an account of this number.")


def _read_recipient(call: Call, number: Number, account: Account) -> Contact:
    to, user_id = text(call.params, "to"), text(call.params, "recipient")
    if to is None:
        if user_id is None:
            raise missing("to")
        contact = find_contact_by_user_id(call.world, account.owner_business_id, user_id)
        if contact is None:
            raise invalid("recipient is not a user this business knows.")
        return contact
    digits = read_digits(to)
    if not 7 <= len(digits) <= 15:
        raise Refusal(131009, "Parameter value is not valid", "to is not a phone number.")
    if digits == number.digits:
        raise Refusal(131021, "Recipient cannot be sender", "Sender and recipient are the same number.")
    return find_or_add_contact(call.world, digits)


def _read_content(call: Call, type_: str) -> dict[str, Any]:
    if type_ == "text":
        return _read_text(call)
    if type_ == "template":
        return _read_template(call)
    raise Refusal(131051, "Unsupported message type", f"Message type {type_} is not supported here.")


def _read_text(call: Call) -> dict[str, Any]:
    if "category" in call.params:
        raise invalid("Direct Send isn't enabled for this account.")
    content = structure(call.params, "text")
    body = content.get("body") if isinstance(content, dict) else None
    if not isinstance(body, str) or not body:
        raise missing("text['body']")
    if len(body) > MAX_TEXT:
        raise invalid(f"Param text['body'] must be at most {MAX_TEXT} characters long.")
    return {"body": body}


def _read_template(call: Call) -> dict[str, Any]:
    template = structure(call.params, "template")
    if not isinstance(template, dict) or not template.get("name"):
        raise missing("template['name']")
    language = template.get("language")
    code = language.get("code") if isinstance(language, dict) else None
    if not code:
        raise missing("template['language']")
    expected = TEMPLATES.get((str(template["name"]), str(code)))
    if expected is None:
        details = f"template name ({template['name']}) does not exist in {code}"
        raise Refusal(132001, "Template name does not exist in the translation", details)
    components = template.get("components") or []
    given = sum(len(component.get("parameters", [])) for component in components)
    if given != expected:
        details = f"number of parameters ({given}) does not match the expected number ({expected})"
        raise Refusal(132000, "Number of parameters does not match the expected number of params", details)
    return template


def _describe_recipient(call: Call, contact: Contact, account: Account) -> dict[str, Any]:
    to = text(call.params, "to")
    if to is None:
        user_id = text(call.params, "recipient")
        return {"input": user_id, "user_id": user_id}
    described = {"input": to}
    if not contact.hides_number:
        described["wa_id"] = contact.digits
    else:
        described["user_id"] = user_id_for(contact, account.owner_business_id)
    return described
