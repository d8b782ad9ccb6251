"""Tokens end, expire and lose permissions when a test says so."""

import pytest

from tests.sandbox.desk import ADMIN, APP_TOKEN, PARTNER, Desk, error_of


@pytest.mark.parametrize("subcode", [458, 460, 463, 467, 492])
def test_a_token_ends_with_the_subcode_that_was_asked_for(desk: Desk, subcode: int) -> None:
    client = desk.onboard()
    (row,) = desk.change("/tokens", business_id=client.business, revoked_subcode=subcode)["tokens"]
    assert row["revoked_subcode"] == subcode
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, subcode)
    shown = desk.get("/debug_token", APP_TOKEN, input_token=client.token).get_json()["data"]
    assert (shown["is_valid"], shown["error"]["subcode"]) == (False, subcode)
    desk.change("/tokens", token=client.token, revoked_subcode=None)
    assert desk.get(f"/{client.waba}", client.token).status_code == 200


def test_a_token_may_expire_now_soon_or_never(desk: Desk) -> None:
    client = desk.onboard()
    desk.change("/tokens", account_id=client.waba, expires_in=60)
    assert desk.get(f"/{client.waba}", client.token).status_code == 200
    desk.advance(61)
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, 463)
    desk.change("/tokens", account_id=client.waba, expires_in=None)
    shown = desk.get("/debug_token", APP_TOKEN, input_token=client.token).get_json()["data"]
    assert (shown["is_valid"], shown["expires_at"]) == (True, 0)
    desk.change("/tokens", account_id=client.waba, expires_in=0)
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, 463)


def test_a_token_loses_permissions(desk: Desk) -> None:
    client = desk.onboard()
    desk.change("/tokens", business_id=client.business, scopes=["whatsapp_business_messaging"])
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (403, 200, None)
    desk.change("/tokens", user_id=PARTNER.admin_user_id, scopes=["business_management"])
    assert error_of(desk.get(f"/{client.waba}", ADMIN)) == (403, 200, None)


def test_a_token_loses_an_account(desk: Desk) -> None:
    client = desk.onboard()
    desk.change("/tokens", token=client.token, account_ids=["1"])
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (400, 100, 33)


def test_the_newest_of_several_can_be_meant(desk: Desk) -> None:
    client = desk.onboard()
    again = desk.exchange(desk.signup(business={"id": client.business}, account_id=client.waba)["code"])
    newer = again.get_json()["access_token"]
    (row,) = desk.change("/tokens", business_id=client.business, which="newest", revoked_subcode=467)["tokens"]
    assert row["starts"] == newer[:7]
    assert error_of(desk.get(f"/{client.waba}", newer)) == (401, 190, 467)
    assert desk.get(f"/{client.waba}", client.token).status_code == 200


def test_no_answer_shows_a_token(desk: Desk) -> None:
    client = desk.onboard()
    reply = desk.ask("POST", "/tokens", {"token": client.token, "expires_in": 10})
    assert client.token not in reply.text
