"""Meta's notifications as files, and the way Meta writes and signs them."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parents[1] / "payloads"
SECRET = "test_app_secret"
VERIFY_TOKEN = "test_verify_token"
DOOR = "/api/webhooks/whatsapp"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PHONE = "106540352242922"
WABA = "524126980791429"


def payload(name: str) -> dict[str, Any]:
    """A notification by the name of its case."""
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return found


def value_of(name: str) -> dict[str, Any]:
    """The value of its first change."""
    found: dict[str, Any] = payload(name)["entry"][0]["changes"][0]["value"]
    return found


def wire(notification: object) -> bytes:
    """As Meta writes it: ASCII only, lower-case escapes, every slash escaped."""
    return json.dumps(notification, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers Meta sends with these bytes."""
    key = secret.encode()
    return {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
        "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
    }


def of_field(*values: object, field: str) -> dict[str, Any]:
    """A notification with one change of a field for each value."""
    changes = [{"field": field, "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": changes}]}
