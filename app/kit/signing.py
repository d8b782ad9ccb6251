"""The HMACs of Meta's platform: proof that we hold the app secret, that a notification is Meta's, and a request.

All are HMAC-SHA256 keyed with the app secret. Meta's pages: "Secure Graph API calls" (appsecret_proof), "Webhooks:
validating payloads" (X-Hub-Signature-256) and "Data Deletion Request Callback" (signed_request).
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from typing import Any

from app.kit.secret import Secret

_SIGNED = re.compile(r"([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{1,8000})")
_HEADER = re.compile(r"sha256=[0-9a-f]{64}")


def appsecret_proof(secret: Secret, token: Secret) -> str:
    """64 hex digits to send beside `token`, so that a stolen token alone is of no use."""
    return _hmac_hex(secret, token.reveal().encode())


def webhook_signature(secret: Secret, body: bytes) -> str:
    """`sha256=<hex>` over the raw bytes of a notification, as Meta sends it in `X-Hub-Signature-256`."""
    return f"sha256={_hmac_hex(secret, body)}"


def signature_matches(secrets: Sequence[Secret], body: bytes, header: str | None) -> bool:
    """Whether `header` is the signature of exactly these bytes under any of the app secrets.

    `body` must be what arrived, never JSON written anew: Meta escapes slashes and non-ASCII letters. All secrets are
    tried, whichever fits, so the time taken tells nothing. A missing or malformed header is False.
    """
    if header is None or not _HEADER.fullmatch(header):
        return False
    matches = False
    for secret in secrets:
        matches |= hmac.compare_digest(webhook_signature(secret, body), header)
    return matches


def read_signed_request(secrets: Sequence[Secret], text: str) -> dict[str, Any] | None:
    """What a `signed_request` says, or None where none of the app secrets has signed exactly this.

    The signature is over the payload as it came, still encoded and without padding; many samples pad it first, which
    fits only where no padding is needed.
    """
    found = _SIGNED.fullmatch(text)
    if found is None:
        return None
    given, payload = _decoded(found[1]), found[2]
    matches = False
    for secret in secrets:
        expected = hmac.new(secret.reveal().encode(), payload.encode("ascii"), hashlib.sha256).digest()
        matches |= hmac.compare_digest(expected, given)
    if not matches:
        return None
    try:
        told = json.loads(_decoded(payload))
    except ValueError:
        return None
    if not isinstance(told, dict) or str(told.get("algorithm", "")).upper() != "HMAC-SHA256":
        return None
    return told


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""


def _hmac_hex(secret: Secret, message: bytes) -> str:
    return hmac.new(secret.reveal().encode(), message, hashlib.sha256).hexdigest()
