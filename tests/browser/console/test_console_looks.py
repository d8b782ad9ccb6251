from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from app.audit.store import SYSTEM
from app.kit import clock
from app.onboarding.links.links import LinkOrder, create_link
from tests.browser.axe import violations
from tests.browser.console.conftest import House
from tests.browser.shots import keep_shot
from tests.factories.onboardings import LIVE, add_call, add_onboarding, add_stuck

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

LOOKS: list[tuple[str, Literal["light", "dark"], int, int]] = [
    ("light", "light", 1280, 900),
    ("dark", "dark", 1280, 900),
    ("390", "light", 390, 844),
]


@pytest.mark.parametrize(("look", "scheme", "width", "height"), LOOKS)
def test_every_page_is_usable_by_all_and_never_scrolls_sideways(
    house: House, chromium: Browser, look: str, scheme: Literal["light", "dark"], width: int, height: int
) -> None:
    row = add_stuck(house.rt, "Sample Florist")
    add_call(house.rt, row, reply={"error": {"message": "(#200) Permissions error", "code": 200}})
    add_onboarding(house.rt, "Placeholder Motors", proofs=LIVE)
    pinned = add_onboarding(
        house.rt,
        "Specimen Coffee",
        states=("done", "done", "done", "needs_client", "not_started"),
        troubles={"register": {"key": "pin_mismatch", "code": 133005, "trace_id": "AbC9xKq2LmT"}},
    )
    unverified = add_onboarding(
        house.rt,
        "Fictional Fitness and Wellbeing Studios of the Northern Riverside",
        plan="unverified",
        states=("done", "done", "done", "needs_client", "not_started", "not_started"),
        troubles={"verify": {"key": "number_not_verified"}},
    )
    with house.rt.db.write() as session:
        create_link(session, LinkOrder("Sample Florist", external_ref="crm-20418"), actor=SYSTEM, now=clock.now())
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    pages = {
        "sign-in": "/console/sign-in",
        "list": "/console/onboardings",
        "nothing-found": "/console/onboardings?search=nothing",
        "onboarding": f"/console/onboardings/{row.reference}?calls=all",
        "pin": f"/console/onboardings/{pinned.reference}",
        "unverified": f"/console/onboardings/{unverified.reference}",
        "filtered": "/console/onboardings?plan=unverified&way=popup",
        "links": "/console/links",
        "new-link": "/console/links/new",
    }
    for name, path in pages.items():
        page.goto(house.url + path)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        keep_shot(page, f"console-{name}-{look}")
        if name == "sign-in":
            house.sign_in(context)
    context.close()


def test_the_menu_of_a_narrow_screen_leads_everywhere(house: House, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    house.sign_in(context)
    page = context.new_page()
    page.goto(f"{house.url}/console/onboardings")
    page.get_by_label("Menu").first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Menu")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Links").click()
    expect(page).to_have_url(f"{house.url}/console/links")
    page.get_by_label("Menu").first.click()
    page.get_by_role("navigation", name="Menu").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{house.url}/console/sign-in")
    context.close()


def test_the_api_documentation_draws_itself_from_here_alone(house: House, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(f"{house.url}/v1/docs")
    page.get_by_text("Make a link").wait_for()
    assert all(url.startswith((house.url, "data:")) for url in asked)
    assert wrong == []
    context.close()
