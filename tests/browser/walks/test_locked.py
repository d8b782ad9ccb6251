"""A number that Meta has locked for three days: page and console say the hour when it is free again."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.looks import look_well
from tests.browser.walks.conftest import Arrive
from tests.browser.walks.office import Office
from tests.browser.walks.window import Walk, go_through
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack]

TOO_OFTEN = {"error": {"message": "(#133016) Account register deregister rate limit", "code": 133016}}


def test_a_locked_number_names_the_hour_when_it_is_free_to_client_and_staff(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    client = arrive("Nutmeg Bakery")
    page = client.page
    locked = stage.meta.fault(path="/*/register", action={"status": 400, "body": TOO_OFTEN}, times=1)
    go_through(client, Walk(client.number + "10", "Nutmeg Bakery"))
    card = page.locator(".err")
    expect(card).to_contain_text("This number was registered too often, so Meta has closed it for up to three days.")
    expect(card).to_contain_text("Nothing for now. We try again when Meta opens it; what is done so far stays.")
    expect(card).to_contain_text("Meta opens this number again:")
    assert stage.meta.fired(locked) == 1
    (onboarding,) = client.onboardings()
    begun = datetime.fromisoformat(onboarding["begun_at"])
    until = datetime.fromisoformat(card.locator("time").get_attribute("datetime") or "")
    assert timedelta(hours=72) <= until - begun < timedelta(hours=72, minutes=5)
    look_well(page, "walk-locked")

    office.reads(onboarding, "Needs attention", "New number", picture="locked")
    desk = office.card("Meta will not register the phone")
    expect(desk).to_contain_text(re.compile(r"Wait until \d+ \w+ \d{4}, \d\d:\d\d UTC, then choose Try again once\."))
    expect(desk.locator(".who")).to_have_text("Nobody")
    number = office.page.locator("section", has=office.page.get_by_role("heading", name="The number"))
    expect(number).to_contain_text("1 of 10 in 72 h, locked by Meta until")
    shown = number.locator("dd time").first.get_attribute("datetime") or ""
    assert datetime.fromisoformat(shown) == until
