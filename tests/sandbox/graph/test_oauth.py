"""Codes, tokens and their inspection."""

import threading

import pytest

from sandbox.world.tokens import SIXTY_DAYS_S
from tests.sandbox.desk import ADMIN, APP_TOKEN, PARTNER, Desk, error_of


def test_a_code_gives_a_business_token_once(desk: Desk) -> None:
    code = desk.signup()["code"]
    first = desk.exchange(code)
    assert first.status_code == 200
    assert first.get_json()["access_token"].startswith("EAA")
    assert first.get_json()["token_type"] == "bearer"
    again = desk.exchange(code)
    assert error_of(again) == (400, 100, 36009)
    assert again.get_json()["error"]["type"] == "OAuthException"
    assert '"invalid_code"' in again.headers["WWW-Authenticate"]


def test_a_code_may_be_posted_and_named_by_its_grant(desk: Desk) -> None:
    params = {
        "client_id": PARTNER.app_id,
        "client_secret": PARTNER.app_secret,
        "code": desk.signup()["code"],
        "grant_type": "authorization_code",
    }
    assert desk.post("/oauth/access_token", **params).status_code == 200


def test_a_code_lives_less_than_thirty_seconds(desk: Desk) -> None:
    in_time, late = desk.signup()["code"], desk.signup()["code"]
    desk.advance(29)
    assert desk.exchange(in_time).status_code == 200
    desk.advance(1)
    assert error_of(desk.exchange(late)) == (400, 100, 36007)


def test_a_popup_code_takes_no_redirect_address(desk: Desk) -> None:
    code = desk.signup()["code"]
    assert error_of(desk.exchange(code, redirect_uri="https://partner.example/back")) == (400, 100, 36008)
    assert desk.exchange(code, redirect_uri="").status_code == 200


def test_garbage_is_no_code(desk: Desk) -> None:
    assert error_of(desk.exchange("garbage")) == (400, 100, None)
    assert error_of(desk.exchange("")) == (400, 100, None)


def test_a_wrong_secret_leaves_the_code_alive(desk: Desk) -> None:
    code = desk.signup()["code"]
    assert error_of(desk.exchange(code, client_secret="wrong")) == (400, 1, None)
    assert desk.exchange(code).status_code == 200


def test_sixty_day_tokens_say_when_they_end_and_endless_ones_do_not(desk: Desk) -> None:
    sixty = desk.exchange(desk.signup(token_ttl="60d")["code"]).get_json()
    assert 5183990 <= sixty["expires_in"] <= 5184000
    endless = desk.exchange(desk.signup(token_ttl="never")["code"]).get_json()
    assert "expires_in" not in endless
    shown = desk.get("/debug_token", APP_TOKEN, input_token=endless["access_token"]).get_json()["data"]
    assert shown["expires_at"] == 0


def test_the_never_configuration_gives_endless_tokens(desk: Desk) -> None:
    code = desk.signup(config_id=PARTNER.config_id_never)["code"]
    assert "expires_in" not in desk.exchange(code).get_json()


def test_inspection_names_app_scopes_and_targets_newest_first(desk: Desk) -> None:
    done = desk.signup(plan="several")
    token = desk.exchange(done["code"]).get_json()["access_token"]
    shown = desk.get("/debug_token", APP_TOKEN, input_token=token).get_json()["data"]
    assert shown["app_id"] == "1234567890"
    assert shown["application"] == "Example Connect"
    assert shown["type"] == "SYSTEM_USER"
    assert shown["is_valid"] is True
    assert shown["data_access_expires_at"] == 0
    assert shown["scopes"] == [
        "business_management",
        "whatsapp_business_management",
        "whatsapp_business_messaging",
        "public_profile",
    ]
    first, second = done["event"]["data"]["waba_ids"]
    assert shown["granular_scopes"] == [
        {"scope": "business_management", "target_ids": [done["business_id"]]},
        {"scope": "whatsapp_business_management", "target_ids": [second, first]},
        {"scope": "whatsapp_business_messaging", "target_ids": [second, first]},
    ]


def test_targets_may_be_left_out(desk: Desk) -> None:
    client = desk.onboard(all_targets=True)
    shown = desk.get("/debug_token", APP_TOKEN, input_token=client.token).get_json()["data"]
    assert all("target_ids" not in row for row in shown["granular_scopes"])
    assert desk.get(f"/{client.waba}", client.token).status_code == 200


def test_of_many_who_post_one_code_one_gets_the_token(desk: Desk) -> None:
    code = desk.signup()["code"]
    start = threading.Barrier(8)
    seen: list[tuple[int, int | None]] = []

    def exchange(caller: Desk) -> None:
        start.wait(60)
        body = caller.exchange(code).get_json()
        seen.append((1, None) if "access_token" in body else (0, body["error"]["error_subcode"]))

    threads = [threading.Thread(target=exchange, args=(Desk(desk.runtime),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen, reverse=True) == [(1, None)] + [(0, 36009)] * 7
    assert desk.effects("/oauth/*") == ["exchanged"]


def test_a_token_may_lack_permissions(desk: Desk) -> None:
    client = desk.onboard(scopes=["public_profile"])
    shown = desk.get("/debug_token", APP_TOKEN, input_token=client.token).get_json()["data"]
    assert shown["scopes"] == ["public_profile"]
    assert shown["granular_scopes"] == []
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (403, 200, None)


def test_a_system_token_may_inspect_and_a_business_token_may_not(desk: Desk) -> None:
    client = desk.onboard()
    assert desk.get("/debug_token", ADMIN, input_token=client.token).get_json()["data"]["is_valid"] is True
    assert error_of(desk.get("/debug_token", client.token, input_token=client.token)) == (400, 100, None)
    assert error_of(desk.get("/debug_token", input_token=client.token)) == (401, 190, None)


def test_dead_tokens_are_described_with_status_200(desk: Desk) -> None:
    client = desk.onboard(token_ttl="60d")
    desk.advance(SIXTY_DAYS_S)
    expired = desk.get("/debug_token", APP_TOKEN, input_token=client.token)
    assert expired.status_code == 200
    data = expired.get_json()["data"]
    assert (data["is_valid"], data["scopes"], data["app_id"]) == (False, [], "1234567890")
    assert (data["error"]["code"], data["error"]["subcode"]) == (190, 463)
    unknown = desk.get("/debug_token", APP_TOKEN, input_token="EAAnothing").get_json()["data"]
    assert (unknown["is_valid"], unknown["error"]["code"]) == (False, 190)


def test_an_expired_token_is_refused_everywhere(desk: Desk) -> None:
    client = desk.onboard(token_ttl="60d")
    desk.advance(SIXTY_DAYS_S - 5)
    assert desk.get(f"/{client.waba}", client.token).status_code == 200
    desk.advance(5)
    refused = desk.get(f"/{client.waba}", client.token)
    assert error_of(refused) == (401, 190, 463)
    assert '"invalid_token"' in refused.headers["WWW-Authenticate"]
    assert "error_data" not in refused.get_json()["error"]


def extend(desk: Desk, token: str, sixty_days: str = "true") -> dict[str, object]:
    params = {
        "grant_type": "fb_exchange_token",
        "client_id": PARTNER.app_id,
        "client_secret": PARTNER.app_secret,
        "set_token_expires_in_60_days": sixty_days,
        "fb_exchange_token": token,
    }
    return dict(desk.get("/oauth/access_token", **params).get_json())


def test_a_token_is_extended_before_its_end_and_the_old_one_lives_on(desk: Desk) -> None:
    client = desk.onboard(token_ttl="60d")
    desk.advance(45 * 24 * 3600)
    new = extend(desk, client.token)
    assert new["token_type"] == "bearer"
    assert new["access_token"] != client.token
    assert 5183990 <= int(str(new["expires_in"])) <= 5184000
    assert desk.get(f"/{client.waba}", client.token).status_code == 200
    desk.advance(15 * 24 * 3600)
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, 463)
    assert desk.get(f"/{client.waba}", str(new["access_token"])).status_code == 200


@pytest.mark.parametrize(("sixty_days", "ends"), [("true", True), ("false", False)])
def test_an_endless_token_gets_an_end_only_when_asked_to(desk: Desk, sixty_days: str, ends: bool) -> None:
    client = desk.onboard(token_ttl="never")
    assert ("expires_in" in extend(desk, client.token, sixty_days)) == ends


def test_an_expired_token_cannot_be_extended(desk: Desk) -> None:
    client = desk.onboard(token_ttl="60d")
    desk.advance(SIXTY_DAYS_S)
    error = extend(desk, client.token)["error"]
    assert isinstance(error, dict)
    assert (error["code"], error["error_subcode"]) == (190, 463)


def test_client_credentials_give_the_app_token(desk: Desk) -> None:
    params = {"client_id": PARTNER.app_id, "client_secret": PARTNER.app_secret, "grant_type": "client_credentials"}
    reply = desk.get("/oauth/access_token", **params).get_json()
    assert reply == {"access_token": APP_TOKEN, "token_type": "bearer"}


def test_another_grant_is_refused(desk: Desk) -> None:
    assert error_of(desk.exchange(desk.signup()["code"], grant_type="password")) == (400, 100, None)


@pytest.mark.parametrize("by_app", [True, False])
def test_a_revoked_token_is_dead(desk: Desk, by_app: bool) -> None:
    client = desk.onboard()
    params = {"client_id": PARTNER.app_id, "client_secret": PARTNER.app_secret, "revoke_token": client.token}
    bearer = APP_TOKEN if by_app else client.token
    assert desk.get("/oauth/revoke", bearer, **params).get_json() == {"success": True}
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, 467)


def test_nobody_revokes_the_token_of_another(desk: Desk) -> None:
    client, other = desk.onboard(), desk.onboard()
    params = {"client_id": PARTNER.app_id, "client_secret": PARTNER.app_secret, "revoke_token": client.token}
    assert error_of(desk.get("/oauth/revoke", other.token, **params)) == (403, 200, None)
    assert desk.get(f"/{client.waba}", client.token).status_code == 200


def test_coming_back_gives_a_new_token_and_leaves_the_old_one_alive(desk: Desk) -> None:
    client = desk.onboard()
    again = desk.signup(business={"id": client.business}, account_id=client.waba)
    assert again["waba_id"] == client.waba
    token = desk.exchange(again["code"]).get_json()["access_token"]
    assert token != client.token
    assert desk.get(f"/{client.waba}", client.token).status_code == 200


def test_an_app_may_be_told_to_extend_nothing_and_each_try_is_counted(desk: Desk) -> None:
    client = desk.onboard(token_ttl="60d")
    extend(desk, client.token)
    desk.change(f"/apps/{PARTNER.app_id}", extends_tokens=False)
    error = extend(desk, client.token)["error"]
    assert isinstance(error, dict)
    assert (error["code"], error.get("error_subcode")) == (100, None)
    (count,) = desk.runtime.counts.list(what="extended")
    assert (count.done, count.again, count.refused) == (1, 0, 1)
    assert client.token not in count.object
