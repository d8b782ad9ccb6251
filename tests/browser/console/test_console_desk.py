import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.console.conftest import House
from tests.browser.shots import keep_shot
from tests.console.staff import RIGHT
from tests.factories.onboardings import add_onboarding

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

SHARE = "/*/whatsapp_credit_sharing_and_attach"
REFUSED = {
    "status": 403,
    "body": {
        "error": {
            "message": "(#200) Permissions error",
            "type": "OAuthException",
            "code": 200,
            "fbtrace_id": "Fz71LpQ0wYd",
        }
    },
}


def stick(house: House) -> str:
    """An onboarding whose credit line Meta refuses; its reference."""
    house.journey.world.fault(SHARE, REFUSED)
    key, _ = house.journey.connect()
    return house.journey.progress(key).reference


def test_by_keyboard_from_the_door_to_a_step_gone_green(house: House, page: Page, worker: None) -> None:
    reference = stick(house)
    page.goto(f"{house.url}/console/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_be_focused()
    keep_shot(page, "console-sign-in")
    page.keyboard.type("robin@partner.example")
    page.keyboard.press("Tab")
    page.keyboard.type(RIGHT)
    page.keyboard.press("Enter")

    row = page.get_by_role("row").filter(has_text="Example Bakery")
    expect(row.get_by_text("Needs attention")).to_be_visible()
    keep_shot(page, "console-list")
    row.get_by_role("link").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{house.url}/console/onboardings/{reference}")
    step = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name="Share the credit line", exact=True)
    )
    expect(step.get_by_text("Refused")).to_be_visible()
    keep_shot(page, "console-stuck")

    house.journey.world.clear_faults()
    page.get_by_role("region", name="Meta will not share our credit line").get_by_role(
        "button", name="Try again"
    ).press("Enter")
    expect(step.get_by_text("Done")).to_be_visible()
    expect(page.get_by_text("Meta will not share our credit line")).to_have_count(0)
    expect(page.get_by_text("Robin Example pressed Try again")).to_be_visible()
    keep_shot(page, "console-green")


def test_what_is_open_stays_open_when_news_come(house: House, context: BrowserContext, page: Page) -> None:
    reference = stick(house)
    house.sign_in(context)
    page.goto(f"{house.url}/console/onboardings/{reference}")
    call = page.locator(".tries details").first
    call.locator("summary").click()
    expect(call.get_by_role("region", name="Request and reply, secrets cut")).to_be_visible()
    page.get_by_text("Skip with reason", exact=True).last.click()
    page.get_by_label("Why is no test message needed?").fill("Tested by phone")
    with page.expect_response(lambda reply: reply.url.endswith("/now") and reply.status == 200):
        house.journey.write_in({"phone_number_id": house.journey.progress(reference).phone_number_id}, "hello there")
    expect(page.get_by_text("Proof: one message in")).to_be_visible()
    expect(call.get_by_role("region", name="Request and reply, secrets cut")).to_be_visible()
    expect(page.get_by_label("Why is no test message needed?")).to_have_value("Tested by phone")


def test_the_open_list_takes_in_what_is_new_and_leaves_the_focus_where_it_was(
    house: House, context: BrowserContext, page: Page
) -> None:
    stick(house)
    house.sign_in(context)
    page.clock.install()
    page.goto(f"{house.url}/console/onboardings")
    known = page.get_by_role("link", name="Example Bakery")
    known.focus()
    add_onboarding(house.rt, "Sample Florist")
    page.clock.run_for(4_000)
    expect(page.get_by_role("row").nth(1)).to_contain_text("Sample Florist")
    expect(known).to_be_focused()


def test_the_test_message_is_skipped_with_a_reason(house: House, context: BrowserContext, page: Page) -> None:
    key, _ = house.journey.connect()
    house.sign_in(context)
    page.goto(f"{house.url}/console/onboardings/{key}")
    page.get_by_text("Skip with reason", exact=True).click()
    page.get_by_label("Why is no test message needed?").fill("Tested by phone")
    page.get_by_role("button", name="Skip the test message").click()
    expect(page.get_by_text("Skipped: Tested by phone")).to_be_visible()
    expect(page.get_by_text("The client is connected.")).to_be_visible()


def test_a_page_left_open_leads_to_the_door_once_its_session_has_ended(house: House, context: BrowserContext) -> None:
    reference = stick(house)
    house.sign_in(context)
    page = context.new_page()
    page.goto(f"{house.url}/console/onboardings/{reference}")
    other = context.new_page()
    other.goto(f"{house.url}/console/onboardings")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Example Bakery" not in page.content()
