"""Aboard without the window: over Meta's full page, over its own page, and without any script of ours."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.connect.client import NEW, press, see, walk_to
from tests.browser.connect.conftest import NewClient
from tests.browser.shots import keep_shot

pytestmark = [pytest.mark.browser, pytest.mark.stack]

STOPPED = "window.open = () => null"


def other_ways(page: Page) -> None:
    page.get_by_text("The window does not open?").click()


def test_a_stopped_window_leads_over_metas_full_page(new_client: NewClient) -> None:
    client = new_client()
    client.page.wait_for_function("window.FB")
    client.page.evaluate(STOPPED)
    client.button.click()
    client.note("blocked")
    keep_shot(client.page, "connect-blocked")

    client.page.locator("#say").get_by_role("button", name="Open Meta’s page instead").click()
    see(client.page, "log_in")
    walk_to(client.page, "success", client.number + NEW)
    press(client.page, "Finish")

    client.headline("Setting up Example Bakery")
    client.page.locator(".hi-text").wait_for()
    assert "code=" not in client.page.url
    (onboarding,) = client.onboardings()
    assert onboarding["plan"] == "standard"
    client.say_hi()
    client.headline("Example Bakery is live on WhatsApp")


def test_metas_own_page_brings_a_client_aboard(new_client: NewClient) -> None:
    client = new_client()
    other_ways(client.page)
    keep_shot(client.page, "connect-other-ways")
    with client.page.expect_popup() as opened:
        client.page.get_by_role("button", name="Meta’s own page").click()
    hosted = opened.value
    see(hosted, "log_in")
    client.page.bring_to_front()
    client.headline("Setting up Example Bakery")
    expect(client.page.locator("#hosted")).to_contain_text("Finish on Meta’s own page.")
    keep_shot(client.page, "connect-hosted-waits")

    walk_to(hosted, "success", client.number + NEW)
    press(hosted, "Finish")
    client.page.locator(".hi-text").wait_for()
    expect(client.page.locator("#hosted")).to_have_count(0)
    client.say_hi()
    client.headline("Example Bakery is live on WhatsApp")


def test_without_any_script_the_full_page_leads_back_to_the_steps(new_client: NewClient, chromium: Browser) -> None:
    client = new_client()
    narrow = {"width": 390, "height": 844}
    context = chromium.new_context(java_script_enabled=False, locale="en-GB", viewport=narrow, color_scheme="dark")
    page = context.new_page()
    page.goto(client.link["url"])
    other_ways(page)
    keep_shot(page, "connect-no-script")
    page.get_by_role("button", name="Open Meta’s page instead").click()
    page.wait_for_url("**/dialog/**")
    context.close()
