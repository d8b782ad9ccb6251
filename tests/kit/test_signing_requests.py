"""`signed_request`: Meta's own vector, and everything that is not one."""

import base64
import hashlib
import hmac
import json

import pytest

from app.kit.secret import Secret
from app.kit.signing import read_signed_request

SECRET = Secret("test_app_secret")
VECTOR = (
    "zgz2PbUWDYoXOsNRUZOwfaWj-7zqOV2QbmW6ZrwNjEg."
    "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5MDAwMDAwMCwidXNlcl9pZCI6IjIxODQ3MSJ9"
)


def signed(payload: object, secret: str = "test_app_secret", *, padded_first: bool = False) -> str:
    text = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return signed_text(text, secret, over=text + "=" * (-len(text) % 4) if padded_first else text)


def signed_text(text: str, secret: str = "test_app_secret", *, over: str | None = None) -> str:
    """`text` as it is for the payload, with a signature over it, or over something else."""
    over = text if over is None else over
    signature = hmac.new(secret.encode(), over.encode(), hashlib.sha256).digest()
    return f"{base64.urlsafe_b64encode(signature).decode().rstrip('=')}.{text}"


def test_the_vector_of_the_platform_is_read() -> None:
    assert read_signed_request([SECRET], VECTOR) == {
        "algorithm": "HMAC-SHA256",
        "issued_at": 1790000000,
        "user_id": "218471",
    }


def test_any_secret_of_ours_will_do_so_that_one_can_be_replaced() -> None:
    assert read_signed_request([Secret("a_newer_one"), SECRET], VECTOR) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a.b",
        VECTOR.replace("zgz2", "zgz3"),
        VECTOR + "A",
        VECTOR[:-1],
        VECTOR.replace(".", "=."),
        "no dot at all",
        signed({"algorithm": "HMAC-SHA256", "user_id": "1"}, "another_secret"),
        signed({"algorithm": "HMAC-SHA1", "user_id": "1"}),
        signed({"user_id": "1"}),
        signed(["HMAC-SHA256"]),
        signed("HMAC-SHA256"),
        signed({"algorithm": "HMAC-SHA256", "user_id": "123"}, padded_first=True),
        signed_text("bm90IGpzb24"),  # "not json"
        signed_text("_w"),  # one byte that is no UTF-8
        signed_text("A"),  # six bits are no byte
    ],
)
def test_what_is_not_signed_or_not_a_request_is_nothing(text: str) -> None:
    assert read_signed_request([SECRET], text) is None
