from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.access.sessions import add_session
from app.access.staff import get_by_email
from app.kit import clock
from tests.browser.axe import violations
from tests.browser.shots import keep_shot
from tests.console.staff import add_robin
from tests.upkeep.doctor.clinic import Clinic, without
from tests.upkeep.doctor.conftest import clinic, no_key_service, noon, patience

__all__ = ["clinic", "no_key_service", "noon", "patience"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

LOOKS: list[tuple[str, Literal["light", "dark"], int, int]] = [
    ("light", "light", 1280, 900),
    ("dark", "dark", 1280, 900),
    ("390", "light", 390, 844),
]


@pytest.fixture
def robin(clinic: Clinic, quick_hashing: None) -> None:
    add_robin(clinic.rt)


def sign_in(clinic: Clinic, context: BrowserContext) -> str:
    """Without typing a password; the address of the page."""
    url = clinic.rt.settings.public_url
    with clinic.rt.db.write() as session:
        person = get_by_email(session, "robin@partner.example")
        _, secret = add_session(session, person, address=None, user_agent=None, now=clock.now())
    context.add_cookies([{"name": "gangway-staff", "value": secret.reveal(), "url": url}])
    return f"{url}/console"


def test_a_lost_callback_is_found_registered_and_green(
    clinic: Clinic, robin: None, context: BrowserContext, page: Page
) -> None:
    clinic.app.callback_url = "https://other.example/hook"
    clinic.app.fields = without(clinic.app.fields, "account_update")
    page.goto(f"{sign_in(clinic, context)}/onboardings")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Set-up").click()
    expect(page.get_by_text("Not checked yet")).to_be_visible()
    page.get_by_role("button", name="Check now").press("Enter")

    broken = page.get_by_role("region", name="Callback")
    expect(broken.get_by_text("Meta sends the app’s notifications to https://other.example/hook")).to_be_visible()
    page.get_by_role("link", name="Broken: Callback").click()
    expect(broken).to_be_in_viewport()

    broken.get_by_role("button", name="Register").click()
    question = page.get_by_role("dialog", name="Send the app’s notifications here?")
    expect(question.get_by_text("Nothing reaches https://other.example/hook any more.")).to_be_visible()
    keep_shot(page, "setup-register")
    question.get_by_role("button", name="Keep it").press("Enter")
    expect(question).to_be_hidden()
    assert clinic.app.callback_url == "https://other.example/hook"

    broken.get_by_role("button", name="Register").click()
    question.get_by_role("button", name="Register").click()
    expect(page.get_by_text("New fields: account_update.")).to_be_visible()
    expect(page.get_by_role("region", name="Callback")).to_have_count(0)
    expect(page.get_by_text("The app hears of accounts that come and go.")).to_be_visible()
    assert clinic.app.callback_url == clinic.rt.settings.callback_url


def test_what_is_mended_is_gone_after_the_next_check(
    clinic: Clinic, robin: None, context: BrowserContext, page: Page
) -> None:
    clinic.app.require_proof = False
    page.goto(f"{sign_in(clinic, context)}/setup")
    page.get_by_role("button", name="Check now").click()
    warned = page.get_by_role("region", name="Require app secret")
    expect(warned.get_by_text("Switch on App settings → Advanced → Security → Require app secret.")).to_be_visible()
    clinic.app.require_proof = True
    page.get_by_role("button", name="Check again").click()
    expect(warned).to_have_count(0)
    expect(page.get_by_text("Meta takes our proof and refuses a call without one.")).to_be_visible()


@pytest.mark.parametrize(("look", "scheme", "width", "height"), LOOKS)
def test_the_page_is_usable_by_all_and_never_scrolls_sideways(
    clinic: Clinic,
    robin: None,
    chromium: Browser,
    look: str,
    scheme: Literal["light", "dark"],
    width: int,
    height: int,
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    address = f"{sign_in(clinic, context)}/setup"
    page = context.new_page()

    def look_at(name: str) -> None:
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        keep_shot(page, f"setup-{name}-{look}")

    page.goto(address)
    look_at("never")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("28 in order")).to_be_visible()
    look_at("healthy")
    clinic.app.callback_url = f"https://{'a-very-long-name-of-a-host.' * 3}example/api/webhooks/whatsapp"
    clinic.app.require_proof = False
    clinic.records.businesses[clinic.meta.partner.business_id].verified = False
    clinic.silence("worker")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("2 broken")).to_be_visible()
    look_at("broken")
    context.close()
