"""Every screen of the signup window, light and dark, as wide as a popup and as a phone: usable by everybody."""

import pytest
from playwright.sync_api import Page

from tests.browser.sandbox.conftest import go_on, open_window, see, walk_to
from tests.browser.sandbox.looks import context, look_at, scheme

__all__ = ["context", "scheme"]

pytestmark = pytest.mark.browser


def test_every_screen_of_a_new_number(opener: Page, scheme: str) -> None:
    window = open_window(opener)
    look_at(window, "log-in", scheme)
    window.get_by_label("Continue as Alex Example").check()
    go_on(window, "permissions")
    look_at(window, "permissions", scheme)
    go_on(window, "number")
    look_at(window, "number", scheme)
    window.get_by_role("button", name="+1 555-010-0180").click()
    window.get_by_role("button", name="Continue", exact=True).click()
    window.locator(".err").wait_for()
    look_at(window, "number-refused", scheme)
    window.get_by_role("button", name="+1 555-010-0110").click()
    go_on(window, "code")
    look_at(window, "code", scheme)
    window.get_by_label("One-time code").fill(window.locator("#hint-code").inner_text())
    go_on(window, "portfolio")
    look_at(window, "portfolio", scheme)
    go_on(window, "account")
    look_at(window, "account", scheme)
    go_on(window, "review")
    look_at(window, "review", scheme)
    go_on(window, "success")
    window.get_by_text("Rehearsal", exact=True).click()
    look_at(window, "success", scheme)


def test_every_screen_of_a_number_of_the_app(opener: Page, scheme: str) -> None:
    window = open_window(opener)
    walk_to(window, "number")
    window.get_by_role("button", name="+1 555-010-0170").click()
    go_on(window, "portfolio")
    look_at(window, "portfolio-app", scheme)
    window.get_by_label("Business name").fill("Example Shoes")
    go_on(window, "phone_app")
    look_at(window, "phone-app", scheme)
    window.get_by_role("button", name="Confirm on the phone").click()
    see(window, "account")
    look_at(window, "account-app", scheme)
    go_on(window, "review")
    look_at(window, "review-app", scheme)


def test_the_screens_that_are_no_way_on(opener: Page, scheme: str) -> None:
    opener.evaluate("() => { options.config_id = '404'; }")
    with opener.expect_popup() as popup:
        opener.get_by_role("button", name="Connect WhatsApp").click()
    see(popup.value, "refused")
    look_at(popup.value, "refused", scheme)
