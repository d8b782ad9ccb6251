"""What a call must say, and the shape of "no" where it does not."""

from typing import Any

import pytest

from sandbox.graph.errors import http_status, no_such_field, no_such_object, to_envelope
from sandbox.world import Refusal
from tests.sandbox.desk import ADMIN, APP_TOKEN, LINE, PARTNER, PARTNER_BUSINESS, Desk, error_of

CLIENT = {"client_id": PARTNER.app_id, "client_secret": PARTNER.app_secret}
HOOK = {
    "object": "whatsapp_business_account",
    "callback_url": "http://127.0.0.1:9/",
    "verify_token": "t",
    "fields": "messages",
}


@pytest.mark.parametrize(
    ("method", "path", "token", "params"),
    [
        ("GET", "/oauth/access_token", None, {"client_secret": PARTNER.app_secret}),
        ("GET", "/oauth/access_token", None, CLIENT | {"grant_type": "fb_exchange_token"}),
        ("GET", "/oauth/revoke", APP_TOKEN, CLIENT),
        ("GET", "/debug_token", APP_TOKEN, {}),
        ("POST", f"/{PARTNER.app_id}/subscriptions", APP_TOKEN, HOOK | {"object": "page"}),
        ("POST", f"/{PARTNER.app_id}/subscriptions", APP_TOKEN, HOOK | {"callback_url": ""}),
        ("POST", f"/{PARTNER.app_id}/subscriptions", APP_TOKEN, HOOK | {"verify_token": ""}),
        ("POST", f"/{PARTNER.app_id}/subscriptions", APP_TOKEN, HOOK | {"fields": ""}),
        ("POST", f"/{PARTNER.app_id}/subscriptions", APP_TOKEN, HOOK | {"fields": '{"a": 1}'}),
        ("POST", f"/{LINE}/whatsapp_credit_sharing", ADMIN, {}),
        ("POST", f"/{LINE}/whatsapp_credit_sharing", ADMIN, {"receiving_business_id": "1"}),
        ("POST", f"/{LINE}/whatsapp_credit_sharing_and_attach", ADMIN, {"waba_currency": "USD"}),
    ],
)
def test_what_must_be_there_is_asked_for(
    desk: Desk, method: str, path: str, token: str | None, params: dict[str, Any]
) -> None:
    call = desk.get if method == "GET" else desk.post
    assert error_of(call(path, token, **params)) == (400, 100, None)


def test_an_unknown_app_is_101(desk: Desk) -> None:
    assert error_of(desk.exchange("x", client_id="1")) == (400, 101, None)


def test_a_token_of_another_partner_reaches_nothing_of_ours(desk: Desk) -> None:
    client = desk.onboard()
    for path in (f"/{PARTNER_BUSINESS}/extendedcredits", f"/{client.waba}/assigned_users", f"/{LINE}"):
        assert error_of(desk.get(path, client.token))[0] == 403


STATUS = """
400: 1 4 100 2200 131042 133005 133016 136024
401: 0 102 190
403: 10 200 368 131005 131031
404: 803 132001
500: 3 131000 131016 133000
503: 2 133004
"""
ROWS = [(int(code), int(row[:3])) for row in STATUS.strip().splitlines() for code in row[4:].split()]


@pytest.mark.parametrize(("code", "status"), ROWS)
def test_each_code_has_metas_status(code: int, status: int) -> None:
    assert http_status(Refusal(code, "x")) == status


def test_envelopes_are_written_as_meta_writes_them() -> None:
    refusal = Refusal(131030, "Recipient phone number not in allowed list", "Add it.", subcode=2655007)
    assert to_envelope(refusal, "AbCdEf") == {
        "error": {
            "message": "(#131030) Recipient phone number not in allowed list",
            "type": "OAuthException",
            "code": 131030,
            "error_subcode": 2655007,
            "error_data": {"messaging_product": "whatsapp", "details": "Add it."},
            "fbtrace_id": "AbCdEf",
        }
    }
    unknown = to_envelope(no_such_object("123"), "AbCdEf")["error"]
    assert (unknown["code"], unknown["error_subcode"], unknown["type"]) == (100, 33, "GraphMethodException")
    assert unknown["message"].startswith("Unsupported get request. Object with ID '123' does not exist")
    field = to_envelope(no_such_field("foo", "WhatsAppBusinessAccount"), "AbCdEf")["error"]
    assert field["message"] == "(#100) Tried accessing nonexisting field (foo) on node type (WhatsAppBusinessAccount)"
