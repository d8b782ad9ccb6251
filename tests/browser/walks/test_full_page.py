"""Over Meta's full page and back: left before the end, refused, in another browser; each says what to do. Then live."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.connect.client import Client, press, see
from tests.browser.looks import look_well
from tests.browser.walks.conftest import Arrive
from tests.browser.walks.office import Office
from tests.browser.walks.window import Walk
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack]

EXPIRED = {"error": {"message": "expired", "type": "OAuthException", "code": 100, "error_subcode": 36007}}


def leave_for_meta(client: Client) -> Page:
    """By the button under "The window does not open?"; gives the same tab, on Meta's first screen."""
    client.button.wait_for()
    client.page.get_by_text("The window does not open?").click()
    client.page.locator(".elsewhere").get_by_role("button", name="Open Meta’s page instead").click()
    see(client.page, "log_in")
    return client.page


def told(page: Page, why: str, title: str, words: str) -> None:
    """The page that Meta leads back to says this."""
    page.locator(f'[data-why="{why}"]').wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".lead")).to_have_text(words)
    look_well(page, f"walk-back-{why}")


def test_whoever_leaves_metas_page_reads_that_nothing_was_shared_and_goes_on_to_live(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    client = arrive("Anise Bakery")
    page = leave_for_meta(client)
    press(page, "Continue", choose="Continue as Sam Example", then="permissions")
    press(page, "Cancel")
    told(page, "left", "You left Meta’s page before the end.", "Nothing was shared. Press Continue when you are ready.")
    page.get_by_role("link", name="Continue").click()
    expect(client.button).to_have_text("Continue")

    expired = stage.meta.fault(path="/oauth/access_token", action={"status": 400, "body": EXPIRED}, times=1)
    walk = Walk(client.number + "10", "Anise Bakery")
    walk.to_the_number(leave_for_meta(client))
    walk.to_success(page)
    press(page, "Finish")
    told(
        page,
        "refused",
        "Meta did not accept the sign-in.",
        "The key Meta gives lives 30 seconds and can be used once. Press Continue; Meta remembers what you did.",
    )
    assert stage.meta.fired(expired) == 1
    assert client.onboardings() == []
    page.get_by_role("link", name="Continue").click()

    again = Walk(client.number[:-2] + "0210", "Anise Bakery", returns=True)
    again.to_the_number(leave_for_meta(client))
    again.to_success(page)
    press(page, "Finish")
    client.headline("Setting up Anise Bakery")
    page.locator(".hi-text").first.wait_for()
    assert "code=" not in page.url
    for onboarding in client.onboardings():
        office.open(onboarding)
        expect(office.page.locator(".ttl p.soft")).to_contain_text("New number · Signup by full page")


def test_a_way_back_that_is_not_known_or_another_browsers_tells_nobody_anything(
    arrive: Arrive, context: BrowserContext, stage: Stage
) -> None:
    client = arrive("Clove Bakery")
    page = leave_for_meta(client)
    walk = Walk(client.number + "10", "Clove Bakery")
    walk.to_the_number(page)
    walk.to_success(page)
    with page.expect_request(lambda request: "/connect/back?" in request.url) as went:
        press(page, "Finish")
    client.headline("Setting up Clove Bakery")

    assert context.browser is not None
    stranger = context.browser.new_context(locale="en-GB")
    elsewhere = stranger.new_page()
    elsewhere.goto(went.value.url)
    told(
        elsewhere,
        "foreign",
        "This way back belongs to another browser.",
        "Go on in the browser in which you began. Nothing was shared with us.",
    )
    expect(elsewhere.get_by_text("Open the link in the message you got from Example Partner.")).to_be_visible()
    elsewhere.goto(f"{stage.house.base_url}/connect/back?state=nobody&code=nothing")
    told(
        elsewhere,
        "unknown",
        "This way back is not known.",
        "It works once, in the browser that began, for an hour. Nothing was shared with us.",
    )
    stranger.close()
    page.goto(went.value.url)
    client.headline("Setting up Clove Bakery")
    assert len(client.onboardings()) == 1
