"""What exists is changed as Meta, its owner or another provider would, and the app is told of it."""

from typing import Any

import pytest

from tests.sandbox.desk import ADMIN, APP_TOKEN, EMPLOYEE, LINE, PARTNER, PARTNER_BUSINESS, Client, Desk, error_of
from tests.sandbox.receiver import Receiver
from tests.waiting import until


@pytest.fixture
def client(desk: Desk) -> Client:
    """Came aboard and is subscribed, paid for and registered with the PIN 123456."""
    return desk.live_client()


def heard(told: Receiver, field: str, count: int = 1) -> list[dict[str, Any]]:
    """The values of a field's changes, once as many as expected have come."""
    assert until(lambda: len(told.of(field)) >= count), told.fields()
    return [dict(post.change["value"]) for post in told.of(field)]


def digits(desk: Desk, client: Client) -> str:
    return desk.runtime.world.records.numbers[client.phone].digits


def test_a_numbers_fields_are_what_graph_shows(desk: Desk, client: Client) -> None:
    desk.change(
        f"/numbers/{client.phone}",
        status="FLAGGED",
        code_status="EXPIRED",
        platform_type="ON_PREMISE",
        quality_rating="RED",
        is_on_biz_app=True,
        verified_name="Example Shoes",
    )
    shown = desk.number(
        client, "status,code_verification_status,platform_type,quality_rating,is_on_biz_app,verified_name"
    )
    assert shown == {
        "status": "FLAGGED",
        "code_verification_status": "EXPIRED",
        "platform_type": "ON_PREMISE",
        "quality_rating": "RED",
        "is_on_biz_app": True,
        "verified_name": "Example Shoes",
        "id": client.phone,
    }


@pytest.mark.parametrize(
    ("status", "decision"),
    [("APPROVED", "APPROVED"), ("DECLINED", "REJECTED"), ("AVAILABLE_WITHOUT_REVIEW", "APPROVED")],
)
def test_a_decision_on_the_name_is_told(desk: Desk, told: Receiver, status: str, decision: str) -> None:
    client = desk.live_client(number="+1 555 010 0187")
    reason = "NAME_NOT_CONSISTENT_WITH_WEBSITE"
    row = desk.change(f"/numbers/{client.phone}", name_status=status, rejection_reason=reason)
    assert row["name_status"] == status
    assert heard(told, "phone_number_name_update") == [
        {
            "display_phone_number": "15550100187",
            "decision": decision,
            "requested_verified_name": row["verified_name"],
            "rejection_reason": reason if decision == "REJECTED" else None,
        }
    ]


def test_a_silent_change_is_told_nobody(desk: Desk, told: Receiver, client: Client) -> None:
    desk.change(f"/numbers/{client.phone}", name_status="DECLINED", pin="654321", silent=True)
    desk.change(f"/accounts/{client.waba}", review_status="REJECTED", silent=True)
    desk.change(f"/accounts/{client.waba}", review_status="APPROVED")
    assert heard(told, "account_review_update") == [{"decision": "APPROVED"}]
    assert told.of("phone_number_name_update") == []
    assert told.of("security") == []


def test_a_pin_somebody_else_set_is_told_and_refuses_ours(desk: Desk, told: Receiver) -> None:
    client = desk.onboard()
    desk.post(f"/{client.waba}/subscribed_apps", client.token)
    desk.change(f"/numbers/{client.phone}", pin="654321")
    (value,) = heard(told, "security")
    assert (value["event"], value["display_phone_number"]) == ("PIN_CHANGED", digits(desk, client))
    assert value["requester"] == client.business
    assert error_of(desk.register(client, pin="123456")) == (400, 133005, None)
    assert desk.register(client, pin="654321").status_code == 200


@pytest.mark.parametrize("off", [{"pin": None}, {"two_step": False}])
def test_two_step_switched_off_is_told_and_lets_any_pin_in(desk: Desk, told: Receiver, off: dict[str, Any]) -> None:
    client = desk.onboard(number="+1 555 010 0182")
    desk.post(f"/{client.waba}/subscribed_apps", client.token)
    assert error_of(desk.register(client)) == (400, 133005, None)
    assert desk.change(f"/numbers/{client.phone}", **off)["has_pin"] is False
    assert {value["event"] for value in heard(told, "security", 2)} == {"PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"}
    assert desk.register(client).status_code == 200


def test_two_step_can_be_on_with_a_pin_nobody_here_knows(desk: Desk) -> None:
    client = desk.onboard()
    row = desk.change(f"/numbers/{client.phone}", two_step=True)
    assert row["has_pin"] is True
    assert "pin" not in row
    assert desk.number(client, "is_pin_enabled")["is_pin_enabled"] is True


def test_a_number_taken_out_of_its_account_is_gone(desk: Desk, client: Client) -> None:
    assert desk.ask("DELETE", f"/numbers/{client.phone}?account_id=1").status_code == 404
    assert desk.ask("DELETE", f"/numbers/{client.phone}?account_id={client.waba}").get_json() == {"removed": 1}
    assert error_of(desk.get(f"/{client.phone}", client.token)) == (400, 100, 33)
    assert desk.get(f"/{client.waba}/phone_numbers", client.token).get_json() == {"data": []}
    assert error_of(desk.register(client)) == (400, 100, 33)
    assert desk.ask("DELETE", f"/numbers/{client.phone}").status_code == 404


def test_a_number_of_two_accounts_stays_in_the_other(desk: Desk, client: Client) -> None:
    other = desk.onboard()
    records = desk.runtime.world.records
    records.numbers[client.phone].account_ids.append(other.waba)
    records.accounts[other.waba].number_ids.append(client.phone)
    desk.ask("DELETE", f"/numbers/{client.phone}?account_id={client.waba}")
    assert error_of(desk.get(f"/{client.phone}", client.token)) == (400, 100, 33)
    assert desk.get(f"/{client.phone}", other.token).status_code == 200


def test_an_accounts_fields_are_what_graph_shows(desk: Desk, client: Client) -> None:
    desk.change(f"/accounts/{client.waba}", name="Example Shoes", currency="EUR", timezone_id="47", funding=None)
    shown = desk.get(f"/{client.waba}", client.token, fields="name,currency,timezone_id,primary_funding_id")
    assert shown.get_json() == {"name": "Example Shoes", "currency": "EUR", "timezone_id": "47", "id": client.waba}
    row = desk.change(f"/accounts/{client.waba}", funding="own")
    funding = desk.get(f"/{client.waba}", client.token, fields="primary_funding_id").get_json()["primary_funding_id"]
    assert funding == row["primary_funding_id"]
    assert desk.change(f"/accounts/{client.waba}", funding="5985")["primary_funding_id"] == "5985"


def test_a_review_is_told(desk: Desk, told: Receiver, client: Client) -> None:
    desk.change(f"/accounts/{client.waba}", review_status="REJECTED")
    assert heard(told, "account_review_update") == [{"decision": "REJECTED"}]


def test_an_account_on_another_line_takes_ours_no_more(desk: Desk) -> None:
    client = desk.onboard()
    desk.change(f"/accounts/{client.waba}", attached_elsewhere=True)
    path = f"/{LINE}/whatsapp_credit_sharing_and_attach"
    assert error_of(desk.post(path, ADMIN, waba_currency="USD", waba_id=client.waba)) == (400, 100, None)


def test_an_unshared_account_is_out_of_every_tokens_reach(desk: Desk, client: Client) -> None:
    row = desk.change(f"/accounts/{client.waba}", shared=False)
    assert (row["shared_with"], row["installed_apps"]) == ([], [])
    assert error_of(desk.get(f"/{client.waba}", ADMIN)) == (400, 100, 33)
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, 458)
    assert desk.runtime.world.records.subscriptions == {}
    desk.change(f"/accounts/{client.waba}", shared=True)
    assert desk.get(f"/{client.waba}", ADMIN).status_code == 200


def test_an_app_that_is_not_installed_reaches_nothing(desk: Desk, client: Client) -> None:
    desk.change(f"/accounts/{client.waba}", app_installed=False)
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (400, 100, 33)
    desk.change(f"/accounts/{client.waba}", app_installed=True)
    assert desk.get(f"/{client.waba}", client.token).status_code == 200


def test_a_business_can_be_verified(desk: Desk, client: Client) -> None:
    desk.change(f"/businesses/{client.business}", verified=True, country="BR", email="ana@shoes.example")
    shown = desk.get(f"/{client.waba}", client.token, fields="business_verification_status").get_json()
    assert shown["business_verification_status"] == "verified"


def test_an_apps_callback_and_fields_are_what_graph_lists(desk: Desk) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", callback_url="https://hooks.example/meta", fields=["messages"])
    (row,) = desk.get(f"/{PARTNER.app_id}/subscriptions", APP_TOKEN).get_json()["data"]
    assert row["callback_url"] == "https://hooks.example/meta"
    assert [field["name"] for field in row["fields"]] == ["messages"]
    desk.change(f"/apps/{PARTNER.app_id}", callback_url=None)
    assert desk.get(f"/{PARTNER.app_id}/subscriptions", APP_TOKEN).get_json() == {"data": []}


def test_proof_can_be_asked_for_or_not(desk: Desk, client: Client) -> None:
    headers = {"Authorization": f"Bearer {client.token}"}
    assert desk.http.get(f"/v25.0/{client.waba}", headers=headers).status_code == 400
    desk.change(f"/apps/{PARTNER.app_id}", require_proof=False)
    assert desk.http.get(f"/v25.0/{client.waba}", headers=headers).status_code == 200


def test_an_app_in_development_hears_nothing(desk: Desk, told: Receiver, client: Client) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", live=False)
    desk.change(f"/accounts/{client.waba}", review_status="REJECTED")
    states = lambda: [row["state"] for row in desk.ask("GET", "/world").get_json()["webhooks"][-1:]]  # noqa: E731
    assert until(lambda: states() == ["dropped"])
    assert told.of("account_review_update") == []


def test_a_system_users_role_decides_what_it_may_do(desk: Desk) -> None:
    client = desk.onboard()
    employee = PARTNER.employee_user_id
    assert desk.change(f"/system_users/{employee}", finance_editor=False)["finance_editor"] is False
    share = {"receiving_business_id": client.business}
    assert error_of(desk.post(f"/{LINE}/whatsapp_credit_sharing", EMPLOYEE, **share)) == (403, 200, None)
    desk.change(f"/system_users/{employee}", role="ADMIN")
    assert desk.post(f"/{LINE}/whatsapp_credit_sharing", EMPLOYEE, **share).status_code == 200
    rows = desk.get(f"/{PARTNER_BUSINESS}/system_users", ADMIN).get_json()["data"]
    assert [row["role"] for row in rows] == ["ADMIN", "ADMIN"]


@pytest.mark.parametrize(("ttl", "seconds"), [("60d", 5184000), (600, 600), ("never", None)])
def test_a_configuration_decides_how_long_tokens_live(desk: Desk, ttl: str | int, seconds: int | None) -> None:
    desk.change(f"/configs/{PARTNER.config_id}", token_ttl=ttl, scopes=["business_management"])
    reply = desk.exchange(desk.signup()["code"]).get_json()
    assert reply.get("expires_in") in ({None} if seconds is None else {seconds, seconds - 1})
    shown = desk.get("/debug_token", APP_TOKEN, input_token=reply["access_token"]).get_json()["data"]
    assert shown["scopes"] == ["business_management"]


def test_a_removed_configuration_opens_no_window(desk: Desk) -> None:
    desk.change(f"/configs/{PARTNER.config_id}", removed=True)
    assert desk.ask("POST", "/signups", {}).status_code == 409
    desk.change(f"/configs/{PARTNER.config_id}", removed=False)
    assert desk.ask("POST", "/signups", {}).status_code == 201


def test_a_removed_credit_line_is_as_if_it_had_never_been(desk: Desk) -> None:
    client = desk.onboard()
    desk.change(f"/credit_lines/{LINE}", removed=True)
    assert desk.get(f"/{PARTNER_BUSINESS}/extendedcredits", ADMIN).get_json() == {"data": []}
    path = f"/{LINE}/whatsapp_credit_sharing_and_attach"
    assert error_of(desk.post(path, ADMIN, waba_currency="USD", waba_id=client.waba)) == (400, 100, 33)
    desk.change(f"/credit_lines/{LINE}", removed=False, legal_entity_name="Example Partner")
    (line,) = desk.get(f"/{PARTNER_BUSINESS}/extendedcredits", ADMIN).get_json()["data"]
    assert line == {"id": LINE, "legal_entity_name": "Example Partner"}
