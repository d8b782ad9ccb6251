"""Events of an account's life, and accounts shared without any popup."""

from typing import Any

import pytest

from tests.sandbox.desk import ADMIN, EMPLOYEE, PARTNER, PARTNER_BUSINESS, Client, Desk, error_of
from tests.sandbox.receiver import Receiver
from tests.waiting import until


def updates(told: Receiver, *events: str) -> list[dict[str, Any]]:
    """(entry id, value) of the account updates with these events, once all have come."""

    def found() -> list[dict[str, Any]]:
        entries = [entry for post in told.of("account_update") for entry in post.entries]
        wanted = [e for e in entries if e["changes"][0]["value"]["event"] in events]
        return [{"id": e["id"], **e["changes"][0]["value"]} for e in wanted]

    assert until(lambda: {row["event"] for row in found()} == set(events)), told.posts
    return found()


def happen(desk: Desk, client: Client, event: str, **options: Any) -> dict[str, Any]:
    return desk.change(f"/accounts/{client.waba}/events", event=event, **options)


def send(desk: Desk, client: Client) -> tuple[int, int]:
    """HTTP status and error code (0: none) of a text to somebody."""
    text = {"messaging_product": "whatsapp", "to": "15550200031", "type": "text", "text": '{"body":"hi"}'}
    reply = desk.post(f"/{client.phone}/messages", client.token, **text)
    return reply.status_code, reply.get_json().get("error", {}).get("code", 0)


@pytest.fixture
def phone_app(desk: Desk) -> Client:
    """A number that stays on its phone app; subscribed."""
    client = desk.onboard(plan="coexistence")
    assert desk.post(f"/{client.waba}/subscribed_apps", client.token).status_code == 200
    return client


def test_an_offboarded_account_sends_nothing_until_it_is_reconnected(
    desk: Desk, told: Receiver, phone_app: Client
) -> None:
    assert send(desk, phone_app) == (200, 0)
    assert happen(desk, phone_app, "offboard")["is_offboarded"] is True
    assert updates(told, "ACCOUNT_OFFBOARDED") == [{"id": phone_app.waba, "event": "ACCOUNT_OFFBOARDED"}]
    assert send(desk, phone_app) == (400, 133010)
    assert desk.number(phone_app, "status,is_on_biz_app") == {
        "status": "DISCONNECTED",
        "is_on_biz_app": True,
        "id": phone_app.phone,
    }
    assert len(desk.get(f"/{phone_app.waba}/subscribed_apps", phone_app.token).get_json()["data"]) == 1
    assert happen(desk, phone_app, "reconnect")["is_offboarded"] is False
    assert updates(told, "ACCOUNT_RECONNECTED") == [{"id": phone_app.waba, "event": "ACCOUNT_RECONNECTED"}]
    assert send(desk, phone_app) == (200, 0)


def test_only_a_phone_app_leaves_and_only_who_left_comes_back(desk: Desk, phone_app: Client) -> None:
    ordinary = desk.onboard()
    for client, event in ((ordinary, "offboard"), (phone_app, "reconnect")):
        assert desk.ask("POST", f"/accounts/{client.waba}/events", {"event": event}).status_code == 409


def test_a_removed_partner_reaches_nothing_any_more(desk: Desk, told: Receiver) -> None:
    client = desk.live_client()
    desk.post(f"/{client.waba}/assigned_users", ADMIN, user=PARTNER.employee_user_id, tasks="['MANAGE']")
    row = happen(desk, client, "partner_removed")
    assert (row["shared_with"], row["installed_apps"], row["assigned"]) == ([], [], {})
    assert updates(told, "PARTNER_REMOVED") == [
        {
            "id": PARTNER_BUSINESS,
            "event": "PARTNER_REMOVED",
            "waba_info": {"waba_id": client.waba, "owner_business_id": client.business},
        }
    ]
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, 458)
    assert error_of(desk.get(f"/{client.waba}", EMPLOYEE)) == (400, 100, 33)
    listed = desk.get(f"/{PARTNER_BUSINESS}/client_whatsapp_business_accounts", ADMIN).get_json()["data"]
    assert listed == []


def test_a_phone_apps_end_says_why(desk: Desk, told: Receiver, phone_app: Client) -> None:
    happen(desk, phone_app, "partner_removed", reason="PRIMARY_INACTIVITY", initiated_by="SYSTEM")
    (value,) = updates(told, "PARTNER_REMOVED")
    assert value["disconnection_info"] == {"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"}


def test_a_phone_apps_end_has_a_reason_also_when_none_is_given(desk: Desk, told: Receiver, phone_app: Client) -> None:
    happen(desk, phone_app, "partner_removed")
    (value,) = updates(told, "PARTNER_REMOVED")
    assert value["disconnection_info"] == {"reason": "ACCOUNT_DISCONNECTED", "initiated_by": "USER"}


def test_the_older_shape_names_the_number_under_the_account(desk: Desk, told: Receiver, phone_app: Client) -> None:
    digits = desk.runtime.world.records.numbers[phone_app.phone].digits
    happen(desk, phone_app, "partner_removed", older=True)
    assert updates(told, "PARTNER_REMOVED") == [
        {"id": phone_app.waba, "event": "PARTNER_REMOVED", "phone_number": digits}
    ]


def test_a_token_for_two_accounts_loses_one_and_lives(desk: Desk) -> None:
    done = desk.signup(plan="several")
    token = desk.exchange(done["code"]).get_json()["access_token"]
    first, second = done["waba_ids"]
    desk.change(f"/accounts/{first}/events", event="partner_removed")
    assert error_of(desk.get(f"/{first}", token)) == (400, 100, 33)
    assert desk.get(f"/{second}", token).status_code == 200


@pytest.mark.parametrize("by_account", [False, True])
def test_an_uninstalled_app_is_told_and_its_token_is_dead(desk: Desk, told: Receiver, by_account: bool) -> None:
    client = desk.onboard(plan="app_only")
    happen(desk, client, "app_uninstalled", by_account=by_account)
    assert updates(told, "PARTNER_APP_UNINSTALLED") == [
        {
            "id": client.waba if by_account else PARTNER_BUSINESS,
            "event": "PARTNER_APP_UNINSTALLED",
            "waba_info": {
                "waba_id": client.waba,
                "owner_business_id": client.business,
                "partner_app_id": PARTNER.app_id,
            },
        }
    ]
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, 458)


def test_an_event_may_be_told_again_or_not_at_all(desk: Desk, told: Receiver) -> None:
    client = desk.onboard()
    happen(desk, client, "partner_added", solution_id="774000000001")
    assert until(lambda: len(updates(told, "PARTNER_ADDED")) == 2)
    infos = [value["waba_info"].get("solution_id") for value in updates(told, "PARTNER_ADDED")]
    assert sorted(infos, key=str) == ["774000000001", None]
    happen(desk, client, "partner_removed", silent=True)
    happen(desk, client, "app_installed")
    updates(told, "PARTNER_APP_INSTALLED")
    assert all(post.change["value"]["event"] != "PARTNER_REMOVED" for post in told.of("account_update"))


def test_an_existing_customer_shares_an_account_without_any_popup(desk: Desk, told: Receiver) -> None:
    wish = {
        "business": {"name": "Example Old Friend", "verified": True},
        "account": {"name": "Example Old Friend", "currency": "BRL", "funding": "own"},
        "numbers": [
            {"number": "+1 555 010 0110", "pin": "654321"},
            {"status": "PENDING", "platform_type": "CLOUD_API"},
        ],
    }
    reply = desk.ask("POST", "/share", wish)
    assert reply.status_code == 201, reply.text
    made = reply.get_json()
    assert updates(told, "PARTNER_ADDED")[0]["waba_info"] == {
        "waba_id": made["waba_id"],
        "owner_business_id": made["business_id"],
    }
    fields = "name,currency,primary_funding_id,business_verification_status"
    (account,) = desk.get(f"/{PARTNER_BUSINESS}/client_whatsapp_business_accounts", ADMIN, fields=fields).get_json()[
        "data"
    ]
    assert account.pop("primary_funding_id")
    assert account == {
        "name": "Example Old Friend",
        "currency": "BRL",
        "business_verification_status": "verified",
        "id": made["waba_id"],
    }
    rows = desk.get(f"/{made['waba_id']}/phone_numbers", ADMIN, fields="status,display_phone_number").get_json()["data"]
    assert {row["id"]: row["status"] for row in rows} == dict(
        zip(made["phone_number_ids"], ["CONNECTED", "PENDING"], strict=True)
    )
    assert "+1 555-010-0110" in [row["display_phone_number"] for row in rows]


def test_a_shared_account_may_come_in_silence_or_late_and_join_one_that_exists(desk: Desk, told: Receiver) -> None:
    first = desk.ask("POST", "/share", {"told": False}).get_json()
    again = {"business": {"id": first["business_id"]}, "account": {"id": first["waba_id"]}, "numbers": []}
    joined = desk.ask("POST", "/share", {**again, "after_s": 60, "solution_id": "774000000001"}).get_json()
    assert joined == first
    assert told.of("account_update") == []
    desk.advance(60)
    (value,) = updates(told, "PARTNER_ADDED")
    assert value["waba_info"]["solution_id"] == "774000000001"


def test_a_token_for_a_shared_account_is_fetched_unless_the_app_is_not_installed(desk: Desk) -> None:
    made = desk.ask("POST", "/share", {}).get_json()
    path = f"/{made['business_id']}/system_user_access_tokens"
    token = desk.post(path, ADMIN, fetch_only="true").get_json()["access_token"]
    assert desk.get(f"/{made['phone_number_ids'][0]}", token).status_code == 200
    by_partner = desk.ask("POST", "/share", {"app_installed": False}).get_json()
    refused = desk.post(f"/{by_partner['business_id']}/system_user_access_tokens", ADMIN, fetch_only="true")
    assert error_of(refused) == (400, 100, 33)
    assert desk.get(f"/{by_partner['waba_id']}", ADMIN).status_code == 200
