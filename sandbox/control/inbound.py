"""``POST /_sandbox/inbound``: a contact writes to a number."""

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_body, read_typed
from sandbox.runtime import current
from sandbox.world.example_numbers import read_digits
from sandbox.world.messages import receive

TYPES = (
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "button",
    "interactive",
    "order",
    "reaction",
)


@bp.post("/inbound")
def write_inbound() -> Response:
    """``{phone_number_id, from, type, <type>: {…}}``; ``body`` is short for a text's ``{"body": …}``."""
    body = read_body("phone_number_id", "from", "type", "body", "name", "reply_to", *TYPES)
    type_ = body.get("type", "text")
    if type_ not in TYPES:
        raise BadRequest(f"type must be one of {', '.join(TYPES)}.")
    content = body.get(type_)
    if type_ == "text" and content is None:
        content = {"body": read_typed(body, "body", str)}
    if not isinstance(content, dict | list) or content == {"body": None}:
        raise BadRequest(f"{type_} is missing: the object that stands under this key in the webhook.")
    sender = read_digits(str(body.get("from", "")))
    if not 7 <= len(sender) <= 15:
        raise BadRequest("from must be a phone number.")
    world = current().world
    number = world.records.numbers.get(str(body.get("phone_number_id")))
    if number is None:
        raise BadRequest("There is no number with this phone_number_id.", 404)
    if number.status != "CONNECTED":
        raise BadRequest("Nobody can write to this number: it is not connected.", 409)
    message = receive(
        world,
        number,
        sender,
        type_=type_,
        content=content,  # type: ignore[arg-type]
        name=read_typed(body, "name", str),
        reply_to=read_typed(body, "reply_to", str),
    )
    return answer({"id": message.id}, 201)
