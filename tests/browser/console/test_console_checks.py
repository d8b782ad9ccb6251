"""The check's pages in a browser: two columns, read at a glance; a repair is a press and a confirmation."""

from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from app.kit import clock
from tests.browser.axe import violations
from tests.browser.console.conftest import House
from tests.browser.shots import keep_shot
from tests.factories.checks import add_checked, add_fact

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

LOOKS: list[tuple[str, Literal["light", "dark"], int, int]] = [
    ("light", "light", 1280, 900),
    ("dark", "dark", 1280, 900),
    ("390", "light", 390, 844),
]


def fill(house: House) -> str:
    """A client with something wrong of each kind, something repaired, and much that is right; our key of it."""
    db, at = house.rt.db, clock.now() - timedelta(hours=3)
    account, number = add_checked(db, at=at)
    ours = "https://connect.partner.example/api/webhooks/whatsapp"
    add_fact(
        db, account, "callback", "https://hooks.elsewhere.example/whatsapp/inbound", ours=ours, at=at,
        severity="urgent", repair="refused", repair_trouble="Meta refused the request (error 100, HTTP 400)",
    )  # fmt: skip
    add_fact(db, account, "owner", "2730063490586005", ours="2729063490586005", at=at)
    add_fact(
        db,
        account,
        "templates",
        {"APPROVED": 12, "PAUSED": 1},
        at=at,
        severity="notice",
        says=["promo (en_US) is PAUSED"],
    )
    add_fact(db, account, "account_review", None, at=at, verdict="unknown")
    mended = {"verdict": "ok", "repair": "done", "was": False, "repaired_at": at}
    add_fact(db, account, "subscription", True, ours=True, at=at, **mended)
    add_fact(db, account, "credit", "5985000000000001", ours="5985000000000001", at=at, verdict="ok")
    add_fact(db, account, "quality", "RED", number_id=number, at=at, severity="urgent")
    add_fact(db, account, "number_status", "CONNECTED", number_id=number, at=at, verdict="ok")
    other, its = add_checked(db, "Test Valley Vets and their long name of a practice", at=at, waba_id="524126980791430")
    add_fact(db, other, "name_status", "DECLINED", number_id=its, at=at)
    return account


@pytest.mark.parametrize(("look", "scheme", "width", "height"), LOOKS)
def test_overview_and_account_are_usable_by_all_and_never_scroll_sideways(
    house: House, chromium: Browser, look: str, scheme: Literal["light", "dark"], width: int, height: int
) -> None:
    account = fill(house)
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    house.sign_in(context)
    page = context.new_page()
    for name, path in {"checks": "/console/checks", "check": f"/console/checks/{account}"}.items():
        page.goto(house.url + path)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        keep_shot(page, f"console-{name}-{look}")
    page.get_by_role("button", name="Take over Portfolio that owns it").click()
    expect(page.get_by_role("heading", name="Take Meta’s value over?")).to_be_visible()
    assert violations(page) == []
    keep_shot(page, f"console-check-asks-{look}")
    page.get_by_role("button", name="Take over", exact=True).click()
    expect(page.get_by_text("Meta’s value is ours now.")).to_be_visible()
    expect(page.get_by_role("heading", name="Portfolio that owns it")).to_have_count(0)
    context.close()


def test_a_repair_is_asked_for_by_a_press_and_a_confirmation(house: House, chromium: Browser) -> None:
    account = fill(house)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    house.sign_in(context)
    page = context.new_page()
    page.goto(f"{house.url}/console/checks")
    page.get_by_role("link", name="Example Bakery").first.click()
    page.get_by_role("button", name="Repair Callback of the account").click()
    page.get_by_role("button", name="Repair", exact=True).click()
    expect(page).to_have_url(f"{house.url}/console/checks/{account}")
    expect(page.get_by_text("Being repaired")).to_be_visible()
    context.close()
