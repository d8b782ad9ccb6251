"""A number's life at the Graph API: code, registration, PIN, deregistration, the phone app's syncs."""

import re

import pytest

from tests.sandbox.desk import ADMIN, Desk, error_of

HOUR, DAY = 3600, 24 * 3600


def code_of(desk: Desk, phone: str) -> str:
    """The six digits the SIM got, as /_sandbox/world shows them."""
    numbers = desk.ask("GET", "/world").get_json()["numbers"]
    return str(next(number["one_time_code"] for number in numbers if number["id"] == phone))


def test_a_number_is_pending_until_it_is_registered(desk: Desk) -> None:
    client = desk.onboard()
    fields = "status,code_verification_status,platform_type,is_on_biz_app,name_status,account_mode,is_pin_enabled"
    before = desk.number(client, fields)
    assert before == {
        "status": "PENDING",
        "code_verification_status": "VERIFIED",
        "platform_type": "NOT_APPLICABLE",
        "is_on_biz_app": False,
        "name_status": "APPROVED",
        "account_mode": "LIVE",
        "is_pin_enabled": False,
        "id": client.phone,
    }
    assert desk.register(client).get_json() == {"success": True}
    after = desk.number(client, "status,platform_type,is_pin_enabled")
    assert after == {"status": "CONNECTED", "platform_type": "CLOUD_API", "is_pin_enabled": True, "id": client.phone}


def test_default_fields_are_metas(desk: Desk) -> None:
    client = desk.onboard()
    shown = desk.get(f"/{client.phone}", client.token).get_json()
    assert set(shown) == {
        "verified_name",
        "code_verification_status",
        "display_phone_number",
        "quality_rating",
        "platform_type",
        "throughput",
        "last_onboarded_time",
        "webhook_configuration",
        "id",
    }
    assert re.fullmatch(r"\+1 \d{3}-\d{3}-\d{4}", shown["display_phone_number"])


def test_registering_a_registered_number_succeeds_and_leaves_its_pin_alone(desk: Desk) -> None:
    client = desk.live_client()
    assert desk.register(client, pin="654321").get_json() == {"success": True}
    assert desk.effects("*/register") == ["registered"]
    assert desk.post(f"/{client.phone}/deregister", client.token).get_json() == {"success": True}
    assert desk.number(client, "status")["status"] == "DISCONNECTED"
    desk.advance(301)
    assert error_of(desk.register(client, pin="654321")) == (400, 133005, None)
    assert desk.register(client, pin="123456").status_code == 200


def test_the_eleventh_attempt_in_72_hours_is_refused_whatever_became_of_the_others(desk: Desk) -> None:
    client = desk.onboard()
    for _ in range(10):
        assert error_of(desk.register(client, pin="12")) == (400, 100, None)
    assert error_of(desk.register(client)) == (400, 133016, None)
    desk.advance(72 * HOUR + 1)
    assert desk.register(client).status_code == 200


def test_deregistering_counts_as_an_attempt(desk: Desk) -> None:
    client = desk.live_client()
    for _ in range(9):
        desk.post(f"/{client.phone}/deregister", client.token)
    assert error_of(desk.post(f"/{client.phone}/deregister", client.token)) == (400, 133016, None)
    assert error_of(desk.register(client)) == (400, 133016, None)


def test_a_number_rests_five_minutes_after_deregistration(desk: Desk) -> None:
    client = desk.live_client()
    desk.post(f"/{client.phone}/deregister", client.token)
    assert error_of(desk.register(client)) == (400, 133015, None)
    desk.advance(299)
    assert error_of(desk.register(client)) == (400, 133015, None)
    desk.advance(2)
    assert desk.register(client).status_code == 200


def test_an_unverified_number_is_refused_then_verified_then_registered(desk: Desk) -> None:
    client = desk.onboard(plan="unverified")
    assert desk.number(client, "code_verification_status")["code_verification_status"] == "NOT_VERIFIED"
    assert error_of(desk.register(client)) == (400, 133006, None)
    asked = desk.post(f"/{client.phone}/request_code", client.token, code_method="SMS", language="en_US")
    assert asked.get_json() == {"success": True}
    code = code_of(desk, client.phone)
    wrong = "000000" if code != "000000" else "111111"
    assert error_of(desk.post(f"/{client.phone}/verify_code", client.token, code=wrong)) == (400, 136025, None)
    assert desk.post(f"/{client.phone}/verify_code", client.token, code=code).get_json() == {"success": True}
    assert desk.register(client).status_code == 200
    assert desk.effects(f"/{client.phone}/*") == ["code_sent", "verified", "registered"]


def test_a_verified_number_gets_no_code(desk: Desk) -> None:
    client = desk.onboard()
    asked = desk.post(f"/{client.phone}/request_code", client.token, code_method="SMS", language="en_US")
    assert error_of(asked) == (400, 136024, None)


def test_a_code_dies_after_ten_minutes_and_five_may_be_asked_for_in_twelve_hours(desk: Desk) -> None:
    client = desk.onboard(plan="unverified")
    ask = {"code_method": "VOICE", "language": "en"}
    assert desk.post(f"/{client.phone}/request_code", client.token, **ask).status_code == 200
    code = code_of(desk, client.phone)
    desk.advance(600)
    assert error_of(desk.post(f"/{client.phone}/verify_code", client.token, code=code)) == (400, 136025, None)
    for _ in range(4):
        assert desk.post(f"/{client.phone}/request_code", client.token, **ask).status_code == 200
    assert error_of(desk.post(f"/{client.phone}/request_code", client.token, **ask)) == (400, 136024, None)
    desk.advance(12 * HOUR)
    assert desk.post(f"/{client.phone}/request_code", client.token, **ask).status_code == 200


def test_a_code_request_names_its_way_and_language(desk: Desk) -> None:
    client = desk.onboard(plan="unverified")
    path = f"/{client.phone}/request_code"
    assert error_of(desk.post(path, client.token, language="en_US")) == (400, 100, None)
    assert error_of(desk.post(path, client.token, code_method="PIGEON", language="en_US")) == (400, 100, None)
    assert error_of(desk.post(path, client.token, code_method="SMS")) == (400, 100, None)
    assert error_of(desk.post(f"/{client.phone}/verify_code", client.token)) == (400, 100, None)


def test_registration_wants_six_digits_and_the_product(desk: Desk) -> None:
    client = desk.onboard()
    path = f"/{client.phone}/register"
    for pin in ("12345", "1234567", "12345a", "１２３４５６"):
        assert error_of(desk.post(path, client.token, messaging_product="whatsapp", pin=pin)) == (400, 100, None)
    assert error_of(desk.post(path, client.token, messaging_product="whatsapp")) == (400, 100, None)
    assert error_of(desk.post(path, client.token, pin="123456")) == (400, 100, None)
    body = {"messaging_product": "whatsapp", "pin": 123456}
    assert desk.post_json(path, client.token, body).status_code == 200


def test_a_region_must_be_one_of_metas(desk: Desk) -> None:
    client = desk.onboard()
    wanted = {"messaging_product": "whatsapp", "pin": "123456"}
    refused = desk.post(f"/{client.phone}/register", client.token, data_localization_region="XX", **wanted)
    assert error_of(refused) == (400, 131009, None)
    assert (
        desk.post(f"/{client.phone}/register", client.token, data_localization_region="BR", **wanted).status_code == 200
    )


def test_five_wrong_pins_lock_the_guessing_for_an_hour(desk: Desk) -> None:
    client = desk.onboard(number="+15550100182")
    for _ in range(5):
        assert error_of(desk.register(client, pin="111111")) == (400, 133005, None)
    assert error_of(desk.register(client, pin="246810")) == (400, 133008, None)
    desk.advance(HOUR + 1)
    assert desk.register(client, pin="246810").status_code == 200


def test_verification_runs_out_two_weeks_after_the_signup(desk: Desk) -> None:
    client = desk.onboard(token_ttl="never")
    desk.advance(14 * DAY + 1)
    assert error_of(desk.register(client)) == (400, 133006, None)


def test_a_preregistered_number_is_connected_and_registers_again_with_any_pin(desk: Desk) -> None:
    client = desk.onboard(plan="preregistered")
    assert desk.number(client, "status,platform_type")["status"] == "CONNECTED"
    assert desk.register(client, pin="999999").status_code == 200
    assert desk.effects("*/register") == []


def test_the_pin_may_be_set_apart_from_registration(desk: Desk) -> None:
    client = desk.live_client()
    assert desk.post(f"/{client.phone}", client.token, pin="777777").get_json() == {"success": True}
    assert error_of(desk.post(f"/{client.phone}", client.token, pin="7")) == (400, 100, None)
    assert error_of(desk.post(f"/{client.phone}", client.token)) == (400, 100, None)
    desk.post(f"/{client.phone}/deregister", client.token)
    desk.advance(301)
    assert error_of(desk.register(client, pin="123456")) == (400, 133005, None)
    assert desk.register(client, pin="777777").status_code == 200


def test_an_admin_system_token_may_register(desk: Desk) -> None:
    client = desk.onboard()
    wanted = {"messaging_product": "whatsapp", "pin": "123456"}
    assert desk.post(f"/{client.phone}/register", ADMIN, **wanted).status_code == 200


def test_a_phone_app_number_refuses_register_deregister_and_pin(desk: Desk) -> None:
    done = desk.signup(plan="coexistence")
    token = desk.exchange(done["code"]).get_json()["access_token"]
    numbers = desk.get(f"/{done['waba_id']}/phone_numbers", token, fields="is_on_biz_app,platform_type,status")
    row = numbers.get_json()["data"][0]
    assert row["is_on_biz_app"] is True
    assert (row["platform_type"], row["status"]) == ("CLOUD_API", "CONNECTED")
    wanted = {"messaging_product": "whatsapp", "pin": "123456"}
    for edge in ("/register", "/deregister", ""):
        assert error_of(desk.post(f"/{row['id']}{edge}", token, **wanted)) == (400, 100, None)
    assert desk.ask("GET", "/world").get_json()["numbers"][-1]["register_log"] == []


def sync(desk: Desk, phone: str, token: str, sync_type: str) -> tuple[int, dict[str, object]]:
    reply = desk.post(f"/{phone}/smb_app_data", token, messaging_product="whatsapp", sync_type=sync_type)
    return reply.status_code, reply.get_json()


def test_each_sync_is_given_once(desk: Desk) -> None:
    client = desk.onboard(plan="coexistence")
    for sync_type in ("smb_app_state_sync", "history"):
        status, body = sync(desk, client.phone, client.token, sync_type)
        assert status == 200
        assert body["messaging_product"] == "whatsapp"
        assert body["request_id"]
        status, body = sync(desk, client.phone, client.token, sync_type)
        assert (status, body["error"]["code"]) == (400, 2593107)  # type: ignore[index]
    assert desk.effects("*/smb_app_data") == ["contacts_synced", "history_synced"]


def test_no_sync_after_a_day(desk: Desk) -> None:
    client = desk.onboard(plan="coexistence")
    desk.advance(DAY + 1)
    status, body = sync(desk, client.phone, client.token, "history")
    assert (status, body["error"]["code"]) == (400, 2593108)  # type: ignore[index]


@pytest.mark.parametrize(("plan", "sync_type"), [("standard", "history"), ("coexistence", "everything")])
def test_no_sync_of_another_kind_of_number_or_data(desk: Desk, plan: str, sync_type: str) -> None:
    client = desk.onboard(plan=plan)
    status, body = sync(desk, client.phone, client.token, sync_type)
    assert (status, body["error"]["code"]) == (400, 100)  # type: ignore[index]


def test_health_names_what_stands_in_the_way(desk: Desk) -> None:
    client = desk.onboard()
    blocked = desk.number(client, "health_status")["health_status"]
    assert blocked["can_send_message"] == "BLOCKED"
    assert [entity["entity_type"] for entity in blocked["entities"]] == ["PHONE_NUMBER", "WABA", "BUSINESS", "APP"]
    assert blocked["entities"][1]["errors"][0]["error_code"] == 141006
    live = desk.live_client()
    assert desk.number(live, "health_status")["health_status"]["can_send_message"] == "LIMITED"
