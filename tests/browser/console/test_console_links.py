import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.console.conftest import House
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]


def test_a_link_is_made_copied_and_ended(house: House, context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=house.url)
    house.sign_in(context)
    page.goto(f"{house.url}/console/onboardings")
    page.get_by_role("link", name="New link").first.click()
    page.get_by_label("Client name").fill("Example Bakery")
    page.get_by_role("button", name="Make link").click()
    address = page.get_by_label("Address", exact=True).input_value()
    assert re.fullmatch(re.escape(house.url) + r"/connect/[A-Za-z0-9_-]{43}", address)
    page.get_by_role("button", name="Copy the address").click()
    assert until(lambda: page.evaluate("navigator.clipboard.readText()") == address)

    page.get_by_role("main").get_by_role("link", name="Back to links").click()
    page.get_by_role("button", name="End the link of Example Bakery").click()
    question = page.get_by_role("dialog", name="End the link of Example Bakery?")
    question.get_by_role("button", name="Keep it").click()
    expect(question).to_be_hidden()
    page.get_by_role("button", name="End the link of Example Bakery").click()
    question.get_by_role("button", name="End the link").click()
    expect(page.get_by_text("The link no longer opens.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Example Bakery").get_by_text("Ended")).to_be_visible()


def test_a_refused_form_takes_the_reader_to_what_is_wrong(house: House, context: BrowserContext) -> None:
    house.sign_in(context)
    page = context.new_page()
    page.goto(f"{house.url}/console/links/new")
    page.get_by_label("Client name").fill("Example Bakery")
    page.get_by_label("E-mail").fill("alex@bakery")
    page.get_by_role("button", name="Make link").click()
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look.")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Client name")).to_have_value("Example Bakery")
