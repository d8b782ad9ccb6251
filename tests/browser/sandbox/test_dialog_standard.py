"""The signup window for a new number, by keyboard alone, and the ways its result reaches the page."""

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.sandbox.conftest import (
    Stage,
    answers,
    end_events,
    open_window,
    press,
    see,
    wait_for_answer,
    wait_for_event,
    walk_to,
)
from tests.browser.windows import closing
from tests.waiting import until

pytestmark = pytest.mark.browser


def test_a_person_without_a_mouse_connects_a_new_number(opener: Page, stage: Stage) -> None:
    window = open_window(opener)
    expect(window.get_by_role("heading", level=1)).to_be_focused()
    # Sam is the second of the people; Enter in a form is its Continue.
    press(window, "Tab", "ArrowDown", "Enter")
    see(window, "permissions")
    press(window, "Tab", "Enter")
    see(window, "number")
    press(window, "Tab", "Tab")
    window.keyboard.type("+1 555 010 0110")
    press(window, "Enter")
    see(window, "code")
    code = window.locator("#hint-code").inner_text()
    press(window, "Tab")
    window.keyboard.type(code)
    press(window, "Enter")
    see(window, "portfolio")
    press(window, "Tab", "Tab")
    window.keyboard.type("Example Shoes")
    press(window, "Enter")
    see(window, "account")
    press(window, "Tab", "Enter")
    see(window, "review")
    press(window, "Tab", "Enter")
    see(window, "success")
    press(window, "Tab")
    assert window.evaluate("document.activeElement.textContent") == "Finish"
    with closing(window):
        press(window, "Enter")

    answer, event = wait_for_answer(opener), wait_for_event(opener)
    assert answer["status"] == "connected"
    assert answer["authResponse"]["code"].startswith("AQB")
    assert event["event"] == "FINISH"
    assert event["version"] == "3"
    assert set(event["data"]) == {"phone_number_id", "waba_id", "business_id"}
    assert event["origin"] == stage.meta
    number = stage.runtime.world.records.numbers[event["data"]["phone_number_id"]]
    assert (number.digits, number.code_status, number.status) == ("15550100110", "VERIFIED", "PENDING")


def test_the_code_the_page_gets_can_be_exchanged_once(opener: Page, stage: Stage) -> None:
    window = open_window(opener)
    walk_to(window, "success")
    with closing(window):
        window.get_by_role("button", name="Finish", exact=True).click()
    code = wait_for_answer(opener)["authResponse"]["code"]
    asked = {"client_id": stage.runtime.partner.app_id, "client_secret": stage.runtime.partner.app_secret, "code": code}
    first = requests.get(f"{stage.meta}/v25.0/oauth/access_token", params=asked, timeout=10)
    again = requests.get(f"{stage.meta}/v25.0/oauth/access_token", params=asked, timeout=10)
    assert first.json()["access_token"].startswith("EAA")
    assert again.json()["error"]["error_subcode"] == 36009


@pytest.mark.parametrize("order", ["message_first", "code_first", "message_lost"])
def test_the_result_arrives_in_the_order_that_was_asked_for(opener: Page, stage: Stage, order: str) -> None:
    requests.post(f"{stage.meta}/_sandbox/dialog", json={"order": order}, timeout=10).raise_for_status()
    window = open_window(opener)
    walk_to(window, "success")
    with closing(window):
        window.get_by_role("button", name="Finish", exact=True).click()
    answer = wait_for_answer(opener)
    assert answer["authResponse"]["code"]
    events = end_events(opener)
    if order == "message_lost":
        assert events == []
    else:
        assert [event["event"] for event in events] == ["FINISH"]
        assert (events[0]["at"] < answer["at"]) == (order == "message_first")


def test_a_window_s_own_switch_turns_the_order_for_that_window_alone(opener: Page, stage: Stage) -> None:
    window = open_window(opener)
    window.get_by_text("Rehearsal", exact=True).click()
    window.get_by_label("How the result arrives").select_option("message_lost")
    window.get_by_role("button", name="Keep for this window").click()
    expect(window.get_by_label("How the result arrives")).to_be_hidden()
    see(window, "log_in")
    walk_to(window, "success")
    with closing(window):
        window.get_by_role("button", name="Finish", exact=True).click()
    wait_for_answer(opener)
    assert end_events(opener) == []
    again = open_window(opener)
    again.get_by_text("Rehearsal", exact=True).click()
    assert again.get_by_label("How the result arrives").input_value() == "message_first"


def test_closing_the_last_screen_by_hand_is_finished(opener: Page, stage: Stage) -> None:
    window = open_window(opener)
    walk_to(window, "success")
    window.close()
    assert wait_for_event(opener)["event"] == "FINISH"
    answer = wait_for_answer(opener)
    assert answer["status"] == "connected"
    code = stage.runtime.world.records.codes[answer["authResponse"]["code"]]
    # The thirty seconds begin when the window goes, however long the last screen was looked at.
    assert until(lambda: code.expires_at <= stage.runtime.world.now() + 30)


def test_closing_an_earlier_screen_by_hand_is_a_cancel_that_names_the_screen(opener: Page, stage: Stage) -> None:
    window = open_window(opener)
    walk_to(window, "code")
    window.close()
    event = wait_for_event(opener)
    assert (event["event"], event["data"]) == ("CANCEL", {"current_step": "PHONE_NUMBER_VERIFICATION"})
    answer = wait_for_answer(opener)
    assert (answer["authResponse"], answer["status"]) == (None, "unknown")
    assert until(lambda: not stage.runtime.world.signups), "the world still waits for a window that is gone"


@pytest.mark.parametrize(
    ("screen", "step"),
    [
        ("number", "PHONE_NUMBER_SETUP"),
        ("review", "PERMISSIONS"),
    ],
)
def test_cancel_tells_the_page_on_which_screen(opener: Page, screen: str, step: str) -> None:
    window = open_window(opener)
    walk_to(window, screen)
    with closing(window):
        window.get_by_role("button", name="Cancel", exact=True).click()
    event, answer = wait_for_event(opener), wait_for_answer(opener)
    assert (event["event"], event["data"]["current_step"]) == ("CANCEL", step)
    assert answer["authResponse"] is None


def test_moving_on_and_reloading_are_no_cancel(opener: Page) -> None:
    window = open_window(opener)
    walk_to(window, "code")
    # Headless, the key itself reloads nothing: the window hears it, then the reload comes.
    press(window, "F5")
    window.reload()
    see(window, "code")
    assert end_events(opener) == []
    assert answers(opener) == []


def test_noise_travels_on_the_same_channel(opener: Page) -> None:
    open_window(opener)
    assert until(lambda: len(opener.evaluate("messages")) >= 4)
    data = [message["data"] for message in opener.evaluate("messages")]
    assert any(isinstance(item, str) and item.startswith("cb=") and "&domain=localhost" in item for item in data)
    assert any(isinstance(item, str) and not item.startswith(("cb=", "{")) for item in data)
    assert any(isinstance(item, dict) for item in data)
    assert answers(opener) == []


def test_a_forged_result_comes_from_another_origin_about_assets_that_do_not_exist(opener: Page, stage: Stage) -> None:
    requests.post(f"{stage.meta}/_sandbox/dialog", json={"forge": True}, timeout=10).raise_for_status()
    window = open_window(opener)
    walk_to(window, "success")
    forged = wait_for_event(opener)
    assert forged["origin"] == stage.meta.replace("localhost", "127.0.0.1")
    assert forged["event"] == "FINISH"
    assert forged["data"]["waba_id"] not in stage.runtime.world.records.accounts
    with closing(window):
        window.get_by_role("button", name="Finish", exact=True).click()
    wait_for_answer(opener)
    assert until(lambda: len(end_events(opener)) == 2)
    assert end_events(opener)[1]["origin"] == stage.meta


def test_a_refused_number_can_be_reported(opener: Page) -> None:
    window = open_window(opener)
    walk_to(window, "number")
    window.get_by_label("Phone number").fill("+1 555 010 0180")
    window.get_by_role("button", name="Continue", exact=True).click()
    expect(window.get_by_role("heading", name="This number is registered with WhatsApp Messenger")).to_be_focused()
    with closing(window):
        window.get_by_role("button", name="Report").click()
    event = wait_for_event(opener)
    assert event["event"] == "CANCEL"
    assert set(event["data"]) == {"error_message", "error_id", "session_id", "timestamp"}
    assert event["data"]["error_id"] == "2388010"
    assert wait_for_answer(opener)["authResponse"] is None


def test_a_page_the_app_does_not_list_is_an_unknown_host(opener: Page, stage: Stage) -> None:
    stage.runtime.world.records.apps[stage.runtime.partner.app_id].domains = ("https://connect.example",)
    with opener.expect_popup() as popup:
        opener.get_by_role("button", name="Connect WhatsApp").click()
    popup.value.get_by_role("heading", name="JSSDK Unknown Host domain").wait_for()
    popup.value.close()
    assert wait_for_answer(opener)["status"] == "unknown"


def test_what_setup_says_fills_the_fields_and_skips_no_screen(opener: Page) -> None:
    setup = {
        "business": {
            "name": "Example Shoes",
            "website": "https://shoes.example",
            "address": {"country": "DE"},
            "phone": {"code": 49, "number": "3012345610"},
            "timezone": "UTC-03:00",
        },
        "phone": {"displayName": "Example Shoes Berlin", "category": "RETAIL"},
    }
    opener.evaluate("(setup) => { options.extras = { setup }; }", setup)
    window = open_window(opener)
    window.get_by_label("Continue as Sam Example").check()
    for screen in ("permissions", "number"):
        window.get_by_role("button", name="Continue", exact=True).click()
        see(window, screen)
    assert window.get_by_label("Phone number").input_value() == "+49 3012345610"
    window.get_by_role("button", name="Continue", exact=True).click()
    see(window, "code")
    window.get_by_label("One-time code").fill(window.locator("#hint-code").inner_text())
    window.get_by_role("button", name="Continue", exact=True).click()
    see(window, "portfolio")
    assert window.get_by_label("Business name").input_value() == "Example Shoes"
    assert window.get_by_label("Website").input_value() == "https://shoes.example"
    assert window.get_by_label("Country").input_value() == "DE"
    window.get_by_role("button", name="Continue", exact=True).click()
    see(window, "account")
    assert window.get_by_label("Display name").input_value() == "Example Shoes Berlin"
    assert window.get_by_label("Category").input_value() == "RETAIL"
    assert window.get_by_label("Time zone").input_value() == "25"


def test_an_unknown_configuration_is_refused_in_the_window(opener: Page) -> None:
    opener.evaluate("() => { options.config_id = '404'; }")
    with opener.expect_popup() as popup:
        opener.get_by_role("button", name="Connect WhatsApp").click()
    popup.value.get_by_role("heading", name="config_id is not a configuration of this app").wait_for()
