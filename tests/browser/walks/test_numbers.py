"""Numbers that are not simply new: without their code, given by Meta, connected before, and none at all."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import look_well
from tests.browser.walks.conftest import Arrive
from tests.browser.walks.office import Office
from tests.browser.walks.window import Walk, go_through
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def test_a_number_left_without_its_code_gets_it_on_our_page_and_goes_live(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    client = arrive("Oat Bakery")
    page = client.page
    go_through(client, Walk(client.number + "10", "Oat Bakery", code_later=True))
    client.headline("One thing needs you: confirm your number with a code")
    expect(page.locator("main")).to_contain_text("Your number has not been confirmed with a code yet.")
    look_well(page, "walk-unverified-asks")
    (onboarding,) = client.onboardings()
    number = onboarding["number"]["phone_number_id"]
    office.reads(onboarding, "Needs attention", "Unverified number", picture="unverified")
    expect(office.card("“Verify the number” cannot go on without the client")).to_contain_text("Client")

    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The six digits that came").wait_for()
    code = str(stage.meta.show("numbers", number)["one_time_code"])
    page.get_by_label("The six digits that came").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="Confirm number").click()
    expect(page.get_by_role("alert").filter(has_text="This code is wrong or too old.")).to_be_visible()
    look_well(page, "walk-unverified-wrong")
    expect(page.get_by_role("alert").filter(has_text="This code is wrong or too old.")).to_be_visible()
    page.get_by_label("The six digits that came").fill(code)
    page.get_by_role("button", name="Confirm number").click()

    page.locator(".hi-text").wait_for()
    client.say_hi()
    client.headline("Oat Bakery is live on WhatsApp")
    assert stage.meta.done("code_sent", number) == 1
    assert stage.meta.done("registered", number) == 1
    office.reads(onboarding, "Live", "Unverified number")
    expect(office.page.locator("#calm")).to_have_text("The client is live. Nothing to do.")


def test_a_number_from_meta_names_its_limits_and_waits_for_the_review_of_its_name(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    client = arrive("Rye Bakery")
    page = client.page
    go_through(client, Walk("", "Rye Bakery"))
    note = page.locator("#note-of-plan")
    expect(note).to_contain_text("This number comes from Meta.")
    expect(note).to_contain_text("It can send only after Meta has approved your display name.")
    expect(note).to_contain_text("It cannot be used on a phone or with another provider.")
    expect(note.get_by_role("link", name="Use a number of my own")).to_be_visible()
    name = client.step("Meta checks your display name")
    expect(name).to_contain_text("People at Meta look at your display name; that can take some days. Nothing to do.")
    expect(name).to_contain_text("Waiting for Meta")
    expect(page.locator(".hi-text")).to_have_count(0)
    look_well(page, "walk-virtual-waits")
    (onboarding,) = client.onboardings()
    number = onboarding["number"]["phone_number_id"]
    office.reads(onboarding, "Connected", "Number from Meta", picture="virtual")
    expect(office.page.locator("#calm")).to_contain_text("Display name review: waiting for meta.")
    expect(office.page.locator(".ledger")).to_contain_text("Meta is reviewing the display name")

    stage.meta.change(f"numbers/{number}", name_status="APPROVED")
    page.locator(".hi-text").wait_for()
    expect(note).to_have_count(0)
    client.say_hi()
    client.headline("Rye Bakery is live on WhatsApp")
    assert stage.meta.done("registered", number) == 1
    office.reads(onboarding, "Live", "Number from Meta")


def test_a_number_that_was_connected_before_is_never_registered(arrive: Arrive, office: Office, stage: Stage) -> None:
    client = arrive("Spelt Bakery")
    go_through(client, Walk(client.number + "85", "Spelt Bakery"))
    client.page.locator(".hi-text").wait_for()
    expect(client.step("Check your number")).to_contain_text("is connected.")
    assert client.step("Register your number").count() == 0
    look_well(client.page, "walk-registered-hi")
    client.say_hi()
    client.headline("Spelt Bakery is live on WhatsApp")
    (onboarding,) = client.onboardings()
    number = onboarding["number"]["phone_number_id"]
    assert stage.meta.registers(number) == 0
    office.reads(onboarding, "Live", "Connected already", picture="registered")


def test_an_account_without_a_number_is_connected_and_several_numbers_come_later(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    client = arrive("Barley Bakery")
    page = client.page
    go_through(client, Walk(None, "Barley Bakery"))
    client.headline("Connected, no number yet")
    expect(page.locator(".lead")).to_have_text(
        "Your WhatsApp account is set up and ready. What is missing is a number: add one whenever you like."
    )
    look_well(page, "walk-account-only")
    (account_only,) = client.onboardings()
    office.reads(account_only, "Connected", "Account without number", picture="account-only")
    expect(office.page.locator("#calm")).to_contain_text("The account is connected. It has no number yet;")
    waba = account_only["number"]["waba_id"]

    # Two more numbers were added to the account at Meta before the client came back with a third.
    owner = stage.meta.show("accounts", waba)["owner_business_id"]
    fresh = {"status": "PENDING", "platform_type": "NOT_APPLICABLE"}
    stage.meta.share(business={"id": owner}, account={"id": waba}, numbers=[fresh, fresh], told=False)
    page.get_by_role("link", name="Add a number").click()
    go_through(client, Walk(client.number + "10", "Barley Bakery", returns=True))
    numbers = page.get_by_role("navigation", name="Numbers of this signup")
    expect(numbers.get_by_role("listitem")).to_have_count(3)
    expect(numbers.get_by_text("Write hi, test")).to_have_count(3)
    look_well(page, "walk-several")
    rows = numbers.get_by_role("listitem").all()
    texts = {digits(row.locator("a.nw").inner_text()): row.locator("p b").inner_text() for row in rows}
    assert len(set(texts.values())) == 3

    aboard = [one for one in client.onboardings() if one["reference"] != account_only["reference"]]
    assert len(aboard) == 3
    for one in aboard:
        text = texts[digits(one["number"]["display_phone_number"])]
        stage.meta.write(one["number"]["phone_number_id"], "15550009001", text)
        assert stage.meta.done("registered", one["number"]["phone_number_id"]) == 1
    client.headline("Barley Bakery is live on WhatsApp")
    page.reload()
    expect(numbers.get_by_text("Live", exact=True)).to_have_count(3)
    for one in aboard:
        assert stage.meta.done("registered", one["number"]["phone_number_id"]) == 1
        office.reads(one, "Live", "New number")
    look_well(page, "walk-several-live")
