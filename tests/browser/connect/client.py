"""What one client does: answers the questions, opens Meta's window, walks through it, writes from another phone."""

from dataclasses import dataclass
from typing import Any

import requests
from playwright.sync_api import Locator, Page

from bench.partner import Onboarding
from tests.browser.windows import closing
from tests.journeys.conftest import Stage

# The local Meta tells numbers apart by their last two digits.
NEW, PHONE_APP = "10", "70"


@dataclass
class Client:
    """A client's page, its link, and a number nobody else in this house uses; `number` lacks its last two digits."""

    stage: Stage
    link: dict[str, Any]
    page: Page
    number: str

    @property
    def button(self) -> Locator:
        return self.page.locator("#connect")

    def click(self) -> Page:
        """Press the button; gives Meta's window, on its first screen."""
        self.wait_for_sdk()
        with self.page.expect_popup() as popup:
            self.button.click()
        see(popup.value, "log_in")
        return popup.value

    def wait_for_sdk(self) -> None:
        """Waits until Meta's SDK is there. Not by `wait_for_function`: the page's policy lets it look once."""
        self.button.wait_for()
        self.page.evaluate(
            "() => new Promise((done) => { (function look() { window.FB ? done() : setTimeout(look, 20); })(); })"
        )

    def finish(self, window: Page, ending: str = NEW) -> None:
        """Walk through Meta's window to its end."""
        walk_to(window, "success", self.number + ending)
        with closing(window):
            press(window, "Finish")

    def note(self, name: str) -> Locator:
        """Waits until the page shows the note of this name; gives it."""
        place = self.page.locator(f'#say[data-note="{name}"]')
        place.wait_for()
        return place

    def headline(self, text: str) -> None:
        """Waits until the page says this in its h1."""
        self.page.get_by_role("heading", level=1, name=text).wait_for()

    def step(self, title: str) -> Locator:
        return self.page.locator(".ledger > li", has=self.page.get_by_role("heading", name=title, exact=True))

    def onboardings(self) -> list[Onboarding]:
        """What has begun through this link, newest first, asked from outside."""
        return list(self._ask("onboardings", link_id=self.link["id"])["onboardings"])

    def link_now(self) -> dict[str, Any]:
        """The link as the partner's programs see it."""
        return self._ask(f"links/{self.link['id']}")

    def _ask(self, what: str, **query: str) -> dict[str, Any]:
        house = self.stage.house
        key = {"Authorization": f"Bearer {house.demo['api_key']}"}
        return dict(requests.get(f"{house.base_url}/v1/{what}", params=query, headers=key, timeout=10).json())

    def say_hi(self) -> str:
        """Write the page's text from another phone; gives the text."""
        text = " ".join(self.page.locator(".hi-text").inner_text().split())
        (onboarding,) = self.onboardings()[:1]
        self.stage.meta.write(onboarding["number"]["phone_number_id"], "15550009001", text)
        return text


def walk_to(window: Page, last: str, number: str) -> None:
    """Go through Meta's window, as Sam with a portfolio and an account made new, until it shows `last`."""
    press(window, "Continue", choose="Continue as Sam Example", then="permissions")
    if last == "permissions":
        return
    press(window, "Continue", then="number")
    if last == "number":
        return
    window.get_by_label("Phone number").fill(number)
    if number.endswith(PHONE_APP):
        press(window, "Continue", then="portfolio")
        _new_portfolio(window, then="phone_app")
        press(window, "Confirm on the phone", then="account")
        press(window, "Continue", then="review")
        window.get_by_role("checkbox").check()
    else:
        press(window, "Continue", then="code")
        if last == "code":
            return
        window.get_by_label("One-time code").fill(window.locator("#hint-code").inner_text())
        press(window, "Continue", then="portfolio")
        _new_portfolio(window, then="account")
        press(window, "Continue", choose="Create a new account", then="review")
    press(window, "Continue", then="success")


def press(window: Page, button: str, *, choose: str = "", then: str = "") -> None:
    """Press a button, having chosen something first where that is asked; wait for the screen that follows."""
    if choose:
        window.get_by_label(choose).check()
    window.get_by_role("button", name=button, exact=True).click()
    if then:
        see(window, then)


def see(window: Page, screen: str) -> None:
    window.locator(f'body[data-screen="{screen}"][data-ready]').wait_for()


def _new_portfolio(window: Page, *, then: str) -> None:
    window.get_by_label("Create a new portfolio").check()
    window.get_by_label("Business name").fill("Example Shoes")
    press(window, "Continue", then=then)
