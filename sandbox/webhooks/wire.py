"""How a webhook looks on the wire: the envelope, Meta's way of writing JSON, and both signature headers."""

import hashlib
import hmac
import json
from typing import Any

from sandbox.world import Notice

MESSAGE_FIELDS = frozenset(
    {
        "calls",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
        "history",
        "message_echoes",
        "messages",
        "smb_app_state_sync",
        "smb_message_echoes",
        "user_preferences",
    }
)
"""Fields that an override address may receive. Their entries carry no ``time``."""


def to_payload(notice: Notice, now: float) -> dict[str, Any]:
    """The envelope around one change."""
    entry: dict[str, Any] = {"id": notice.entry_id}
    if notice.field not in MESSAGE_FIELDS:
        entry["time"] = int(now)
    entry["changes"] = [{"value": notice.value, "field": notice.field}]
    return {"object": "whatsapp_business_account", "entry": [entry]}


def encode(payload: Any) -> bytes:
    """JSON as Meta writes it: ASCII only, lower-case escapes, ``/`` as ``\\/``, no blanks.

    A slash occurs in JSON only inside strings, so replacing it in the text is safe.
    """
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def sign(body: bytes, secret: str) -> dict[str, str]:
    """``X-Hub-Signature-256`` and the older ``X-Hub-Signature`` over exactly these bytes."""
    key = secret.encode()
    return {
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
        "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
    }
