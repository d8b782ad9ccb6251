"""Code and PIN by keyboard on the client's page, before the real house parts and the local Meta, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.shots import keep_shot
from tests.connect.aboard import OLD_PIN, bring_aboard, code_of, let_pass
from tests.connect.conftest import app
from tests.connect.gallery import served
from tests.connect.visitor import make_link
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["app", "journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]


@dataclass
class Aboard:
    """A client's page with an onboarding behind it."""

    page: Page
    journey: Journey
    base: str

    def open(self, plan: str = "standard", **wish: object) -> str:
        """Bring a client aboard and open its page; the onboarding's key."""
        _, token = make_link(self.journey.rt, contact_name="Alex Example", contact_email="alex@bakery.example")
        key = bring_aboard(self.journey, token, plan, **wish)
        self.page.goto(f"{self.base}/connect/{token}")
        return key


@pytest.fixture
def aboard(app: Flask, journey: Journey, context: BrowserContext) -> Iterator[Aboard]:
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    with served(app) as base:
        yield Aboard(page, journey, base)
    page.close()
    assert wrong == []


def test_by_keyboard_a_code_is_asked_for_and_entered_without_a_reload(aboard: Aboard) -> None:
    key = aboard.open("unverified")
    page = aboard.page
    page.evaluate("window.stayed = true")
    expect(page.get_by_role("heading", level=1)).to_have_text("One thing needs you: confirm your number with a code")

    page.get_by_role("radio", name="Text message").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Call")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    code = page.get_by_label("The six digits that came")
    expect(code).to_be_focused()
    keep_shot(page, "asks-code-sent")
    page.keyboard.type("000 000" if code_of(aboard.journey, key) != "000000" else "111 111")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="This code is wrong or too old.")).to_be_visible()
    expect(code).to_be_focused()
    expect(code).to_have_attribute("aria-invalid", "true")
    keep_shot(page, "asks-code-wrong")

    # As a phone pastes it out of a message, with a space in the middle.
    digits = code_of(aboard.journey, key)
    code.fill(f"{digits[:3]} {digits[3:]}")
    page.keyboard.press("Enter")
    expect(page.get_by_label("The six digits that came")).to_have_count(0)
    aboard.journey.walk()
    expect(page.get_by_role("heading", name="Say hi")).to_be_visible()
    expect(page.locator(".hi-text")).to_be_visible()
    assert page.evaluate("window.stayed") is True
    assert digits not in page.url


def test_a_code_is_sent_again_after_its_wait(aboard: Aboard) -> None:
    aboard.open("unverified")
    page = aboard.page
    page.get_by_role("button", name="Send me a code").click()
    again = page.get_by_role("button", name="Send it again")
    expect(again).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("You can ask for another code at")).to_be_visible()

    let_pass(aboard.journey, "request_code", minutes=2)
    page.reload()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("button", name="Send it again")).to_have_attribute("aria-disabled", "true")
    assert aboard.journey.world.count("*/request_code") == 2


def test_what_is_wrong_with_a_code_stays_to_be_read_while_the_page_keeps_itself_up_to_date(aboard: Aboard) -> None:
    key = aboard.open("unverified")
    page = aboard.page
    page.get_by_role("button", name="Send me a code").click()
    code = page.get_by_label("The six digits that came")
    code.fill("000000" if code_of(aboard.journey, key) != "000000" else "111111")
    page.get_by_role("button", name="Confirm number").click()
    wrong = page.get_by_role("alert").filter(has_text="This code is wrong or too old.")
    expect(wrong).to_be_visible()

    # The wait for another code ends, so what the page asks for every second is another page than before.
    let_pass(aboard.journey, "request_code", minutes=2)
    expect(page.get_by_role("button", name="Send it again")).not_to_have_attribute("aria-disabled", "true")
    expect(wrong).to_be_visible()
    expect(code).to_have_attribute("aria-invalid", "true")
    code.fill(code_of(aboard.journey, key))
    page.get_by_role("button", name="Confirm number").click()
    expect(wrong).to_have_count(0)


def test_without_scripts_the_code_works_as_a_plain_form(aboard: Aboard, context: BrowserContext) -> None:
    plain = context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    aboard.page = plain.new_page()
    key = aboard.open("unverified")
    page = aboard.page
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The six digits that came").fill(code_of(aboard.journey, key))
    page.get_by_role("button", name="Confirm number").click()
    expect(page.get_by_role("button", name="Confirm number")).to_have_count(0)
    aboard.journey.walk()
    assert aboard.journey.states(key)["register"] == "done"
    plain.close()


def test_by_keyboard_the_pin_is_seen_entered_and_the_number_registered(aboard: Aboard) -> None:
    key = aboard.open(number="+1 555 010 0182")
    page = aboard.page
    pin = page.get_by_label("PIN of this number")
    pin.focus()
    page.keyboard.type("11111")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="A PIN has six digits.")).to_be_visible()
    expect(pin).to_be_focused()
    expect(pin).to_have_attribute("type", "password")
    page.keyboard.type(OLD_PIN)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(pin).to_have_attribute("type", "text")
    keep_shot(page, "asks-pin-seen")
    pin.press("Enter")
    expect(page.get_by_label("PIN of this number")).to_have_count(0)
    aboard.journey.walk()
    expect(page.locator(".hi-text")).to_be_visible()
    assert aboard.journey.states(key)["register"] == "done"


def test_a_wrong_pin_comes_back_with_the_tries_that_are_left(aboard: Aboard) -> None:
    aboard.open(number="+1 555 010 0182")
    page = aboard.page
    page.get_by_label("PIN of this number").fill("111111")
    page.get_by_role("button", name="Register with this PIN").click()
    expect(page.get_by_label("PIN of this number")).to_have_count(0)
    aboard.journey.walk()
    expect(page.get_by_text("Meta did not accept the last try either. 8 tries are left until")).to_be_visible()
    keep_shot(page, "asks-pin-wrong")


def test_several_numbers_are_shown_side_by_side_and_each_has_its_page(aboard: Aboard) -> None:
    key = aboard.open("several")
    page = aboard.page
    numbers = page.get_by_role("navigation", name="Numbers of this signup")
    links = numbers.get_by_role("listitem").locator("a.nw")
    assert links.count() == len(aboard.journey.progress(key).siblings) + 1
    (sibling, *_) = aboard.journey.progress(key).siblings
    keep_shot(page, "asks-several")
    links.nth(1).press("Enter")
    expect(page.locator(".hi-text .word")).to_have_text(aboard.journey.progress(sibling.id).test_word)
    expect(numbers.locator("[aria-current=page]")).to_have_count(1)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_shot(page, "asks-several-320")


def test_an_account_without_a_number_leads_back_to_the_window(aboard: Aboard) -> None:
    _, token = make_link(aboard.journey.rt)
    key = bring_aboard(aboard.journey, token, "account_only")
    aboard.page.goto(f"{aboard.base}/connect/{token}")
    page = aboard.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Connected, no number yet")
    page.get_by_role("link", name="Add a number").press("Enter")
    expect(page.get_by_role("button", name="Connect WhatsApp")).to_be_visible()
    assert aboard.journey.progress(key).state == "connected"


def test_the_questions_choose_the_move_from_another_provider_or_stop(aboard: Aboard) -> None:
    page = aboard.page
    _, token = make_link(aboard.journey.rt)
    page.goto(f"{aboard.base}/connect/{token}")
    page.locator("#ask-elsewhere").get_by_label("Yes", exact=True).click()
    expect(page.get_by_role("radio", name="A number at another provider")).to_be_checked()
    expect(page.get_by_text("Do these three things first.")).to_be_visible()
    expect(page.locator('#say[data-note="plan-moved"]')).to_be_visible()
    keep_shot(page, "asks-provider-before")
    page.locator("#ask-two_step_off").get_by_label("No", exact=True).click()
    expect(page.get_by_text("Meta does not move a number that a PIN protects.")).to_be_visible()
    expect(page.locator("#connect")).to_have_attribute("aria-disabled", "true")

    _, token = make_link(aboard.journey.rt, "Sample Florist", plans=("standard",))
    page.goto(f"{aboard.base}/connect/{token}")
    page.locator("#ask-elsewhere").get_by_label("Yes", exact=True).click()
    expect(page.get_by_text("This number is with another provider.")).to_be_visible()
    expect(page.locator("#connect")).to_have_attribute("aria-disabled", "true")
