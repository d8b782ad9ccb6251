"""The window's other doors and choices: hosted with an address, a full page, prepared numbers, several accounts."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.sandbox.desk import ADMIN, APP_TOKEN, PARTNER, Desk
from tests.sandbox.test_dialog import answer, attribute, open_window, popup_address, sam, walk_to_success

BACK = "https://connect.example/back?kept=1"


def hosted_address(**given: str) -> str:
    query = {"app_id": PARTNER.app_id, "config_id": PARTNER.config_id, "extras": '{"version":"v4"}', **given}
    return f"/messaging/whatsapp/onboard/?{urlencode(query)}"


def person(desk: Desk, name: str) -> str:
    return next(p.id for p in desk.runtime.world.records.people.values() if p.name == name)


def walk_to_number(desk: Desk, window: str, name: str = "Sam Example") -> None:
    answer(desk, window, person=person(desk, name))
    answer(desk, window)


@pytest.fixture
def redirecting(desk: Desk) -> Desk:
    desk.runtime.world.records.apps[PARTNER.app_id].redirect_uris = (BACK,)
    return desk


def test_the_hosted_page_makes_no_code_and_its_token_is_fetched(desk: Desk) -> None:
    window = open_window(desk, hosted_address())
    walk_to_success(desk, window)
    assert desk.runtime.world.records.codes == {}
    desk.http.post(window, data={"screen": "success", "do": "finish"})
    (account,) = (a for a in desk.runtime.world.records.accounts.values() if a.name == "Example Shoes")
    fetched = desk.post(f"/{account.owner_business_id}/system_user_access_tokens", ADMIN, fetch_only="true")
    assert desk.get(f"/{account.id}", fetched.get_json()["access_token"]).status_code == 200


def test_the_hosted_page_goes_back_to_a_listed_address_with_its_state_alone(redirecting: Desk) -> None:
    window = open_window(redirecting, hosted_address(redirect_uri=BACK, state="s-1"))
    walk_to_success(redirecting, window)
    reply = redirecting.http.post(window, data={"screen": "success", "do": "finish"})
    assert (reply.status_code, reply.headers["Location"]) == (303, f"{BACK}&state=s-1")
    refused = redirecting.http.get(hosted_address(redirect_uri="https://evil.example/"))
    assert "URL blocked" in refused.text


def test_a_hosted_page_that_is_left_says_so_to_its_address(redirecting: Desk) -> None:
    window = open_window(redirecting, hosted_address(redirect_uri=BACK, state="s-1"))
    reply = redirecting.http.post(f"{window}/leave", data={"by": "cancel"})
    query = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert (query["error"], query["state"]) == (["access_denied"], ["s-1"])


def test_a_full_page_that_is_left_says_so_in_all_of_meta_s_words(redirecting: Desk) -> None:
    window = open_window(redirecting, popup_address(redirect_uri=BACK, state="s-1"))
    reply = redirecting.http.post(f"{window}/leave", data={"by": "cancel"})
    assert parse_qs(urlsplit(reply.headers["Location"]).query) == {
        "kept": ["1"],
        "error": ["access_denied"],
        "error_code": ["200"],
        "error_description": ["Permissions error"],
        "error_reason": ["user_denied"],
        "state": ["s-1"],
    }


def test_a_full_page_refuses_a_phone_app_number_whatever_its_address_asks_for(redirecting: Desk) -> None:
    extras = json.dumps({"featureType": "whatsapp_business_app_onboarding"})
    window = open_window(redirecting, popup_address(redirect_uri=BACK, extras=extras))
    walk_to_number(redirecting, window)
    page = answer(redirecting, window, way="new", number="+1 555 010 0170")
    assert attribute(page, "screen") == "number"
    assert "in use with the WhatsApp Business app" in page.text


def test_the_hosted_page_takes_a_phone_app_number(desk: Desk) -> None:
    window = open_window(desk, hosted_address())
    walk_to_number(desk, window)
    assert attribute(answer(desk, window, way="new", number="+1 555 010 0170"), "screen") == "portfolio"


def test_a_prepared_number_is_offered_only_where_the_app_named_one(desk: Desk) -> None:
    plain = open_window(desk)
    walk_to_number(desk, plain)
    assert "prepared for you" not in desk.http.get(plain).text
    assert "no number prepared" in answer(desk, plain, way="preverified").text
    setup = {"setup": {"preVerifiedPhone": {"ids": ["106540352242922", "106540352242923"]}}}
    window = open_window(desk, popup_address(extras=json.dumps(setup)))
    walk_to_number(desk, window)
    assert "prepared for you" in desk.http.get(window).text
    assert attribute(answer(desk, window, way="preverified"), "screen") == "portfolio"
    answer(desk, window, business="new", name="Example Shoes")
    answer(desk, window, account="new", name="Example Shoes")
    event = json.loads(attribute(answer(desk, window), "end-event") or "")
    assert event["data"]["phone_number_id"] == "106540352242922"
    assert desk.runtime.world.records.numbers["106540352242922"].is_preverified is True


def test_several_accounts_are_shared_with_one_tick_each(desk: Desk) -> None:
    world = desk.runtime.world
    alex = world.records.people[person(desk, "Alex Example")]
    (own,) = (a for a in world.records.accounts.values() if a.owner_business_id == alex.admin_of[0])
    window = open_window(desk)
    walk_to_number(desk, window, "Alex Example")
    answer(desk, window, way="new", number="+1 555 010 0185")
    answer(desk, window, business=alex.admin_of[0])
    form: dict[str, Any] = {"screen": "account", "account": "new", "name": "Example Cakes", "also": [own.id]}
    page = desk.http.post(window, data=form, follow_redirects=True)
    assert attribute(page, "screen") == "review"
    assert "Example Cakes, Example Bakery" in page.text
    assert "and 1 more" in page.text
    page = answer(desk, window)
    event, code = json.loads(attribute(page, "end-event") or ""), attribute(page, "code") or ""
    assert event["data"]["waba_ids"] == [event["data"]["waba_id"], own.id]
    token = desk.exchange(code).get_json()["access_token"]
    shown = desk.get("/debug_token", APP_TOKEN, input_token=token).get_json()["data"]
    targets = {row["scope"]: set(row["target_ids"]) for row in shown["granular_scopes"]}
    assert targets["whatsapp_business_management"] == set(event["data"]["waba_ids"])


def test_an_account_of_somebody_else_is_not_shared_by_a_made_up_tick(desk: Desk) -> None:
    stranger = desk.onboard()
    window = open_window(desk)
    walk_to_number(desk, window)
    answer(desk, window, way="meta")
    answer(desk, window, business="new", name="Example Shoes")
    page = answer(desk, window, account="new", name="Example Shoes", also=stranger.waba)
    assert attribute(page, "screen") == "account"
    assert "does not exist in the portfolio" in page.text


def test_a_full_week_is_said_on_the_portfolio_screen_and_can_be_reported(desk: Desk) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", weekly_limit=1)
    desk.onboard()
    window = open_window(desk)
    walk_to_number(desk, window)
    answer(desk, window, way="meta")
    page = answer(desk, window, business="new", name="Example Shoes")
    assert attribute(page, "screen") == "portfolio"
    report = json.loads(attribute(page, "report-event") or "")
    assert "reached its limit" in report["data"]["error_message"]


def test_an_app_in_development_lets_in_who_has_a_role(desk: Desk) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", live=False)
    window = open_window(desk)
    assert "App not active" in answer(desk, window, person=sam(desk)).text
    page = answer(desk, window, person=person(desk, "Alex Example"))
    assert attribute(page, "screen") == "permissions"


def test_a_third_number_from_meta_is_refused(desk: Desk) -> None:
    client = desk.onboard(plan="virtual")
    desk.onboard(plan="virtual", business={"id": client.business}, account_id=client.waba)
    reply = desk.ask("POST", "/signups", {"plan": "virtual", "business": {"id": client.business}})
    assert reply.status_code == 409
    assert "as many numbers from Meta" in reply.get_json()["detail"]


def test_a_number_that_the_picked_account_has_already_is_refused_there(desk: Desk) -> None:
    old = desk.live_client(number="+15550100110")
    desk.change(f"/numbers/{old.phone}", two_step=False)
    world = desk.runtime.world
    alex = world.records.people[person(desk, "Alex Example")]
    window = open_window(desk)
    walk_to_number(desk, window, "Alex Example")
    answer(desk, window, way="new", number="+15550100110")
    run = next(iter(world.signups.values()))
    assert run.moves_from == old.phone
    answer(desk, window, code=run.hint_code)
    alex.admin_of.append(old.business)
    answer(desk, window, business=old.business)
    page = answer(desk, window, account=old.waba)
    assert attribute(page, "screen") == "account"
    assert json.loads(attribute(page, "report-event") or "")["data"]["error_id"] == "2388012"
