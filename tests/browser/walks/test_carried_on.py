"""Signups that are named and carried on by a person: each says why, whose turn it is, and what to do."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.looks import look_well
from tests.browser.walks.conftest import Arrive
from tests.browser.walks.office import Office
from tests.browser.walks.window import Walk, ask_meta_for, go_through
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack]

OURS = [
    (
        "preverified",
        "Cumin Bakery",
        "88",
        {},
        "You have done your part. The rest of this number is set up by our people.",
        "Number of our pool",
    ),
    (
        "solution",
        "Dill Bakery",
        "10",
        {"setup": {"solutionID": "295120036900"}},
        "You have done your part. Your providers set up the rest together.",
        "Multi-partner solution",
    ),
]


@pytest.mark.parametrize(("name", "client_name", "ending", "extras", "says", "plan"), OURS)
def test_where_we_carry_on_the_client_reads_that_its_part_is_done(
    arrive: Arrive,
    office: Office,
    stage: Stage,
    name: str,
    client_name: str,
    ending: str,
    extras: dict[str, Any],
    says: str,
    plan: str,
) -> None:
    client = arrive(client_name)
    ask_meta_for(client, extras)
    go_through(client, Walk(client.number + ending, client_name))
    client.headline(f"Setting up {client_name}")
    expect(client.page.locator(".lead")).to_have_text("You have done your part. Example Partner sets up the rest.")
    main = client.page.locator("main")
    expect(main).to_contain_text(says)
    expect(main).to_contain_text("Nothing for now. We write to you when it is ready.")
    look_well(client.page, f"walk-parked-{name}")
    (onboarding,) = client.onboardings()
    office.reads(onboarding, "Needs attention", plan, picture=f"parked-{name}")
    card = office.card("“Exchange the code” cannot go on without us")
    expect(card).to_contain_text("such signups are not carried on by themselves yet.")
    expect(card.locator(".who")).to_have_text("Us")
    assert stage.meta.registers(onboarding["number"]["phone_number_id"]) == 0


def test_an_app_let_in_without_the_account_leads_the_client_back_to_share_it(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    client = arrive("Thyme Bakery")
    page = client.page
    ask_meta_for(client, {"features": [{"name": "app_only_install"}]})
    go_through(client, Walk(client.number + "10", "Thyme Bakery"))
    client.headline("One thing needs you: share your WhatsApp account")
    expect(page.locator("main")).to_contain_text("You let our app in, but did not share your WhatsApp account with us.")
    expect(page.locator("main")).to_contain_text(
        "Connect again, and agree when Meta’s window asks to share the account."
    )
    look_well(page, "walk-parked-app-only")
    (onboarding,) = client.onboardings()
    office.reads(onboarding, "Needs attention", "App installed only", picture="parked-app-only")
    card = office.card("“Exchange the code” cannot go on without the client")
    expect(card.locator(".who")).to_have_text("Client")
    # The link that staff may send instead is filled in for this very client.
    card.get_by_role("link", name="New signup link").click()
    expect(office.page.get_by_label("Client name")).to_have_value("Thyme Bakery")
    look_well(office.page, "walk-console-new-link")
    assert stage.meta.registers(onboarding["number"]["phone_number_id"]) == 0

    page.get_by_role("link", name="Connect WhatsApp again").click()
    go_through(client, Walk(client.number[:-2] + "0210", "Thyme Bakery & Sons"))
    page.locator(".hi-text").wait_for()
