"""The code exchange and the inspection of tokens."""

from datetime import UTC, datetime

import pytest

from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.errors import MetaRefused, MetaUnreachable
from app.meta.oauth import TokenFault
from app.meta.transport import Call
from tests.meta.local_graph import LocalGraph, hang_up, raw, reply

CODE = Secret("AQBexamplecodeexamplecode")


def test_the_exchange_posts_code_and_secret_in_the_body_and_nothing_in_the_address(
    local: LocalGraph, meta: Meta
) -> None:
    local.answers(reply({"access_token": "EAAbusiness", "token_type": "bearer"}))
    assert meta.oauth.exchange(CODE).reveal() == "EAAbusiness"
    seen = local.only
    assert (seen.method, seen.version, seen.path, seen.query) == ("POST", "v25.0", "/oauth/access_token", {})
    assert seen.form == {
        "client_id": "1234567890",
        "client_secret": "test_app_secret",
        "code": "AQBexamplecodeexamplecode",
        "grant_type": "authorization_code",
    }
    assert "authorization" not in seen.headers


def test_the_exchange_repeats_a_redirect_address_only_when_given_one(local: LocalGraph, meta: Meta) -> None:
    local.answers(reply({"access_token": "EAAbusiness", "expires_in": 5183944}))
    meta.oauth.exchange(CODE, redirect_uri="https://partner.example/back?a=1&b=2")
    assert local.only.form["redirect_uri"] == "https://partner.example/back?a=1&b=2"


@pytest.mark.parametrize("subcode", [36007, 36008, 36009, None])
def test_a_refused_code_is_a_refusal_with_metas_numbers(local: LocalGraph, meta: Meta, subcode: int | None) -> None:
    error = {"code": 100, "message": "no", "type": "OAuthException", "fbtrace_id": "T1"}
    local.answers(reply({"error": error if subcode is None else {**error, "error_subcode": subcode}}, 400))
    with pytest.raises(MetaRefused) as caught:
        meta.oauth.exchange(CODE)
    assert (caught.value.code, caught.value.subcode, caught.value.trace_id) == (100, subcode, "T1")


@pytest.mark.parametrize(
    "answer", [hang_up, raw(b"<html>", 502), reply({}), reply({"access_token": ""}), raw(b"[]"), reply({"a": 1}, 500)]
)
def test_an_exchange_without_a_token_in_the_answer_is_never_repeated(local: LocalGraph, meta: Meta, answer) -> None:
    local.answers(answer, reply({"access_token": "EAAbusiness"}))
    with pytest.raises(MetaUnreachable) as caught:
        meta.oauth.exchange(CODE)
    assert caught.value.request_written is True
    assert len(local.seen) == 1


def test_odd_words_beside_the_token_do_no_harm(local: LocalGraph, meta: Meta) -> None:
    odd = {"error": "odd", "error_description": "odd", "expires_in": "soon", "expires_at": [], "scope": 7}
    local.answers(reply({"access_token": "EAAbusiness", **odd}), reply(odd))
    assert meta.oauth.exchange(CODE).reveal() == "EAAbusiness"
    with pytest.raises(MetaUnreachable):
        meta.oauth.exchange(CODE)


def test_the_record_of_an_exchange_holds_no_secret(local: LocalGraph, meta: Meta) -> None:
    calls: list[Call] = []
    local.answers(
        reply({"access_token": "EAAbusinessbusiness", "token_type": "bearer"}),
        reply({"error": {"code": 100, "message": "bad code AQBexamplecodeexamplecode"}}, 400),
        reply({"token_type": "bearer"}),
    )
    recording = meta.recording(calls.append)
    recording.oauth.exchange(CODE)
    for error in (MetaRefused, MetaUnreachable):
        with pytest.raises(error):
            recording.oauth.exchange(CODE)
    assert calls[0].request == {"client_id": "1234567890", "client_secret": "(secret)", "code": "(secret)"}
    assert calls[0].reply == {"access_token": "(secret)", "token_type": "bearer"}
    assert [call.path for call in calls] == ["/oauth/access_token"] * 3
    assert [call.error is None for call in calls] == [True, False, False]
    for secret in ("EAAbusiness", "AQBexample", "test_app_secret"):
        assert secret not in repr(calls)


INSPECTED = {
    "app_id": "1234567890",
    "type": "SYSTEM_USER",
    "application": "Example Connect",
    "data_access_expires_at": 0,
    "expires_at": 0,
    "is_valid": True,
    "issued_at": 1790000000,
    "scopes": ["business_management", "whatsapp_business_management", "whatsapp_business_messaging", "public_profile"],
    "granular_scopes": [
        {"scope": "whatsapp_business_management", "target_ids": ["524126980791429", "503299000000001"]},
        {"scope": "whatsapp_business_messaging", "target_ids": [524126980791429]},
        {"scope": "business_management"},
    ],
    "user_id": "122100255630000123",
}


def test_an_inspection_uses_the_app_token_and_reads_scopes_and_targets(
    local: LocalGraph, meta: Meta, token: Secret
) -> None:
    local.answers(reply({"data": INSPECTED}))
    seen = meta.oauth.inspect(token)
    assert (seen.is_valid, seen.app_id, seen.type, seen.user_id) == (
        True,
        "1234567890",
        "SYSTEM_USER",
        "122100255630000123",
    )
    assert seen.scopes == {
        "business_management",
        "whatsapp_business_management",
        "whatsapp_business_messaging",
        "public_profile",
    }
    assert seen.targets == {
        "whatsapp_business_management": ("524126980791429", "503299000000001"),
        "whatsapp_business_messaging": ("524126980791429",),
        "business_management": None,
    }
    assert seen.expires_at is None
    assert seen.issued_at == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert seen.error is None
    assert seen.waba_targets() == ("524126980791429", "503299000000001")
    asked = local.only
    assert asked.headers["authorization"] == "Bearer 1234567890|test_app_secret"
    assert asked.query["input_token"] == "EAATESTTOKEN"


def test_targets_that_meta_does_not_name_are_none_and_a_missing_scope_has_no_targets(
    local: LocalGraph, meta: Meta, token: Secret
) -> None:
    scope = "whatsapp_business_management"
    local.answers(
        reply({"data": {**INSPECTED, "granular_scopes": [{"scope": scope}]}}),
        reply({"data": {**INSPECTED, "granular_scopes": []}}),
        reply({"data": {**INSPECTED, "scopes": ["public_profile"], "granular_scopes": []}}),
    )
    assert [meta.oauth.inspect(token).waba_targets() for _ in range(3)] == [None, None, ()]


def test_an_invalid_token_is_described_and_not_an_exception(local: LocalGraph, meta: Meta, token: Secret) -> None:
    error = {"code": 190, "message": "Error validating access token: Session has expired", "subcode": 463}
    data = {"error": error, "app_id": "1234567890", "expires_at": 1789000000, "is_valid": False, "scopes": []}
    local.answers(reply({"data": data}))
    seen = meta.oauth.inspect(token)
    assert seen.is_valid is False
    assert seen.error == TokenFault(190, 463)
    assert seen.expires_at == datetime(2026, 9, 10, 0, 26, 40, tzinfo=UTC)
    assert seen.waba_targets() == ()


def test_an_answer_without_data_says_nothing_of_the_token(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply({}))
    with pytest.raises(MetaUnreachable):
        meta.oauth.inspect(token)


def test_an_inspection_without_facts_is_of_an_invalid_token(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply({"data": {}}))
    seen = meta.oauth.inspect(token)
    assert (seen.is_valid, seen.scopes, seen.error, seen.issued_at) == (False, frozenset(), None, None)
