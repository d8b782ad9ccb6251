"""Bytes and signatures, against vectors made with another tool."""

import pytest

from sandbox.webhooks.wire import encode, sign, to_payload
from sandbox.world import Notice


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        (
            b'{"object":"whatsapp_business_account","entry":[]}',
            "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
        ),
        (
            b'{"object": "whatsapp_business_account", "entry": []}',
            "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
        ),
        (
            rb'{"t":"ol\u00e1 \/ \ud83d\ude00"}',
            "071ba0c4cf5ec1260b3e09448e59746b8d6c5bdef26bc2f2ddcd6943bb1f5c67",
        ),
    ],
)
def test_the_signature_is_over_the_raw_bytes(body: bytes, digest: str) -> None:
    headers = sign(body, "test_app_secret")
    assert headers["X-Hub-Signature-256"] == f"sha256={digest}"
    assert headers["X-Hub-Signature"].startswith("sha1=")
    assert len(headers["X-Hub-Signature"]) == 45


def test_bodies_are_written_as_meta_writes_them() -> None:
    assert encode({"t": "olá / 😀"}) == rb'{"t":"ol\u00e1 \/ \ud83d\ude00"}'


def test_account_fields_carry_a_time_and_message_fields_none() -> None:
    account = Notice("1", "account_update", "42", {"event": "PARTNER_ADDED"})
    assert to_payload(account, 1790000000.9) == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": "42",
                "time": 1790000000,
                "changes": [{"value": {"event": "PARTNER_ADDED"}, "field": "account_update"}],
            }
        ],
    }
    message = Notice("1", "messages", "42", {"messaging_product": "whatsapp"})
    assert to_payload(message, 1790000000.9)["entry"] == [
        {"id": "42", "changes": [{"value": {"messaging_product": "whatsapp"}, "field": "messages"}]}
    ]
