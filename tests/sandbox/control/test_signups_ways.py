"""Scripted signups by every way, of every plan, with more than one of everything."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.desk import ADMIN, APP_TOKEN, PARTNER, PARTNER_BUSINESS, Desk, error_of
from tests.sandbox.receiver import Receiver
from tests.waiting import until

BACK = "https://connect.example/back?kept=1"


def added(told: Receiver) -> list[dict[str, Any]]:
    """`waba_info` of every PARTNER_ADDED so far."""
    values = [post.change["value"] for post in told.of("account_update")]
    return [value["waba_info"] for value in values if value["event"] == "PARTNER_ADDED"]


def test_the_hosted_page_leaves_a_webhook_and_a_token_to_be_fetched(desk: Desk, told: Receiver) -> None:
    done = desk.signup(way="hosted", token_ttl="60d", scopes=["whatsapp_business_management"])
    assert (done["code"], done["event"], done["location"]) == (None, None, None)
    assert until(lambda: added(told))
    assert added(told) == [{"waba_id": done["waba_id"], "owner_business_id": done["business_id"]}]
    fetched = desk.post(f"/{done['business_id']}/system_user_access_tokens", ADMIN, fetch_only="true")
    token = fetched.get_json()["access_token"]
    shown = desk.get("/debug_token", APP_TOKEN, input_token=token).get_json()["data"]
    assert shown["scopes"] == ["whatsapp_business_management"]
    assert 5183900 < shown["expires_at"] - shown["issued_at"] <= 5184000
    (number,) = desk.get(f"/{done['waba_id']}/phone_numbers", token).get_json()["data"]
    assert number["id"] == done["phone_number_id"]


def test_the_hosted_page_may_go_back_without_a_code(desk: Desk) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", redirect_uris=[BACK])
    done = desk.signup(way="hosted", redirect_uri=BACK, state="s-1")
    assert done["location"] == "https://connect.example/back?kept=1&state=s-1"


def test_a_full_page_goes_back_with_a_code_for_that_address_alone(desk: Desk) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", redirect_uris=[BACK])
    done = desk.signup(way="redirect", redirect_uri=BACK, state="s-1")
    query = parse_qs(urlsplit(done["location"]).query)
    assert (done["event"], query) == (None, {"kept": ["1"], "code": [done["code"]], "state": ["s-1"]})
    assert error_of(desk.exchange(done["code"])) == (400, 100, 36008)
    assert error_of(desk.exchange(done["code"], redirect_uri="https://connect.example/back")) == (400, 100, 36008)
    assert desk.exchange(done["code"], redirect_uri=BACK).status_code == 200


def test_a_popups_code_is_for_no_address(desk: Desk) -> None:
    done = desk.signup()
    assert error_of(desk.exchange(done["code"], redirect_uri=BACK)) == (400, 100, 36008)
    assert desk.exchange(done["code"], redirect_uri="").status_code == 200, "an empty one is none"


def test_a_full_page_takes_no_phone_app_number(desk: Desk) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", redirect_uris=[BACK])
    wish = {"way": "redirect", "redirect_uri": BACK, "plan": "coexistence"}
    refused = desk.ask("POST", "/signups", {**wish, "extras": {"featureType": "whatsapp_business_app_onboarding"}})
    assert refused.status_code == 409
    assert "in use with the WhatsApp Business app" in refused.get_json()["detail"]


@pytest.mark.parametrize(
    ("plan", "event", "facts"),
    [
        ("registered", "FINISH", {"status": "CONNECTED", "platform_type": "CLOUD_API"}),
        ("virtual", "FINISH", {"status": "PENDING", "name_status": "PENDING_REVIEW"}),
        ("from_provider", "FINISH", {"status": "PENDING", "code_verification_status": "VERIFIED"}),
        ("preverified", "FINISH", {"is_preverified_number": True, "code_verification_status": "VERIFIED"}),
        ("solution", "FINISH", {"status": "PENDING", "is_preverified_number": False}),
    ],
)
def test_each_plan_leaves_its_number(desk: Desk, plan: str, event: str, facts: dict[str, Any]) -> None:
    done = desk.signup(plan=plan)
    token = desk.exchange(done["code"]).get_json()["access_token"]
    shown = desk.get(f"/{done['phone_number_id']}", token, fields=",".join(facts)).get_json()
    assert (done["event"]["event"], shown) == (event, {**facts, "id": done["phone_number_id"]})


def test_a_prepared_number_keeps_the_id_it_had(desk: Desk) -> None:
    done = desk.signup(plan="preverified", preverified_id="106540352242922")
    assert done["phone_number_id"] == done["event"]["data"]["phone_number_id"] == "106540352242922"


def test_a_solution_is_named_with_both_partners(desk: Desk, told: Receiver) -> None:
    done = desk.signup(plan="solution", solution_id="774000000001")
    assert until(lambda: added(told))
    (info,) = added(told)
    assert (info["waba_id"], info["solution_id"]) == (done["waba_id"], "774000000001")
    assert info["solution_partner_business_ids"][0] == PARTNER_BUSINESS
    assert len(info["solution_partner_business_ids"]) == 2


def test_an_app_only_install_is_told_as_one(desk: Desk, told: Receiver) -> None:
    done = desk.signup(plan="app_only")
    assert until(lambda: told.of("account_update"))
    value = told.of("account_update")[0].change["value"]
    assert value["event"] == "PARTNER_APP_INSTALLED"
    assert value["waba_info"]["partner_app_id"] == PARTNER.app_id
    assert value["waba_info"]["waba_id"] == done["waba_id"]


def test_partner_added_may_come_late_or_never(desk: Desk, told: Receiver) -> None:
    desk.signup(told=False)
    late = desk.signup(told_after_s=60)
    assert added(told) == []
    desk.advance(60)
    assert until(lambda: added(told))
    assert [info["waba_id"] for info in added(told)] == [late["waba_id"]]


def test_several_accounts_hold_the_numbers_that_were_wished(desk: Desk) -> None:
    done = desk.signup(accounts=[["+15550100110", "+15550100170"], 1, 0])
    assert len(done["waba_ids"]) == 3
    assert done["event"]["data"]["waba_ids"] == done["waba_ids"]
    token = desk.exchange(done["code"]).get_json()["access_token"]
    fields = "display_phone_number,is_on_biz_app,code_verification_status"
    first, second, third = (
        desk.get(f"/{waba}/phone_numbers", token, fields=fields).get_json()["data"] for waba in done["waba_ids"]
    )
    assert [row["id"] for row in [*first, *second]] == done["phone_number_ids"]
    assert [(row["display_phone_number"], row["is_on_biz_app"]) for row in first] == [
        ("+1 555-010-0110", False),
        ("+1 555-010-0170", True),
    ]
    assert (second[0]["code_verification_status"], third) == ("VERIFIED", [])
    assert done["phone_number_id"] == first[0]["id"]


def test_a_portfolio_shares_accounts_it_has_already_beside_a_new_one(desk: Desk, told: Receiver) -> None:
    client = desk.onboard()
    desk.change(f"/accounts/{client.waba}/events", event="partner_removed", silent=True)
    done = desk.signup(business={"id": client.business}, also=[client.waba])
    assert done["waba_ids"][1:] == [client.waba]
    token = desk.exchange(done["code"]).get_json()["access_token"]
    shown = desk.get("/debug_token", APP_TOKEN, input_token=token).get_json()["data"]
    targets = {row["scope"]: row["target_ids"] for row in shown["granular_scopes"]}
    assert targets["whatsapp_business_management"] == [client.waba, done["waba_id"]]
    assert desk.get(f"/{client.phone}", token).status_code == 200


def test_a_strangers_account_cannot_be_shared_along(desk: Desk) -> None:
    client, stranger = desk.onboard(), desk.onboard()
    wish = {"business": {"id": client.business}, "also": [stranger.waba]}
    assert desk.ask("POST", "/signups", wish).status_code == 409


def test_an_app_in_development_is_for_people_with_a_role(desk: Desk) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", live=False)
    refused = desk.ask("POST", "/signups", {})
    assert refused.status_code == 409
    assert "App not active" in refused.get_json()["detail"]
    assert desk.signup(has_role=True)["code"]
