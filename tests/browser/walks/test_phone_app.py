"""A number that stays on its phone app: live, paused while the app is off, back, and taken away; never registered."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import look_well
from tests.browser.walks.conftest import Arrive
from tests.browser.walks.office import Office
from tests.browser.walks.window import Walk, go_through
from tests.journeys.conftest import Stage
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_a_phone_app_is_kept_pauses_comes_back_and_can_be_taken_away(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    client = arrive("Malt Bakery")
    page = client.page
    page.get_by_text("The number on my WhatsApp Business app").click()
    go_through(client, Walk(client.number + "70", "Malt Bakery"))
    page.locator(".hi-text").wait_for()
    assert client.step("Register your number").count() == 0
    look_well(page, "walk-coexistence-hi")
    client.say_hi()
    client.headline("Malt Bakery is live on WhatsApp")
    (onboarding,) = client.onboardings()
    number, account = onboarding["number"]["phone_number_id"], onboarding["number"]["waba_id"]
    office.reads(onboarding, "Live", "Phone app kept", picture="coexistence")

    def is_now(status: str) -> bool:
        return client.onboardings()[0]["status"] == status

    stage.meta.happen(account, "offboard")
    assert until(lambda: is_now("paused"))
    page.reload()
    client.headline("Your WhatsApp Business app is off just now")
    expect(page.locator("main")).to_contain_text(
        "Sending is paused, and nothing is lost. Open the app on your phone: it connects again by itself."
    )
    assert page.get_by_role("link", name="Start verification").count() == 0
    look_well(page, "walk-paused")
    office.reads(onboarding, "Paused", "Phone app kept", picture="paused")
    expect(office.notice()).to_contain_text("Paused: the phone app is off.")
    expect(office.page.locator("#calm")).to_have_text(
        "Sending is held. Nothing to do; it goes on by itself when the phone app is back."
    )

    stage.meta.happen(account, "reconnect")
    client.headline("Malt Bakery is live on WhatsApp")
    office.reads(onboarding, "Live", "Phone app kept")

    stage.meta.happen(account, "partner_removed", reason="PRIMARY_INACTIVITY", initiated_by="SYSTEM")
    assert until(lambda: is_now("removed"))
    page.reload()
    client.headline("Malt Bakery is not connected any more")
    expect(page.locator(".lead")).to_have_text(
        "The phone with the WhatsApp Business app was off for about two weeks, so Meta has ended it. Messages do not "
        "reach us any more. Connect WhatsApp again if you want to go on; it takes a minute."
    )
    look_well(page, "walk-removed")
    office.reads(onboarding, "Removed", "Phone app kept", picture="removed")
    expect(office.notice()).to_contain_text(
        "Meta has ended the connection. The phone was off for about 14 days, by Meta."
    )
    expect(office.page.locator("#calm")).to_contain_text("The client can connect again with a new link.")
    expect(office.page.locator("#calm").get_by_role("link", name="New signup link")).to_be_visible()

    page.get_by_role("link", name="Connect WhatsApp again").click()
    expect(client.button).to_have_text("Continue")
    assert stage.meta.registers(number) == 0
