"""The signup window's doors, without a browser: opening, refusing, answering, leaving, the full-page way."""

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from werkzeug.test import TestResponse

from sandbox.world.signup import cancel, report_error
from tests.sandbox.desk import PARTNER, Desk

PAGE = "https://connect.example"
BACK = "https://connect.example/back?kept=1"


def popup_address(**given: str) -> str:
    """The address FB.login opens from PAGE, with `given` in place of its parameters."""
    answer_to = urlencode({"cb": "f1a2b3", "domain": "connect.example", "origin": f"{PAGE}/f9", "relation": "opener"})
    asked = {
        "client_id": PARTNER.app_id,
        "config_id": PARTNER.config_id,
        "response_type": "code",
        "override_default_response_type": "true",
        "redirect_uri": f"http://localhost:5001/x/connect/xd_arbiter/?version=46#{answer_to}",
    }
    return "/v25.0/dialog/oauth?" + urlencode({**asked, **given})


def attribute(page: TestResponse, name: str) -> str | None:
    """A data attribute of the page's body, unescaped."""
    found = re.search(rf'data-{name}="([^"]*)"', page.text)
    return None if found is None else html.unescape(found[1])


def open_window(desk: Desk, address: str | None = None) -> str:
    """Opens a window and returns its path."""
    reply = desk.http.get(address or popup_address())
    assert reply.status_code == 303, reply.text
    return str(reply.headers["Location"])


def answer(desk: Desk, window: str, **fields: str) -> TestResponse:
    """Answers the window's screen and returns the next one's page."""
    screen = attribute(desk.http.get(window), "screen") or ""
    return desk.http.post(window, data={"screen": screen, **fields}, follow_redirects=True)


def sam(desk: Desk) -> str:
    """The id of the person who has no portfolio yet."""
    return next(p.id for p in desk.runtime.world.records.people.values() if p.name == "Sam Example")


def walk_to_code(desk: Desk, window: str) -> TestResponse:
    answer(desk, window, person=sam(desk))
    answer(desk, window)
    return answer(desk, window, way="new", number="+1 555 010 0110", method="VOICE")


def walk_to_success(desk: Desk, window: str) -> TestResponse:
    page = walk_to_code(desk, window)
    code = re.search(r'id="hint-code">(\d{6})<', page.text)
    assert code is not None
    answer(desk, window, code=code[1])
    answer(desk, window, business="new", name="Example Shoes", country="DE")
    answer(desk, window, account="new", name="Example Shoes", display_name="Example Shoes", timezone_id="25")
    return answer(desk, window)


def test_a_popup_walks_v4_s_screens_and_waits_with_its_result_on_the_last(desk: Desk) -> None:
    window = open_window(desk)
    page = walk_to_success(desk, window)
    assert attribute(page, "screen") == "success"
    assert (attribute(page, "opener-origin"), attribute(page, "cb")) == (PAGE, "f1a2b3")
    event = json.loads(attribute(page, "end-event") or "")
    assert (event["type"], event["event"]) == ("WA_EMBEDDED_SIGNUP", "FINISH")
    account = desk.runtime.world.records.accounts[event["data"]["waba_id"]]
    assert (account.name, account.timezone_id, account.country) == ("Example Shoes", "25", "DE")
    assert attribute(page, "cancel-event") is None, "there is nothing left to cancel"


def test_the_code_s_thirty_seconds_begin_when_the_last_screen_is_left(desk: Desk) -> None:
    window = open_window(desk)
    code = attribute(walk_to_success(desk, window), "code") or ""
    desk.advance(3600)
    assert desk.http.post(f"{window}/leave?by=close").status_code == 303
    desk.advance(29)
    assert desk.exchange(code).status_code == 200


def test_a_code_is_dead_thirty_seconds_after_the_window_went(desk: Desk) -> None:
    window = open_window(desk)
    code = attribute(walk_to_success(desk, window), "code") or ""
    desk.http.post(f"{window}/leave?by=finish")
    desk.advance(31)
    assert desk.exchange(code).get_json()["error"]["error_subcode"] == 36007


def test_leaving_twice_does_not_give_the_code_a_second_life(desk: Desk) -> None:
    window = open_window(desk)
    code = attribute(walk_to_success(desk, window), "code") or ""
    desk.http.post(f"{window}/leave?by=finish")
    desk.advance(20)
    desk.http.post(f"{window}/leave?by=close")
    desk.advance(11)
    assert desk.exchange(code).get_json()["error"]["error_subcode"] == 36007


def test_each_screen_holds_the_cancel_it_would_post_and_the_world_agrees(desk: Desk) -> None:
    window = open_window(desk)
    page = walk_to_code(desk, window)
    held = json.loads(attribute(page, "cancel-event") or "")
    assert held == {
        "data": {"current_step": "PHONE_NUMBER_VERIFICATION"},
        "type": "WA_EMBEDDED_SIGNUP",
        "event": "CANCEL",
        "version": "3",
    }
    (run,) = desk.runtime.world.signups.values()
    assert cancel(desk.runtime.world, run) == held


def test_the_report_a_page_holds_is_the_one_the_world_would_write(desk: Desk) -> None:
    window = open_window(desk)
    answer(desk, window, person=sam(desk))
    answer(desk, window)
    page = answer(desk, window, way="new", number="+1 555 010 0183")
    held = json.loads(attribute(page, "report-event") or "")
    (run,) = desk.runtime.world.signups.values()
    written = report_error(desk.runtime.world, run)
    assert held["data"].pop("timestamp").isdigit()
    assert written["data"].pop("timestamp").isdigit()
    assert held == written
    assert held["data"]["error_message"] == "This phone number can't be used with WhatsApp."


def test_the_newest_report_is_an_error_with_a_code(desk: Desk) -> None:
    assert desk.ask("POST", "/dialog", {"report_as": "ERROR"}).status_code == 200
    window = open_window(desk)
    answer(desk, window, person=sam(desk))
    answer(desk, window)
    page = answer(desk, window, way="new", number="+1 555 010 0183")
    held = json.loads(attribute(page, "report-event") or "")
    assert held["event"] == "ERROR"
    assert set(held["data"]) == {"error_message", "error_code", "session_id", "timestamp"}


def test_a_wrong_code_stays_on_its_screen_and_says_so(desk: Desk) -> None:
    window = open_window(desk)
    walk_to_code(desk, window)
    page = answer(desk, window, code="not it")
    assert attribute(page, "screen") == "code"
    assert "That code is not right" in page.text
    assert "We called" in page.text, "the way the code was asked for is kept"


def test_a_person_may_go_back_to_another_number(desk: Desk) -> None:
    window = open_window(desk)
    walk_to_code(desk, window)
    assert attribute(answer(desk, window, do="change"), "screen") == "number"


def test_a_form_from_an_earlier_screen_shows_the_present_one(desk: Desk) -> None:
    window = open_window(desk)
    walk_to_code(desk, window)
    page = desk.http.post(window, data={"screen": "log_in", "person": sam(desk)}, follow_redirects=True)
    assert attribute(page, "screen") == "code"


def test_only_an_admin_gets_through(desk: Desk) -> None:
    records = desk.runtime.world.records
    robin = next(p for p in records.people.values() if p.name == "Robin Example")
    window = open_window(desk)
    answer(desk, window, person=robin.id)
    answer(desk, window)
    answer(desk, window, way="meta")
    page = answer(desk, window, business=robin.employee_of[0])
    assert attribute(page, "screen") == "portfolio"
    assert json.loads(attribute(page, "report-event") or "")["data"]["error_id"] == "3441038"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"client_id": "1"}, "Invalid App ID"),
        ({"config_id": "1"}, "config_id is not a configuration"),
        ({"response_type": "token"}, "response_type code"),
        ({"override_default_response_type": "false"}, "override_default_response_type true"),
        ({"extras": "{"}, "extras is not JSON"),
        ({"extras": "[]"}, "extras is not an object"),
        ({"redirect_uri": ""}, "redirect_uri is missing"),
        ({"redirect_uri": "https://evil.example/"}, "URL blocked"),
        ({"redirect_uri": "http://localhost:5001/x/connect/xd_arbiter/?version=46#cb=f1"}, "not named"),
    ],
)
def test_what_meta_refuses_to_open_is_refused_before_anything_else(
    desk: Desk, given: dict[str, str], words: str
) -> None:
    page = desk.http.get(popup_address(**given))
    assert page.status_code == 200
    assert words in page.text
    assert desk.runtime.world.signups == {}


def test_a_page_that_is_not_listed_is_an_unknown_host(desk: Desk) -> None:
    desk.runtime.world.records.apps[PARTNER.app_id].domains = ("https://other.example",)
    assert "JSSDK Unknown Host domain" in desk.http.get(popup_address()).text


def redirect_address(**given: str) -> str:
    return popup_address(redirect_uri=BACK, state="s-1", **given)


@pytest.fixture
def redirecting(desk: Desk) -> Desk:
    desk.runtime.world.records.apps[PARTNER.app_id].redirect_uris = (BACK,)
    return desk


def parts_of(reply: TestResponse) -> tuple[str, dict[str, Any]]:
    assert reply.status_code == 303
    address = urlsplit(reply.headers["Location"])
    return f"{address.scheme}://{address.netloc}{address.path}", parse_qs(address.query)


def test_the_full_page_way_comes_back_with_code_and_state(redirecting: Desk) -> None:
    window = open_window(redirecting, redirect_address())
    page = walk_to_success(redirecting, window)
    assert attribute(page, "code") is None, "a redirect has no page to post to"
    where, query = parts_of(redirecting.http.post(window, data={"screen": "success", "do": "finish"}))
    assert where == "https://connect.example/back"
    assert (query["state"], query["kept"]) == (["s-1"], ["1"])
    refused = redirecting.exchange(query["code"][0])
    assert refused.get_json()["error"]["error_subcode"] == 36008, "the exchange must repeat the redirect_uri"
    assert redirecting.exchange(query["code"][0], redirect_uri=BACK).status_code == 200


def test_the_full_page_way_says_no_in_meta_s_words(redirecting: Desk) -> None:
    window = open_window(redirecting, redirect_address())
    where, query = parts_of(redirecting.http.post(f"{window}/leave", data={"by": "cancel"}))
    assert where == "https://connect.example/back"
    assert (query["error"], query["error_reason"]) == (["access_denied"], ["user_denied"])
    assert query["state"] == ["s-1"]


def test_a_hand_built_address_loses_its_extras(redirecting: Desk) -> None:
    extras = json.dumps({"setup": {"business": {"name": "Example Shoes"}}})
    open_window(redirecting, redirect_address(extras=extras))
    (run,) = redirecting.runtime.world.signups.values()
    assert run.extras == {}


def test_the_hosted_page_tells_nobody_but_the_webhook(desk: Desk) -> None:
    query = urlencode({"app_id": PARTNER.app_id, "config_id": PARTNER.config_id, "extras": '{"version":"v4"}'})
    window = open_window(desk, f"/messaging/whatsapp/onboard/?{query}")
    page = walk_to_success(desk, window)
    assert attribute(page, "code") is None
    assert attribute(page, "opener-origin") is None
    told = [delivery.notice.value.get("event") for delivery in desk.runtime.courier.list_recent()]
    assert "PARTNER_ADDED" in told
    ended = desk.http.post(window, data={"screen": "success", "do": "finish"}, follow_redirects=True)
    assert attribute(ended, "screen") == "ended"


def test_pages_allow_nothing_inline_and_nothing_from_outside(desk: Desk) -> None:
    page = desk.http.get(open_window(desk))
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Cross-Origin-Opener-Policy"] == "unsafe-none", "the window must keep its opener"
    assert re.findall(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=", page.text) == []
    assert re.findall(r'(?:src|href)="https?:', page.text) == []


def test_a_world_that_was_reset_knows_no_window(desk: Desk) -> None:
    window = open_window(desk)
    assert desk.ask("POST", "/dialog", {"order": "code_first"}).get_json()["order"] == "code_first"
    desk.ask("POST", "/reset")
    assert desk.http.get(window).status_code == 404
    assert desk.ask("GET", "/dialog").get_json() == {"order": "message_first", "report_as": "CANCEL", "forge": False}


@pytest.mark.parametrize("body", [{"order": "sideways"}, {"report_as": "X"}, {"forge": "perhaps"}, {"colour": "red"}])
def test_a_trick_that_does_not_exist_changes_nothing(desk: Desk, body: dict[str, str]) -> None:
    assert desk.ask("POST", "/dialog", body).status_code == 400
    assert desk.ask("GET", "/dialog").get_json()["order"] == "message_first"


def test_the_code_to_scan_is_a_picture_of_our_own(desk: Desk) -> None:
    window = open_window(desk)
    reply = desk.http.get(f"{window}/scan.svg")
    assert (reply.status_code, reply.mimetype) == (200, "image/svg+xml")
