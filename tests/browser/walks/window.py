"""Every path through Meta's window, by a client of its own name: typed, given by Meta, picked, or no number at all."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.connect.client import Client, press, see
from tests.browser.windows import closing

# What the local Meta makes of a number by its last two digits: no code is asked for these.
KNOWN_AT_ONCE = ("70", "71", "73", "85", "88")
BY_META = "Use a display name and a 555 number"


@dataclass
class Walk:
    """How one client goes through the window.

    `number` is typed; empty takes a number of Meta's, None goes on without one. `portfolio` is made new unless
    `returns`; then its only account is shared again. `code_later` leaves the six digits for our page.
    """

    number: str | None
    portfolio: str
    code_later: bool = False
    returns: bool = False

    def to_the_number(self, window: Page) -> None:
        """As Sam, until the window asks for a number."""
        press(window, "Continue", choose="Continue as Sam Example", then="permissions")
        press(window, "Continue", then="number")

    def to_success(self, window: Page) -> None:
        """From the number to the last screen."""
        self.give_number(window)
        if self.returns:
            for screen in ("account", "review"):
                # By its role: the same account may be ticked as one more beside the chosen one.
                window.get_by_role("radio", name=self.portfolio).check()
                press(window, "Continue", then=screen)
        else:
            window.get_by_label("Create a new portfolio").check()
            window.get_by_label("Business name").fill(self.portfolio)
            self._make_account(window)
        press(window, "Continue", then="success")

    def give_number(self, window: Page) -> None:
        """From the number to the portfolio, by way of the code where one is asked for."""
        if self.number is None:
            press(window, "Go on without a number", then="portfolio")
            return
        if not self.number:
            press(window, "Continue", choose=BY_META, then="portfolio")
            return
        window.get_by_label("Phone number").fill(self.number)
        if self.number.endswith(KNOWN_AT_ONCE):
            press(window, "Continue", then="portfolio")
            return
        press(window, "Continue", then="code")
        if self.code_later:
            press(window, "Verify later", then="portfolio")
            return
        window.get_by_label("One-time code").fill(window.locator("#hint-code").inner_text())
        press(window, "Continue", then="portfolio")

    def _make_account(self, window: Page) -> None:
        if self.number and self.number.endswith(("70", "71", "73")):
            press(window, "Continue", then="phone_app")
            press(window, "Confirm on the phone", then="account")
            press(window, "Continue", then="review")
            window.get_by_role("checkbox").check()
            return
        press(window, "Continue", then="account")
        window.get_by_label("Create a new account").check()
        window.get_by_label("Account name").fill(self.portfolio)
        press(window, "Continue", then="review")


def go_through(client: Client, walk: Walk) -> None:
    """The click on the page, the whole window, and *Finish*."""
    window = client.click()
    walk.to_the_number(window)
    walk.to_success(window)
    finish(window)


def finish(window: Page) -> None:
    with closing(window):
        press(window, "Finish")


def pick_again(client: Client, display: str) -> None:
    """The whole window by one who has a number there already and picks it from the list."""
    window = client.click()
    Walk(None, "").to_the_number(window)
    window.get_by_label("Pick a number I already have").check()
    numbers = window.get_by_label("Number", exact=True)
    (label,) = [name for name in numbers.locator("option").all_inner_texts() if name.startswith(display)]
    numbers.select_option(label=label)
    press(window, "Continue", then="review")
    press(window, "Continue", then="success")
    finish(window)


def ask_meta_for(client: Client, extras: dict[str, Any]) -> None:
    """Let the page's next window be opened with these extras, as a page of a partner that asks for more would."""
    client.wait_for_sdk()
    client.page.evaluate(
        """(extras) => {
            const login = window.FB.login;
            window.FB.login = (told, options) => login.call(window.FB, told, { ...options, extras });
        }""",
        extras,
    )


def see_refused(window: Page, words: str) -> None:
    """The window stays where it is and says why."""
    window.locator("#error-text").filter(has_text=words).wait_for()
    see(window, "number")
