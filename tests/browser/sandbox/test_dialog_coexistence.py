"""The signup window for a number that lives on the WhatsApp Business app: the number alone decides it."""

import pytest
import requests
from playwright.sync_api import Page

from tests.browser.sandbox.conftest import (
    Stage,
    go_on,
    open_window,
    press,
    see,
    wait_for_answer,
    wait_for_event,
    walk_to,
)
from tests.browser.windows import closing

pytestmark = pytest.mark.browser


def walk_to_scan(window: Page, number: str = "+1 555 010 0170") -> None:
    """As Sam, with a number of the app, until the window asks to scan."""
    walk_to(window, "number")
    window.get_by_label("Phone number").fill(number)
    go_on(window, "portfolio")
    window.get_by_label("Business name").fill("Example Shoes")
    go_on(window, "phone_app")


@pytest.mark.parametrize("order", ["message_first", "code_first"])
def test_a_person_without_a_mouse_keeps_the_app(opener: Page, stage: Stage, order: str) -> None:
    requests.post(f"{stage.meta}/_sandbox/dialog", json={"order": order}, timeout=10).raise_for_status()
    window = open_window(opener)
    press(window, "Tab", "ArrowDown", "Enter")
    see(window, "permissions")
    press(window, "Tab", "Enter")
    see(window, "number")
    press(window, "Tab", "Tab")
    window.keyboard.type("+1 555 010 0170")
    press(window, "Enter")
    see(window, "portfolio")
    assert window.get_by_text("stays on the WhatsApp Business app").is_visible()
    press(window, "Tab", "Tab")
    window.keyboard.type("Example Shoes")
    press(window, "Enter")
    see(window, "phone_app")
    press(window, "Tab", "Tab")
    assert window.evaluate("document.activeElement.textContent") == "Confirm on the phone"
    press(window, "Enter")
    see(window, "account")
    press(window, "Tab", "Tab", "Tab", "Enter")
    see(window, "review")
    press(window, "Tab", "Space", "Tab", "Enter")
    see(window, "success")
    press(window, "Tab")
    with closing(window):
        press(window, "Enter")

    answer, event = wait_for_answer(opener), wait_for_event(opener)
    assert event["event"] == "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
    assert (event["at"] < answer["at"]) == (order == "message_first")
    account = stage.runtime.world.records.accounts[event["data"]["waba_id"]]
    number = stage.runtime.world.records.numbers[account.number_ids[0]]
    assert (number.is_on_biz_app, number.status, number.platform_type) == (True, "CONNECTED", "CLOUD_API")
    assert number.share_history is True


def test_the_owner_may_keep_the_chats_back(opener: Page, stage: Stage) -> None:
    window = open_window(opener)
    walk_to_scan(window)
    assert window.get_by_role("img", name="Code to scan").is_visible()
    window.get_by_label("Share chats of the last six months").uncheck()
    window.get_by_role("button", name="Confirm on the phone").click()
    see(window, "account")
    go_on(window, "review")
    window.get_by_label("I accept the terms").check()
    go_on(window, "success")
    with closing(window):
        window.get_by_role("button", name="Finish", exact=True).click()
    account = stage.runtime.world.records.accounts[wait_for_event(opener)["data"]["waba_id"]]
    assert stage.runtime.world.records.numbers[account.number_ids[0]].share_history is False


def test_an_app_that_is_too_old_is_refused_before_anything_else(opener: Page) -> None:
    window = open_window(opener)
    walk_to(window, "number")
    window.get_by_label("Phone number").fill("+1 555 010 0172")
    window.get_by_role("button", name="Continue", exact=True).click()
    window.get_by_role("heading", name="Update the WhatsApp Business app").wait_for()
    see(window, "number")


def test_cancel_while_scanning_names_that_screen(opener: Page) -> None:
    window = open_window(opener)
    walk_to_scan(window)
    with closing(window):
        window.get_by_role("button", name="Cancel", exact=True).click()
    event = wait_for_event(opener)
    assert (event["event"], event["data"]["current_step"]) == ("CANCEL", "WHATSAPP_BUSINESS_PROFILE_SETUP")
    assert wait_for_answer(opener)["status"] == "unknown"
