"""The page at "/": a person plays the contact, watches the calls, turns the clock and the faults."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from sandbox.world.accounts import find_number_by_digits, main_account
from sandbox.world.messages import send
from tests.browser.axe import violations
from tests.browser.sandbox.conftest import Stage
from tests.browser.shots import keep_shot
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
def number(stage: Stage) -> Iterator[str]:
    """The digits of a connected number; the courier runs."""
    done = _ask(stage, "signups", {"plan": "coexistence", "business": {"name": "Example Shoes"}})
    stage.runtime.courier.start()
    digits = stage.runtime.world.records.numbers[done["phone_number_id"]].digits
    yield digits
    stage.runtime.courier.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def _ask(stage: Stage, door: str, body: object) -> dict[str, str]:
    reply = requests.post(f"{stage.meta}/_sandbox/{door}", json=body, timeout=10)
    reply.raise_for_status()
    found: dict[str, str] = reply.json()
    return found


def _answer(stage: Stage, digits: str, text: str) -> None:
    """The business writes back to Alex, as its token lets it."""
    world = stage.runtime.world
    number = find_number_by_digits(world, digits)
    assert number is not None
    alex = world.records.contacts["447700900655"]
    send(world, number, main_account(world, number), alex, type_="text", content={"body": text})


def test_a_chat_link_opens_the_chat_with_the_text_ready_and_the_reply_appears(
    page: Page, stage: Stage, number: str
) -> None:
    page.goto(f"{stage.meta}/wa/{number}?text=hi%2C+test+K7QX")
    box = page.get_by_label("Write as the contact")
    expect(box).to_have_value("hi, test K7QX")
    expect(box).to_be_focused()
    assert not stage.runtime.world.records.messages, "a link writes, it does not send"
    page.keyboard.press("Enter")
    expect(page.locator(".bub.out")).to_contain_text("hi, test K7QX")
    expect(box).to_have_value("")
    kept = list(stage.runtime.world.records.messages.values())
    assert [(message.direction, message.contact, message.content) for message in kept] == [
        ("in", "447700900655", {"body": "hi, test K7QX"})
    ]
    _answer(stage, number, "Thanks, it works <b>here</b>")
    expect(page.locator(".bub:not(.out)")).to_contain_text("Thanks, it works <b>here</b>")


def test_a_link_to_a_number_nobody_connected_says_so(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.meta}/?to=15559990110")
    expect(page.get_by_text("No number of this world is +15559990110")).to_be_visible()


def test_a_number_that_cannot_be_written_to_is_explained(page: Page, stage: Stage) -> None:
    done = _ask(stage, "signups", {"plan": "standard"})
    digits = stage.runtime.world.records.numbers[done["phone_number_id"]].digits
    page.goto(f"{stage.meta}/?to={digits}&text=hi")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Nobody can write to this number")).to_be_visible()


def test_quick_buttons_send_what_they_say(page: Page, stage: Stage, number: str) -> None:
    page.goto(f"{stage.meta}/?to={number}")
    for name in ("Photo", "Voice", "Location"):
        page.get_by_role("button", name=name, exact=True).click()
        said = {"Photo": "Photo", "Voice": "Voice message", "Location": "Example Square"}[name]
        expect(page.locator(".bub.out", has_text=said)).to_be_visible()
    kept = [message.type for message in stage.runtime.world.records.messages.values()]
    assert kept == ["image", "audio", "location"]


def test_calls_appear_open_and_show_no_secret(page: Page, stage: Stage, number: str) -> None:
    page.goto(f"{stage.meta}/")
    requests.get(f"{stage.meta}/v25.0/debug_token", params={"input_token": "EAAcanary"}, timeout=10)
    row = page.get_by_role("button", name="/debug_token")
    row.click()
    detail = page.get_by_role("region", name="What was said, secrets cut")
    expect(detail).to_contain_text('"input_token"')
    expect(detail.locator(".cut")).to_have_count(1)
    assert "EAAcanary" not in page.content()
    page.get_by_role("button", name="Webhooks", exact=True).click()
    expect(page.get_by_role("button", name="account_update PARTNER_ADDED")).to_be_visible()
    expect(page.get_by_role("button", name="/debug_token")).to_have_count(0)


def test_the_clock_moves_for_the_whole_world(page: Page, stage: Stage) -> None:
    before = stage.runtime.world.now()
    page.goto(f"{stage.meta}/")
    page.get_by_role("button", name="+46 days").click()
    assert until(lambda: page.evaluate("1") and stage.runtime.world.now() - before > 45.9 * 86400)


def test_a_switch_is_a_fault_like_any_other(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.meta}/")
    page.get_by_label("Credit share answers 503").check()
    expect(page.get_by_text("1 on", exact=True)).to_be_visible()
    listed = requests.get(f"{stage.meta}/_sandbox/faults", timeout=10).json()["faults"]
    assert [(fault["match"], fault["action"]["status"]) for fault in listed] == [
        ({"method": "POST", "path": "/*/whatsapp_credit_*"}, 503)
    ]
    requests.delete(f"{stage.meta}/_sandbox/faults", timeout=10)
    expect(page.get_by_label("Credit share answers 503")).not_to_be_checked()


def test_reset_asks_first_and_then_forgets(page: Page, stage: Stage, number: str) -> None:
    page.goto(f"{stage.meta}/")
    page.get_by_role("button", name="Reset the world").click()
    page.get_by_role("button", name="Keep it").click()
    assert len(stage.runtime.world.records.numbers) == 2
    page.get_by_role("button", name="Reset the world").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    assert until(lambda: page.evaluate("1") and len(stage.runtime.world.records.numbers) == 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_usable_by_everybody(chromium: Browser, stage: Stage, number: str, scheme: str) -> None:
    requests.get(f"{stage.meta}/v25.0/123?fields=id", timeout=10)
    for width, suffix in ((1280, ""), (390, "-390")):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{stage.meta}/?to={number}&text=hi")
        page.get_by_role("button", name="Send", exact=True).click()
        page.locator(".bub").first.wait_for()
        _answer(stage, number, "Thanks, it works")
        page.locator(".bub:not(.out)").first.wait_for()
        page.get_by_label("HTML instead of JSON").check()
        page.get_by_role("button", name="/123").click()
        page.locator("tr.detail").wait_for()
        keep_shot(page, f"sandbox-phone-{scheme}{suffix}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()
