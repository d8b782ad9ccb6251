"""Vectors are those of Meta's platform as written down beside its rules; none is computed by the code under test."""

import pytest

from app.kit.secret import Secret
from app.kit.signing import appsecret_proof, signature_matches, webhook_signature

SECRET = Secret("test_app_secret")
COMPACT = b'{"object":"whatsapp_business_account","entry":[]}'
COMPACT_HEX = "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
SPACED = b'{"object": "whatsapp_business_account", "entry": []}'
SPACED_HEX = "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a"
ESCAPED = rb'{"t":"ol\u00e1 \/ \ud83d\ude00"}'
ESCAPED_HEX = "071ba0c4cf5ec1260b3e09448e59746b8d6c5bdef26bc2f2ddcd6943bb1f5c67"


def test_the_proof_of_a_token_is_its_hmac_under_the_app_secret() -> None:
    proof = appsecret_proof(SECRET, Secret("EAATESTTOKEN"))
    assert proof == "bad6df0b858104754a0ffde2f0c05fe9731f1a5e141ee1bccf316d05f28d5135"


@pytest.mark.parametrize(("body", "expected"), [(COMPACT, COMPACT_HEX), (SPACED, SPACED_HEX), (ESCAPED, ESCAPED_HEX)])
def test_the_signature_is_over_the_bytes_as_they_came(body: bytes, expected: str) -> None:
    assert webhook_signature(SECRET, body) == f"sha256={expected}"
    assert signature_matches([SECRET], body, f"sha256={expected}") is True


def test_the_same_json_in_other_bytes_does_not_match() -> None:
    assert signature_matches([SECRET], SPACED, f"sha256={COMPACT_HEX}") is False
    assert signature_matches([SECRET], '{"t":"olá / 😀"}'.encode(), f"sha256={ESCAPED_HEX}") is False


def test_any_of_the_app_secrets_may_have_signed() -> None:
    other = Secret("another_app_secret")
    assert signature_matches([SECRET, other], COMPACT, f"sha256={COMPACT_HEX}") is True
    assert signature_matches([other, SECRET], COMPACT, f"sha256={COMPACT_HEX}") is True
    assert signature_matches([other], COMPACT, f"sha256={COMPACT_HEX}") is False


def test_without_secrets_nothing_matches() -> None:
    assert signature_matches([], COMPACT, f"sha256={COMPACT_HEX}") is False


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        COMPACT_HEX,
        f"sha1={COMPACT_HEX}",
        f"SHA256={COMPACT_HEX}",
        f"sha256={COMPACT_HEX[:-1]}",
        f"sha256={COMPACT_HEX}0",
        f"sha256={COMPACT_HEX}\n",
        f" sha256={COMPACT_HEX}",
        f"sha256={COMPACT_HEX.upper()}",
        f"sha256={COMPACT_HEX[:-1]}é",
        f"sha256={COMPACT_HEX},sha256={COMPACT_HEX}",
    ],
)
def test_a_missing_or_malformed_header_is_false_and_never_an_exception(header: str | None) -> None:
    assert signature_matches([SECRET], COMPACT, header) is False


def test_one_changed_digit_is_false() -> None:
    changed = ("0" if COMPACT_HEX[0] != "0" else "1") + COMPACT_HEX[1:]
    assert signature_matches([SECRET], COMPACT, f"sha256={changed}") is False
