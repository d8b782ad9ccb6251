"""Adopting, entering by hand, and the error catalogue, as staff do it; the local Meta behind them."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.kit.secret import Secret
from tests.browser.axe import violations
from tests.browser.console.conftest import House
from tests.browser.shots import keep_shot

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

LOOKS: list[tuple[str, Literal["light", "dark"], int, int]] = [
    ("light", "light", 1280, 900),
    ("dark", "dark", 1280, 900),
    ("390", "light", 390, 844),
]


def test_a_shared_account_is_chosen_previewed_and_adopted(
    house: House, context: BrowserContext, page: Page, worker: None
) -> None:
    shared = house.journey.world.share(business={"name": "Example Florist"}, account={"name": "Florist"})
    house.sign_in(context)
    page.goto(f"{house.url}/console/accounts")
    page.get_by_role("checkbox", name="Florist").check()
    page.get_by_role("button", name="See what adopting would do").click()
    expect(page.get_by_role("heading", name="What adopting would do")).to_be_visible()
    expect(page.get_by_text("It is connected; nothing is registered.")).to_be_visible()
    page.get_by_label("Client name").fill("Example Florist Shop")
    page.get_by_role("checkbox", name="Share our credit line if nobody pays").check()
    page.get_by_role("button", name="Adopt this account").click()
    expect(page.get_by_role("heading", name="1 of 1 begun")).to_be_visible()
    page.get_by_role("link", name="onb_").click()
    expect(page.get_by_text("Adoption begun")).to_be_visible()
    expect(page.locator("#main").get_by_text("Connected", exact=True).first).to_be_visible()

    page.goto(f"{house.url}/console/accounts")
    expect(page.get_by_text("Every shared account is with us.")).to_be_visible()
    page.get_by_role("link", name="All shared").click()
    expect(page.get_by_role("row").filter(has_text=shared["waba_id"])).to_contain_text("Example Florist Shop")


def test_a_client_is_entered_by_hand(house: House, context: BrowserContext, worker: None) -> None:
    finished = house.journey.world.signup()
    token = house.rt.meta.oauth.exchange(Secret(finished["code"])).reveal()
    house.sign_in(context)
    page = context.new_page()
    page.goto(f"{house.url}/console/accounts")
    page.get_by_role("link", name="Enter by hand").click()
    page.get_by_label("Account id").fill(finished["business_id"])
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Inspect and begin").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the token again too")
    expect(page.get_by_text("Account id is the id of a business portfolio")).to_be_visible()
    expect(page.get_by_label("Token")).to_have_value("")
    page.get_by_label("Account id").fill(finished["waba_id"])
    page.get_by_label("Token").fill(token)
    page.get_by_label("Client name").fill("Example Spa")
    page.get_by_role("button", name="Inspect and begin").click()
    expect(page.get_by_text("Example Spa is begun; the token is sealed.")).to_be_visible()
    expect(page.get_by_text("Entered by hand").first).to_be_visible()


def test_an_error_is_looked_up_and_opened(house: House, context: BrowserContext, page: Page) -> None:
    house.sign_in(context)
    page.goto(f"{house.url}/console/errors")
    page.get_by_label("Meta’s number, or words of its meaning").fill("133005")
    page.get_by_role("button", name="Find").click()
    row = page.locator("#pin_mismatch")
    row.locator("summary").click()
    expect(row).to_contain_text("Enter the PIN")
    expect(page.locator(".catalogue > li")).to_have_count(1)


@pytest.mark.parametrize(("look", "scheme", "width", "height"), LOOKS)
def test_every_page_is_usable_by_all_and_never_scrolls_sideways(
    house: House, chromium: Browser, look: str, scheme: Literal["light", "dark"], width: int, height: int
) -> None:
    world = house.journey.world
    ids = [
        world.share(business={"name": "Example Florist"}, account={"name": "Florist"})["waba_id"],
        world.share(
            business={"name": "Placeholder Motors and Very Long Names International"},
            account={"name": "Placeholder Motors", "funding": "own"},
            numbers=[{}, {"status": "PENDING"}, {"status": "PENDING", "code_status": "NOT_VERIFIED"}],
        )["waba_id"],
    ]
    house.journey.connect()
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    house.sign_in(context)
    page = context.new_page()

    def look_at(name: str) -> None:
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        keep_shot(page, f"console-{name}-{look}")

    page.goto(f"{house.url}/console/accounts?show=all")
    look_at("accounts")
    for waba_id in ids:
        page.locator(f"input[value='{waba_id}']").check()
    page.get_by_role("button", name="See what adopting would do").click()
    look_at("adopt")
    page.get_by_role("button", name="Adopt 2 accounts").click()
    look_at("adopted")
    page.goto(f"{house.url}/console/accounts/by-hand")
    look_at("by-hand")
    page.get_by_label("Account id").fill("5241")
    page.get_by_label("Token").fill("EAAmadeup")
    page.get_by_role("button", name="Inspect and begin").click()
    look_at("by-hand-refused")
    page.goto(f"{house.url}/console/errors")
    look_at("errors")
    page.goto(f"{house.url}/console/errors?find=133005")
    page.locator("#pin_mismatch summary").click()
    look_at("error-open")
    context.close()
