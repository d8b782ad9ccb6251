"""Numbers somebody holds already: another provider, or a PIN of an earlier life; and one that Meta has locked."""

import pytest
from playwright.sync_api import APIResponse, Route, expect

from tests.browser.connect.client import press
from tests.browser.looks import look_well
from tests.browser.walks.conftest import Arrive
from tests.browser.walks.office import Office
from tests.browser.walks.window import Walk, go_through, see_refused
from tests.browser.windows import closing
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack]

STILL_ON = "Two-step verification is still on for this number. Turn it off with your current provider, then try again."
THEIR_PIN = "135790"
OLD_PIN = "246810"  # of the local Meta's numbers that end in 82


def test_a_number_of_another_provider_moves_once_its_pin_is_off_and_is_registered_last(
    arrive: Arrive, office: Office, stage: Stage
) -> None:
    client = arrive("Poppy Bakery")
    page = client.page
    walk = Walk(client.number + "10", "Poppy Bakery")
    theirs = stage.meta.share(numbers=[{"number": walk.number, "pin": THEIR_PIN}], told=False, app_installed=False)
    stage.meta.change(f"accounts/{theirs['waba_id']}", shared=False, silent=True)
    page.locator("#ask-elsewhere").get_by_role("radio", name="Yes", exact=True).click()
    expect(page.get_by_role("radio", name="A number at another provider")).to_be_checked()
    expect(page.get_by_text("Switch two-step verification off for the number, at your old provider.")).to_be_visible()
    look_well(page, "walk-provider-before")

    window = client.click()
    walk.to_the_number(window)
    window.get_by_label("Phone number").fill(walk.number or "")
    press(window, "Continue")
    see_refused(window, STILL_ON)
    with closing(window):
        window.get_by_role("button", name="Report").click()
    note = client.note("held_by_another_provider")
    expect(note).to_contain_text("This number is still protected at the provider you had before.")
    expect(note).to_contain_text("Two-step verification")
    expect(note.get_by_role("link", name="Open WhatsApp Manager")).to_be_visible()
    expect(client.button).to_have_text("Continue")
    look_well(page, "walk-provider-held")
    assert [opening["error_id"] for opening in client.link_now()["openings"]] == ["2388001"]
    assert client.onboardings() == []

    (number_id,) = theirs["phone_number_ids"]
    stage.meta.change(f"numbers/{number_id}", two_step=False)
    since = stage.meta.last_call()
    register = stage.meta.fault(path="/*/register", action={"delay_ms": 4000}, times=1)
    go_through(client, walk)
    expect(page.locator("#note-of-plan")).to_contain_text("Nothing stops at your old provider yet.")
    look_well(page, "walk-provider-moves")
    page.locator(".hi-text").wait_for()
    assert stage.meta.fired(register) == 1
    expect(page.locator("#note-of-plan")).to_have_count(0)
    client.say_hi()
    client.headline("Poppy Bakery is live on WhatsApp")

    (onboarding,) = client.onboardings()
    done = [call["effect"] for call in stage.meta.calls(since=since) if call["effect"] in ORDER]
    assert done[-1] == "registered"
    assert {"subscribed", "credit_attached"} <= set(done[:-1])
    assert stage.meta.done("registered", onboarding["number"]["phone_number_id"]) == 1
    office.reads(onboarding, "Live", "From another provider", picture="provider")


ORDER = {"subscribed", "credit_attached", "registered"}


def test_a_pin_of_an_earlier_life_is_entered_once_it_is_known(arrive: Arrive, office: Office, stage: Stage) -> None:
    client = arrive("Sesame Bakery")
    page = client.page
    go_through(client, Walk(client.number + "82", "Sesame Bakery"))
    client.headline("One thing needs you: your number has a PIN")
    look_well(page, "walk-pin-asks")
    (onboarding,) = client.onboardings()
    office.reads(onboarding, "Needs attention", "New number", picture="pin")
    card = office.card("“Register the phone” cannot go on without the client")
    expect(card.get_by_role("heading", name="The client knows it")).to_be_visible()
    expect(office.page.locator("#the-number + dl, dl.kv").first).to_contain_text("1 of 10 in 72 h")

    page.get_by_label("PIN of this number").fill("111111")
    page.get_by_role("button", name="Register with this PIN").click()
    expect(page.get_by_text("Meta did not accept the last try either. 8 tries are left until")).to_be_visible()
    look_well(page, "walk-pin-wrong")
    page.get_by_label("PIN of this number").fill(OLD_PIN)
    page.get_by_role("button", name="Register with this PIN").click()
    page.locator(".hi-text").wait_for()
    client.say_hi()
    client.headline("Sesame Bakery is live on WhatsApp")
    number = onboarding["number"]["phone_number_id"]
    assert (stage.meta.registers(number), stage.meta.done("registered", number)) == (3, 1)
    office.reads(onboarding, "Live", "New number")


def test_an_answer_that_comes_after_a_newer_look_is_not_the_last_word(arrive: Arrive, stage: Stage) -> None:
    """Meta may refuse a PIN, and the page may look and see it, before the answer to the press itself has come."""
    client = arrive("Caraway Bakery")
    page = client.page
    go_through(client, Walk(client.number + "82", "Caraway Bakery"))
    client.headline("One thing needs you: your number has a PIN")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/pin*", lambda route: held.append((route, route.fetch())))
    stage.meta.fault(path="/*/register", method="POST", action={"delay_ms": 1500}, times=1)
    page.get_by_label("PIN of this number").fill("111111")
    page.get_by_role("button", name="Register with this PIN").click()
    refused = page.get_by_text("Meta did not accept the last try either. 8 tries are left until")
    expect(refused).to_be_visible()

    page.evaluate("document.getElementById('main').dataset.before = ''")
    ((route, answer),) = held
    route.fulfill(response=answer)
    expect(page.locator("main[data-before]")).to_have_count(0)
    expect(refused).to_be_visible()


def test_a_pin_that_nobody_knows_is_switched_off_at_meta_and_the_page_goes_on(arrive: Arrive, stage: Stage) -> None:
    client = arrive("Fennel Bakery")
    page = client.page
    go_through(client, Walk(client.number + "82", "Fennel Bakery"))
    client.headline("One thing needs you: your number has a PIN")
    (onboarding,) = client.onboardings()
    number = onboarding["number"]["phone_number_id"]

    stage.meta.change(f"numbers/{number}", two_step=False)
    page.get_by_role("button", name="It is off, try again").click()
    page.locator(".hi-text").wait_for()
    client.say_hi()
    client.headline("Fennel Bakery is live on WhatsApp")
    assert (stage.meta.registers(number), stage.meta.done("registered", number)) == (2, 1)
