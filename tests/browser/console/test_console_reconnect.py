"""The link to connect again in a browser: a press, a question, the address with its copy button."""

from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from app.incidents.book import Problem, account_subject, report
from app.kit import clock
from app.numbers.models import Account
from tests.browser.console.conftest import House
from tests.browser.looks import look_once
from tests.factories.checks import add_checked, add_fact

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

LOOKS: list[tuple[str, Literal["light", "dark"], int, int]] = [
    ("light", "light", 1280, 900),
    ("dark", "dark", 1280, 900),
    ("390", "light", 390, 844),
]


def fill(house: House) -> tuple[str, str]:
    """A client whose token is dead: our key of its account, and of the incident."""
    at = clock.now() - timedelta(hours=3)
    account, _ = add_checked(house.rt.db, at=at)
    add_fact(house.rt.db, account, "currency", "EUR", ours="USD", at=at, severity="notice")
    with house.rt.db.write() as session:
        owner = session.get_one(Account, account).client_id
        subject = account_subject(account, client="Example Bakery", account="Bakery", client_id=owner)
        reasons = ["Meta refused to renew it (190/460)."]
        return account, report(session, subject, Problem("token_dead", reasons), now=clock.now()).id


@pytest.mark.parametrize(("look", "scheme", "width", "height"), LOOKS)
def test_staff_see_the_link_from_check_and_incident_and_copy_it(
    house: House, chromium: Browser, look: str, scheme: Literal["light", "dark"], width: int, height: int
) -> None:
    account, incident = fill(house)
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    house.sign_in(context)
    page = context.new_page()
    page.goto(f"{house.url}/console/checks/{account}")
    look_once(page, f"console-check-reconnect-{look}")
    page.goto(f"{house.url}/console/incidents/{incident}")
    look_once(page, f"console-incident-reconnect-{look}")
    page.get_by_role("button", name="Link to connect again").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Show the link of Example Bakery?")).to_be_visible()
    expect(page.get_by_role("button", name="Leave it")).to_be_focused()
    look_once(page, f"console-reconnect-asks-{look}")
    page.get_by_role("button", name="Show the link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Link to connect again for Example Bakery")).to_be_visible()
    look_once(page, f"console-reconnect-link-{look}")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    address = page.get_by_label("Address", exact=True).input_value()
    assert page.evaluate("navigator.clipboard.readText()") == address
    context.close()
