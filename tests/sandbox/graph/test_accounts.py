"""Accounts: their fields, their numbers, and a portfolio's lists of them."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.desk import ADMIN, EMPLOYEE, PARTNER_BUSINESS, Desk, error_of


def test_default_fields_leave_out_what_is_not_set(desk: Desk) -> None:
    client = desk.onboard(business={"name": "Example Bakery", "timezone_id": "25"})
    shown = desk.get(f"/{client.waba}", client.token).get_json()
    assert set(shown) == {"id", "name", "timezone_id", "message_template_namespace"}
    assert (shown["id"], shown["name"], shown["timezone_id"]) == (client.waba, "Example Bakery", "25")


def test_fields_are_picked_with_their_inner_ones(desk: Desk) -> None:
    client = desk.onboard(business={"name": "Example Bakery"})
    shown = desk.get(
        f"/{client.waba}", client.token, fields="owner_business_info{name}, phone_numbers.limit(5){status}"
    )
    assert shown.get_json() == {
        "owner_business_info": {"name": "Example Bakery", "id": client.business},
        "phone_numbers": {"data": [{"status": "PENDING", "id": client.phone}]},
        "id": client.waba,
    }


def test_an_unknown_field_is_refused(desk: Desk) -> None:
    client = desk.onboard()
    for path in (client.waba, client.phone, f"{client.waba}/phone_numbers"):
        assert error_of(desk.get(f"/{path}", client.token, fields="id,colour")) == (400, 100, None)


@pytest.mark.parametrize("fields", ["owner_business_info{name", "name}", "{name}", "na me!"])
def test_broken_field_lists_are_refused(desk: Desk, fields: str) -> None:
    client = desk.onboard()
    assert error_of(desk.get(f"/{client.waba}", client.token, fields=fields)) == (400, 100, None)


def test_primary_funding_is_missing_until_somebody_pays(desk: Desk) -> None:
    client = desk.onboard()
    assert desk.get(f"/{client.waba}", client.token, fields="primary_funding_id").get_json() == {"id": client.waba}


def test_both_tokens_read_an_account(desk: Desk) -> None:
    client = desk.onboard()
    for token in (client.token, ADMIN):
        shown = desk.get(f"/{client.waba}", token, fields="ownership_type,account_review_status,status").get_json()
        assert shown["account_review_status"] == "APPROVED"
        assert shown["status"] == "ACTIVE"
        assert shown["ownership_type"] == ("SELF" if token == client.token else "CLIENT_OWNED")


def test_an_account_without_numbers_lists_none(desk: Desk) -> None:
    client = desk.onboard(plan="account_only")
    assert client.phone is None
    assert desk.get(f"/{client.waba}/phone_numbers", client.token).get_json() == {"data": []}


def test_numbers_come_last_onboarded_first_and_page_by_cursor(desk: Desk) -> None:
    client = desk.onboard(plan="several")
    path = f"/{client.waba}/phone_numbers"
    first = desk.get(path, client.token, limit=1, fields="id").get_json()
    assert [row["id"] for row in first["data"]] == [client.phone]
    follow = urlsplit(first["paging"]["next"])
    query = {key: values[0] for key, values in parse_qs(follow.query).items()}
    assert "access_token" not in query
    assert "appsecret_proof" not in query
    assert query["after"] == first["paging"]["cursors"]["after"]
    second = desk.get(path, client.token, **query).get_json()
    assert len(second["data"]) == 1
    assert second["data"][0]["id"] != client.phone
    assert "next" not in second["paging"]
    back = desk.get(path, client.token, limit=1, before=second["paging"]["cursors"]["before"]).get_json()
    assert [row["id"] for row in back["data"]] == [client.phone]


def test_numbers_sort_and_filter(desk: Desk) -> None:
    client = desk.onboard(plan="several")
    path = f"/{client.waba}/phone_numbers"
    newest = desk.get(path, client.token, sort="last_onboarded_time_descending").get_json()["data"]
    oldest = desk.get(path, client.token, sort="last_onboarded_time_ascending").get_json()["data"]
    assert newest[0]["id"] == client.phone == oldest[-1]["id"]
    live = json.dumps([{"field": "account_mode", "operator": "EQUAL", "value": "LIVE"}])
    sandbox = json.dumps([{"field": "account_mode", "operator": "EQUAL", "value": "SANDBOX"}])
    assert len(desk.get(path, client.token, filtering=live).get_json()["data"]) == 2
    assert desk.get(path, client.token, filtering=sandbox).get_json()["data"] == []


@pytest.mark.parametrize(
    "params",
    [{"limit": "0"}, {"limit": "many"}, {"after": "nowhere"}, {"sort": "by_colour"}, {"filtering": "yes"}],
)
def test_lists_refuse_what_they_cannot_read(desk: Desk, params: dict[str, str]) -> None:
    client = desk.onboard()
    assert error_of(desk.get(f"/{client.waba}/phone_numbers", client.token, **params)) == (400, 100, None)


def test_a_number_may_be_added_by_api(desk: Desk) -> None:
    client = desk.onboard(plan="account_only")
    wanted = {"cc": "1", "phone_number": "5550100155", "verified_name": "Example Bakery"}
    added = desk.post(f"/{client.waba}/phone_numbers", client.token, **wanted)
    shown = desk.get(f"/{added.get_json()['id']}", client.token, fields="status,code_verification_status,verified_name")
    assert shown.get_json()["status"] == "PENDING"
    assert shown.get_json()["code_verification_status"] == "NOT_VERIFIED"
    assert shown.get_json()["verified_name"] == "Example Bakery"
    assert error_of(desk.post(f"/{client.waba}/phone_numbers", client.token, **wanted)) == (400, 100, 2388012)
    del wanted["cc"]
    assert error_of(desk.post(f"/{client.waba}/phone_numbers", client.token, **wanted)) == (400, 100, None)


def test_the_partner_lists_what_clients_shared(desk: Desk) -> None:
    first = desk.onboard()
    desk.advance(5)
    second = desk.onboard()
    desk.onboard(plan="app_only")
    path = f"/{PARTNER_BUSINESS}/client_whatsapp_business_accounts"
    listed = desk.get(path, ADMIN, fields="id,name").get_json()["data"]
    assert [row["id"] for row in listed] == [second.waba, first.waba]
    rising = desk.get(path, ADMIN, sort="creation_time_ascending").get_json()["data"]
    assert [row["id"] for row in rising] == [first.waba, second.waba]
    assert desk.get(path, EMPLOYEE).get_json() == {"data": []}
    owned = desk.get(f"/{PARTNER_BUSINESS}/owned_whatsapp_business_accounts", ADMIN)
    assert owned.get_json() == {"data": []}


def test_the_partners_list_may_start_at_a_time(desk: Desk) -> None:
    desk.onboard()
    desk.advance(100)
    moment = desk.ask("GET", "/world").get_json()["now"] - 50
    later = desk.onboard()
    newer = json.dumps([{"field": "creation_time", "operator": "GREATER_THAN", "value": str(int(moment))}])
    path = f"/{PARTNER_BUSINESS}/client_whatsapp_business_accounts"
    assert [row["id"] for row in desk.get(path, ADMIN, filtering=newer).get_json()["data"]] == [later.waba]


def test_the_partners_list_may_be_of_accounts_shared_with_some_partners(desk: Desk) -> None:
    client = desk.onboard()
    path = f"/{PARTNER_BUSINESS}/client_whatsapp_business_accounts"
    for partner, expected in ((PARTNER_BUSINESS, [client.waba]), ("295120036900001", [])):
        by = json.dumps([{"field": "partners", "operator": "ALL", "value": [partner]}])
        assert [row["id"] for row in desk.get(path, ADMIN, filtering=by).get_json()["data"]] == expected
    unknown = json.dumps([{"field": "partners", "operator": "ANY", "value": [PARTNER_BUSINESS]}])
    assert error_of(desk.get(path, ADMIN, filtering=unknown)) == (400, 100, None)


def test_a_signup_of_several_accounts_reaches_all_of_them(desk: Desk) -> None:
    done = desk.signup(plan="several")
    token = desk.exchange(done["code"]).get_json()["access_token"]
    assert len(done["event"]["data"]["waba_ids"]) == 2
    for account_id in done["event"]["data"]["waba_ids"]:
        assert desk.get(f"/{account_id}", token).get_json()["id"] == account_id
