"""The funnel in a browser: it is read at a glance, and a client that stopped has a new link by one press."""

import re
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.kit import clock
from app.onboarding.models import Link
from tests.browser.axe import violations
from tests.browser.console.conftest import House
from tests.browser.shots import keep_shot
from tests.factories.links import CONNECTED, LIVE, add_link, add_onboarding_of, add_opening

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

LOOKS: list[tuple[str, Literal["light", "dark"], int, int]] = [
    ("light", "light", 1280, 900),
    ("dark", "dark", 1280, 900),
    ("390", "light", 390, 844),
]
ERROR = {
    "kind": "CANCEL",
    "error_id": "3441038",
    "error_message": "You have no permission for this resource: ask a portfolio admin to do this.",
    "session_id": "f34b51dab5e0498",
}


def fill(house: House) -> Link:
    """Clients at every stage, over three weeks; the link of the one whose window showed an error."""
    db, now = house.rt.db, clock.now()
    for place in range(8):
        at = now - timedelta(days=2 + 3 * place)
        link = add_link(db, f"Client {place}", at=at, opened_at=at)
        row = add_opening(db, link, at=at, event={"kind": "FINISH"}, plan="coexistence" if place % 3 else "standard")
        plan = "coexistence" if place % 3 else "standard"
        done = at + timedelta(seconds=3)
        add_onboarding_of(db, link, at=at, signup=row, plan=plan, proofs=LIVE, first_step_done_at=done)
    for place, screen in enumerate(("PHONE_NUMBER_VERIFICATION",) * 3 + ("PERMISSIONS", "PHONE_NUMBER_SETUP")):
        at = now - timedelta(days=1 + 2 * place)
        link = add_link(db, f"Sample Florist {place}", at=at, opened_at=at, contact_email="alex@florist.example")
        add_opening(db, link, at=at, event={"kind": "CANCEL", "current_step": screen})
    add_link(db, "Test Valley Vets", at=now - timedelta(days=3))
    add_link(db, "Demo Dental", at=now - timedelta(days=3), opened_at=now - timedelta(days=2))
    quiet = add_link(db, "Mock Travel", at=now - timedelta(days=4), opened_at=now - timedelta(days=4))
    add_onboarding_of(db, quiet, at=now - timedelta(days=4), proofs=CONNECTED)
    at = now - timedelta(hours=2)
    left = add_link(
        db, at=at, opened_at=at, contact_name="Alex Example", contact_email="alex@bakery.example", language="es"
    )
    add_opening(db, left, at=at - timedelta(minutes=9), event={"kind": "CANCEL", "current_step": "PERMISSIONS"})
    add_opening(db, left, at=at, event=ERROR)
    return left


@pytest.mark.parametrize(("look", "scheme", "width", "height"), LOOKS)
def test_funnel_and_link_are_usable_by_all_and_never_scroll_sideways(
    house: House, chromium: Browser, look: str, scheme: Literal["light", "dark"], width: int, height: int
) -> None:
    left = fill(house)
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    house.sign_in(context)
    page = context.new_page()
    pages = {
        "funnel": "/console/funnel",
        "funnel-of-a-plan": "/console/funnel?plan=coexistence",
        "funnel-stage": "/console/funnel?stage=window",
        "link": f"/console/links/{left.id}",
        "new-link-prefill": "/console/links/new",
    }
    for name, path in pages.items():
        page.goto(house.url + path)
        for group in page.locator("details.more").all():
            group.locator("summary").click()
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        keep_shot(page, f"console-{name}-{look}")
    page.goto(f"{house.url}/console/links/{left.id}")
    page.get_by_role("button", name="Follow up with a new link").click()
    expect(page.get_by_label("Address", exact=True)).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_shot(page, f"console-link-made-{look}")
    context.close()


@pytest.mark.parametrize("clients", [8, 10])
def test_the_weekly_limit_is_said_on_the_first_page(house: House, chromium: Browser, clients: int) -> None:
    for place in range(clients):
        at = clock.now() - timedelta(hours=place + 1)
        link = add_link(house.rt.db, f"Client {place}", at=at, opened_at=at)
        add_onboarding_of(house.rt.db, link, at=at, proofs=LIVE, first_step_done_at=at)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    house.sign_in(context)
    page = context.new_page()
    page.goto(f"{house.url}/console/onboardings")
    expect(page.locator(".note.weekly")).to_contain_text(f"{clients} of 10 new clients in seven days.")
    assert violations(page) == []
    keep_shot(page, f"console-weekly-{clients}")
    context.close()


def test_a_client_that_stopped_has_a_new_link_by_one_press(house: House, context: BrowserContext, page: Page) -> None:
    fill(house)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=house.url)
    house.sign_in(context)
    page.goto(f"{house.url}/console/onboardings")
    page.get_by_role("link", name="Funnel").first.click()
    row = page.get_by_role("row").filter(has_text="Example Bakery")
    expect(row).to_contain_text("Not an admin of the portfolio")
    expect(row).to_contain_text("f34b51dab5e0498")
    row.get_by_role("button", name="Follow up Example Bakery with a new link").click()

    address = page.get_by_label("Address", exact=True).input_value()
    assert re.fullmatch(re.escape(house.url) + r"/connect/[A-Za-z0-9_-]{43}", address)
    text = page.get_by_label("Text to send").input_value()
    assert text.startswith("Hola, Alex Example:")
    assert address in text
    page.get_by_role("button", name="Copy the text").click()
    expect(page.get_by_role("button", name="Copy the text")).to_contain_text("Copied")

    page.get_by_role("link", name="Funnel").first.click()
    expect(page.get_by_role("row").filter(has_text="Example Bakery")).to_have_count(0)


def test_plan_and_week_are_chosen_without_a_script(house: House, chromium: Browser) -> None:
    fill(house)
    context = chromium.new_context(java_script_enabled=False)
    house.sign_in(context)
    page = context.new_page()
    page.goto(f"{house.url}/console/funnel")
    page.get_by_label("Plan", exact=True).select_option("coexistence")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#far ~ span")).to_have_text("5 links made")
    page.get_by_role("link", name="Show all", exact=True).click()
    expect(page.locator("#far ~ span")).to_have_text("17 links made")
    context.close()
