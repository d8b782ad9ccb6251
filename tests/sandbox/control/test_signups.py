"""Scripted popups: what each plan hands over."""

from typing import Any

import pytest

from tests.sandbox.desk import Desk, error_of


@pytest.mark.parametrize(
    ("plan", "event", "keys"),
    [
        ("standard", "FINISH", {"phone_number_id", "waba_id", "business_id"}),
        ("coexistence", "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING", {"waba_id", "business_id"}),
        ("account_only", "FINISH_ONLY_WABA", {"waba_id", "business_id"}),
        ("unverified", "FINISH", {"phone_number_id", "waba_id", "business_id"}),
        ("preregistered", "FINISH", {"phone_number_id", "waba_id", "business_id"}),
        ("several", "FINISH", {"phone_number_id", "waba_id", "business_id", "waba_ids"}),
        ("app_only", "FINISH_GRANT_ONLY_API_ACCESS", {"phone_number_id", "waba_id", "business_id"}),
    ],
)
def test_each_plan_ends_in_its_event(desk: Desk, plan: str, event: str, keys: set[str]) -> None:
    done = desk.signup(plan=plan)
    assert done["event"]["type"] == "WA_EMBEDDED_SIGNUP"
    assert done["event"]["event"] == event
    assert done["event"]["version"] == "3"
    data = done["event"]["data"]
    assert set(data) == keys
    assert (data["waba_id"], data["business_id"]) == (done["waba_id"], done["business_id"])
    assert data.get("phone_number_id", done["phone_number_id"]) == done["phone_number_id"]
    assert (done["phone_number_id"] is None) == (plan == "account_only")


def test_ids_may_be_left_out_of_the_event(desk: Desk) -> None:
    done = desk.signup(omit=["business_id", "phone_number_id"])
    assert done["event"]["data"] == {"waba_id": done["waba_id"]}
    assert done["phone_number_id"]


def test_a_phone_app_number_may_come_as_a_plain_finish(desk: Desk) -> None:
    done = desk.signup(plan="coexistence", wa_login_user=True)
    assert done["event"]["event"] == "FINISH"
    assert done["event"]["data"]["is_wa_login_user"] is True


def test_the_end_event_may_have_a_name_nobody_has_seen(desk: Desk) -> None:
    done = desk.signup(event="FINISH_SOMETHING_NEW")
    assert done["event"]["event"] == "FINISH_SOMETHING_NEW"
    assert done["event"]["data"]["waba_id"] == done["waba_id"]


def test_the_business_is_as_wished(desk: Desk) -> None:
    wish = {"name": "Example Bakery", "country": "BR", "website": "https://bakery.example", "timezone_id": "25"}
    client = desk.onboard(business=wish)
    shown = desk.get(f"/{client.waba}", client.token, fields="name,country,timezone_id,owner_business_info").get_json()
    assert (shown["name"], shown["country"], shown["timezone_id"]) == ("Example Bakery", "BR", "25")
    assert shown["owner_business_info"]["name"] == "Example Bakery"


def test_the_typed_number_decides_the_kind(desk: Desk) -> None:
    done = desk.signup(plan="standard", number="+1 555 010 0170")
    assert done["event"]["event"] == "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"


def test_a_number_with_an_old_pin_is_refused_another(desk: Desk) -> None:
    client = desk.onboard(number="+1 555 010 0182")
    assert error_of(desk.register(client, pin="123456")) == (400, 133005, None)
    assert desk.register(client, pin="246810").status_code == 200


def test_a_known_customer_comes_back_to_the_same_account_and_number(desk: Desk) -> None:
    client = desk.live_client(number="+15550100110")
    again: dict[str, Any] = desk.signup(business={"id": client.business}, number="+15550100110")
    assert (again["waba_id"], again["phone_number_id"]) == (client.waba, client.phone)
    assert desk.number(client, "status")["status"] == "CONNECTED"


def test_a_number_of_somebody_else_is_refused(desk: Desk) -> None:
    desk.onboard(number="+15550100110")
    assert desk.ask("POST", "/signups", {"number": "+15550100110"}).status_code == 409
