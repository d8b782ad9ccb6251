"""``POST /_sandbox/webhooks``: any payload, as often and as mixed up as a test wants it."""

import random
from typing import Any

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_body, read_typed
from sandbox.runtime import current
from sandbox.webhooks.routing import find_override
from sandbox.webhooks.wire import MESSAGE_FIELDS
from sandbox.world import Notice

MAX_TIMES = 1000


@bp.post("/webhooks")
def send_webhooks() -> Response:
    """Sends ``payload`` (an envelope, or a list of them) ``times`` times; ``shuffle`` mixes the order.

    They go where Meta would send them, subscribed or not. ``signature`` is good, wrong or missing.
    """
    body = read_body("payload", "times", "shuffle", "signature")
    payload = read_typed(body, "payload", (dict, list))
    if not payload:
        raise BadRequest("payload is missing.")
    times = read_typed(body, "times", int, 1)
    if not 1 <= times <= MAX_TIMES:
        raise BadRequest(f"times must be from 1 to {MAX_TIMES}.")
    signature = body.get("signature", "good")
    if signature not in ("good", "wrong", "missing"):
        raise BadRequest("signature must be good, wrong or missing.")
    payloads = (payload if isinstance(payload, list) else [payload]) * times
    if read_typed(body, "shuffle", bool, False):
        random.shuffle(payloads)
    runtime = current()
    for one in payloads:
        notice = _describe(one)
        address = find_override(runtime.world, notice) or runtime.world.records.apps[notice.app_id].callback_url
        if address is None:
            raise BadRequest("The app has no callback address.", 409)
        runtime.courier.take_raw(notice, one, address, signature)
    return answer({"queued": len(payloads)}, 202)


def _describe(payload: Any) -> Notice:
    """What the first change says about its way. A payload of any other shape goes to the app's own address."""
    try:
        entry = payload["entry"][0]
        change = entry["changes"][0]
        field, value = str(change["field"]), change["value"]
    except (KeyError, IndexError, TypeError):
        return Notice(current().partner.app_id, "unknown", "0", {})
    metadata = value.get("metadata") if isinstance(value, dict) else None
    number_id = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    account_id = str(entry.get("id")) if field in MESSAGE_FIELDS else None
    return Notice(current().partner.app_id, field, str(entry.get("id")), {}, account_id, number_id)
