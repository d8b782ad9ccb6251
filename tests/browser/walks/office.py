"""One of the partner's people at the console of the same house, who looks at the onboarding a client is in."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from bench.partner import Onboarding
from tests.browser.looks import look_well


@dataclass
class Office:
    """A signed-in page of the console."""

    page: Page
    base_url: str

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto(f"{self.base_url}/console/sign-in")
        self.page.fill('input[name="email"]', email)
        self.page.fill('input[name="password"]', password)
        self.page.press('input[name="password"]', "Enter")
        self.page.wait_for_url("**/console/onboardings**")

    def open(self, onboarding: Onboarding) -> None:
        self.page.goto(f"{self.base_url}/console/onboardings/{onboarding['reference']}")

    def reads(self, onboarding: Onboarding, state: str, plan: str, *, picture: str = "") -> None:
        """Opens the onboarding: beside its name stands this state, below it this plan."""
        self.open(onboarding)
        expect(self.page.locator(".ttl .pill")).to_have_text(state)
        expect(self.page.locator(".ttl p.soft")).to_contain_text(f"{plan} ·")
        if picture:
            look_well(self.page, f"walk-console-{picture}")

    def card(self, title: str) -> Locator:
        """Waits for the desk's card of this title; gives it."""
        heading = self.page.get_by_role("heading", level=2, name=title)
        found = self.page.locator(".err", has=heading)
        found.wait_for()
        return found

    def notice(self) -> Locator:
        """What stands above everything else."""
        return self.page.locator(".note[role=status]")
