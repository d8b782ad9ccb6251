"""What the cards do not show of `accounts`: the call without a body, and what is refused before it leaves."""

import pytest

from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.errors import MetaRefused
from app.meta.transport import Call
from tests.meta.local_graph import LocalGraph, reply


def test_subscribing_without_an_override_sends_no_body(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply({"success": True}))
    meta.accounts.subscribe("5241", token)
    assert local.only.body == b""
    assert "content-type" not in local.only.headers


def test_an_override_needs_the_token_its_handshake_will_carry(local: LocalGraph, meta: Meta, token: Secret) -> None:
    with pytest.raises(ValueError, match="verify token"):
        meta.accounts.subscribe("5241", token, callback="https://hooks.partner.example/meta")
    assert local.seen == []


def test_the_verify_token_of_an_override_is_not_recorded(local: LocalGraph, meta: Meta, token: Secret) -> None:
    calls: list[Call] = []
    local.answers(reply({"success": True}))
    address = "https://hooks.partner.example/meta"
    meta.recording(calls.append).accounts.subscribe("5241", token, callback=address, verify_token=Secret("verify-me"))
    assert calls[0].request == {"override_callback_uri": address, "verify_token": "(secret)"}
    assert local.only.json["verify_token"] == "verify-me"


def test_success_false_is_a_refusal(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply({"success": False}))
    with pytest.raises(MetaRefused):
        meta.accounts.subscribe("5241", token)


def test_an_account_that_nobody_pays_for_has_no_funding(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply({"id": "5241"}), reply({"id": "5241"}))
    assert meta.accounts.funding_id("5241", token) is None
    bare = meta.accounts.get("5241", token)
    assert (bare.id, bare.primary_funding_id, bare.owner_business_id, bare.name) == ("5241", None, None, None)


def test_an_app_without_an_override_has_none(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply({"data": [{"whatsapp_business_api_data": {"id": 123}}]}))
    [app] = meta.accounts.subscribed_apps("5241", token)
    assert (app.id, app.name, app.override_callback_uri) == ("123", None, None)
