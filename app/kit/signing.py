"""The two HMACs of Meta's platform: proof that we hold the app secret, and proof that a notification is Meta's.

Both are HMAC-SHA256 keyed with the app secret. Meta's pages: "Secure Graph API calls" (appsecret_proof) and
"Webhooks: validating payloads" (X-Hub-Signature-256).
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

from app.kit.secret import Secret

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


def _hmac_hex(secret: Secret, message: bytes) -> str:
    return hmac.new(secret.reveal().encode(), message, hashlib.sha256).hexdigest()
