"""Aboard without the window: over Meta's full page, over its own page, and without any script of ours."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.connect.client import NEW, press, see, walk_to
from tests.browser.connect.conftest import NewClient
from tests.browser.shots import keep_shot
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack]

STOPPED = "window.open = () => null"


def other_ways(page: Page) -> None:
    page.get_by_text("The window does not open?").click()


def test_a_stopped_window_leads_over_metas_full_page(new_client: NewClient) -> None:
    client = new_client()
    client.wait_for_sdk()
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


def walk_as_alex(window: Page, number: str) -> None:
    """Through Meta's window with the portfolio and the account that Alex has, until it shows success."""
    press(window, "Continue", choose="Continue as Alex Example", then="permissions")
    press(window, "Continue", then="number")
    window.get_by_label("Phone number").fill(number)
    press(window, "Continue", then="code")
    window.get_by_label("One-time code").fill(window.locator("#hint-code").inner_text())
    press(window, "Continue", then="portfolio")
    press(window, "Continue", choose="Example Bakery", then="account")
    press(window, "Continue", then="review")
    press(window, "Continue", then="success")


def test_metas_own_page_brings_a_client_aboard(new_client: NewClient, stage: Stage) -> None:
    """The link names the portfolio, so the account is this client's whoever else is in Meta's window just then."""
    portfolios = stage.meta.world()["businesses"]
    bakery = next(row["id"] for row in portfolios if row["name"] == "Example Bakery")
    client = new_client(prefill={"business": {"id": bakery}})
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

    walk_as_alex(hosted, client.number + NEW)
    press(hosted, "Finish")
    client.page.locator(".hi-text").wait_for()
    expect(client.page.locator("#hosted")).to_have_count(0)
    text = " ".join(client.page.locator(".hi-text").inner_text().split())
    # The account had a number before, which comes aboard beside the one that was typed.
    typed = (client.number + NEW).replace(" ", "").replace("+", "")
    numbers = [row["number"] for row in client.onboardings()]
    ours = next(row for row in numbers if re.sub(r"\D", "", row["display_phone_number"] or "") == typed)
    stage.meta.write(ours["phone_number_id"], "15550009001", text)
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
