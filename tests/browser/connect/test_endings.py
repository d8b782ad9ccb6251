"""Every way Meta's window may end, and every way the road to it may be blocked: the page says which, and goes on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.connect.client import NEW, press, walk_to
from tests.browser.connect.conftest import NewClient
from tests.browser.shots import keep_shot
from tests.browser.windows import closing

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Play = Callable[..., None]


def test_while_the_window_is_open_the_page_waits_and_can_bring_it_back(new_client: NewClient) -> None:
    client = new_client()
    client.click()

    client.note("open")
    expect(client.button).to_have_text("Meta’s window is open")
    expect(client.button).to_have_attribute("aria-disabled", "true")
    expect(client.page.get_by_role("button", name="Show it again")).to_be_visible()
    keep_shot(client.page, "connect-open-light")


@pytest.mark.parametrize(
    ("screen", "says"), [("number", "You stopped at the phone number."), ("code", "You stopped at the six-digit code.")]
)
def test_closed_by_hand_names_the_screen_and_can_go_on(new_client: NewClient, screen: str, says: str) -> None:
    client = new_client()
    window = client.click()
    walk_to(window, screen, client.number + NEW)
    window.close()

    expect(client.page.locator("#say")).to_contain_text(says)
    expect(client.button).to_have_text("Continue")
    keep_shot(client.page, f"connect-closed-{screen}")
    client.finish(client.click())
    client.headline("Setting up Example Bakery")


def test_cancelled_in_the_window_is_told_and_kept_over_a_reload(new_client: NewClient) -> None:
    client = new_client()
    window = client.click()
    walk_to(window, "permissions", client.number + NEW)
    with closing(window):
        press(window, "Cancel")

    expect(client.page.locator("#say")).to_contain_text("You stopped at the permissions.")
    client.page.reload()
    expect(client.page.locator("#say")).to_contain_text("You stopped at the permissions.")
    expect(client.button).to_have_text("Continue")


@pytest.mark.parametrize("report_as", ["CANCEL", "ERROR"])
def test_an_error_reported_in_the_window_is_repeated_with_its_numbers(
    new_client: NewClient, play: Play, report_as: str
) -> None:
    play(report_as=report_as)
    client = new_client()
    window = client.click()
    walk_to(window, "number", client.number + NEW)
    window.get_by_label("Phone number").fill("12")
    press(window, "Continue")
    with closing(window):
        window.get_by_role("button", name="Report").click()

    note = client.note("number_not_valid")
    expect(note).to_contain_text("Meta does not take this as a phone number.")
    expect(note).to_contain_text("Enter a valid phone number")
    (opening,) = client.link_now()["openings"]
    assert (opening["error_id"], opening["event"]) == ("2388011", report_as)
    expect(note).to_contain_text(f"2388011 · {opening['session_id']}")
    keep_shot(client.page, f"connect-reported-{report_as.lower()}")


def test_a_window_stopped_by_the_browser_is_told_and_nothing_is_begun(
    new_client: NewClient, context: BrowserContext
) -> None:
    context.add_init_script("window.open = () => null")
    client = new_client()
    said: list[str] = []
    client.page.on("request", lambda request: said.append(request.url) if request.method == "POST" else None)
    client.wait_for_sdk()
    client.button.click()

    client.note("blocked")
    expect(client.button).to_have_text("Connect WhatsApp")
    assert said == []
    keep_shot(client.page, "connect-blocked")


def test_an_sdk_that_cannot_be_loaded_is_told(new_client: NewClient, context: BrowserContext) -> None:
    context.route("**/en_US/sdk.js", lambda route: route.abort())
    client = new_client()

    client.note("sdk-failed")
    client.button.click()
    client.note("sdk-failed")
    keep_shot(client.page, "connect-sdk-failed")


def test_a_code_that_meta_refuses_asks_for_one_more_go(new_client: NewClient) -> None:
    client = new_client()
    expired = {"error": {"message": "expired", "type": "OAuthException", "code": 100, "error_subcode": 36007}}
    client.stage.meta.fault(path="/oauth/access_token", action={"status": 400, "body": expired}, times=1)
    client.finish(client.click())

    client.note("code_refused")
    expect(client.button).to_have_text("Continue")
    assert client.onboardings() == []
    client.stage.meta.lift_all()


def test_a_hiccup_on_the_way_to_our_server_loses_nothing(new_client: NewClient, context: BrowserContext) -> None:
    failures = iter([True, True])

    def stumble(route: Route) -> None:
        if next(failures, False):
            route.abort()
        else:
            route.continue_()

    context.route("**/exchange-token", stumble)
    client = new_client()
    client.finish(client.click())

    client.headline("Setting up Example Bakery")
    assert len(client.onboardings()) == 1


def test_loaded_again_while_the_window_is_open_the_page_says_how_to_go_on(new_client: NewClient) -> None:
    client = new_client()
    window = client.click()
    walk_to(window, "success", client.number + NEW)
    client.page.reload()

    client.note("reloaded")
    expect(client.button).to_have_text("Continue")
    # What the old window still says is kept, but its code has nowhere to go any more.
    with closing(window):
        press(window, "Finish")
    client.note("no_code")
    client.number = client.number[:-2] + "98"
    client.finish(client.click())
    client.headline("Setting up Example Bakery")


def test_loaded_again_while_we_work_the_page_shows_the_same_steps(new_client: NewClient) -> None:
    client = new_client()
    client.finish(client.click())
    client.headline("Setting up Example Bakery")
    client.page.reload()

    client.headline("Setting up Example Bakery")
    client.page.locator(".hi-text").wait_for()
    client.say_hi()
    client.headline("Example Bakery is live on WhatsApp")


def test_another_tab_follows_and_another_device_comes_in_by_the_same_link(
    new_client: NewClient, context: BrowserContext
) -> None:
    client = new_client()
    other: Page = context.new_page()
    other.goto(client.link["url"])
    client.page.bring_to_front()
    client.finish(client.click())
    client.headline("Setting up Example Bakery")

    other.bring_to_front()
    other.evaluate("window.dispatchEvent(new Event('focus'))")
    other.get_by_role("heading", level=1, name="Setting up Example Bakery").wait_for()
    assert context.browser is not None
    device = context.browser.new_context(locale="es-ES")
    page = device.new_page()
    page.goto(client.link["url"])
    page.get_by_role("heading", level=1, name="Conectando Example Bakery").wait_for()
    device.close()


def test_two_tabs_that_finish_at_once_do_each_other_no_harm(new_client: NewClient, context: BrowserContext) -> None:
    client = new_client()
    second = type(client)(client.stage, client.link, context.new_page(), client.number[:-2] + "99")
    second.page.goto(client.link["url"])
    windows = [client.click(), second.click()]
    for one, window in zip((client, second), windows, strict=True):
        walk_to(window, "success", one.number + NEW)
    # By a timer each: a press by the driver would wait for the one window before it comes to the other.
    for window in windows:
        window.get_by_role("button", name="Finish").evaluate("(button) => { setTimeout(() => button.click()); }")

    for one in (client, second):
        one.headline("Setting up Example Bakery")
    assert len(client.onboardings()) == 2
    assert len({onboarding["number"]["phone_number_id"] for onboarding in client.onboardings()}) <= 2
