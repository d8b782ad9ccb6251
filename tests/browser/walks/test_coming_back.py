"""A client that was live comes back by a new link: everything is read back, nothing is registered, one run counts."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import look_well
from tests.browser.walks.conftest import Arrive
from tests.browser.walks.office import Office
from tests.browser.walks.window import Walk, go_through, pick_again
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_a_client_that_connects_twice_by_one_link_is_led_from_the_older_connection_to_the_newer(
    arrive: Arrive, stage: Stage
) -> None:
    client = arrive("Lovage Bakery")
    page = client.page
    go_through(client, Walk(client.number + "10", "Lovage Bakery"))
    page.locator(".hi-text").wait_for()
    (before,) = client.onboardings()
    home = page.url.partition("?")[0]
    page.goto(f"{home}?again=1")
    pick_again(client, before["number"]["display_phone_number"])
    page.locator(".hi-text").wait_for()

    page.goto(f"{home}/numbers/{before['reference']}")
    client.headline("A newer connection counts")
    look_well(page, "walk-replaced")
    page.get_by_role("link", name="Show the newer one").click()
    client.headline("Setting up Lovage Bakery")
    client.say_hi()
    client.headline("Lovage Bakery is live on WhatsApp")
    assert stage.meta.registers(before["number"]["phone_number_id"]) == 1


def test_a_live_client_comes_back_by_a_new_link_and_keeps_its_number(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    first = arrive("Caraway Bakery", external_ref="crm-caraway")
    go_through(first, Walk(first.number + "10", "Caraway Bakery"))
    first.page.locator(".hi-text").wait_for()
    first.say_hi()
    first.headline("Caraway Bakery is live on WhatsApp")
    (before,) = first.onboardings()
    number = before["number"]["phone_number_id"]

    again = arrive("Caraway Bakery", external_ref="crm-caraway")
    pick_again(again, before["number"]["display_phone_number"])
    again.headline("Caraway Bakery is connected again")
    expect(again.page.locator(".lead")).to_contain_text("We have read our access, message delivery and billing back")
    expect(again.page.locator(".proofs li.ok")).to_have_count(7)
    look_well(again.page, "walk-reconnect")
    (after,) = again.onboardings()
    assert after["client"] == before["client"]
    office.reads(after, "Live", "Reconnected", picture="reconnect")
    office.reads(before, "Replaced", "New number", picture="replaced")
    expect(office.notice()).to_contain_text("A newer one of the same number counts")
    expect(office.notice().get_by_role("link")).to_have_text(after["reference"])

    # The first link ended when the second was made; what it brought can be seen by nobody but staff.
    first.page.reload()
    first.headline("This link is not open")
    look_well(first.page, "walk-link-ended")
    assert (stage.meta.registers(number), stage.meta.done("registered", number)) == (1, 1)
