"""Each ending of Meta's window as a client meets it: explained at once, the same after a reload, with its button."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.connect.client import NEW, Client, walk_to
from tests.browser.connect.conftest import NewClient
from tests.browser.shots import keep_shot

pytestmark = [pytest.mark.browser, pytest.mark.stack]

# The window's own word about being closed stays unsaid: only what the test lets it say is heard.
SAY = """(texts) => {
    delete document.body.dataset.cancelEvent;
    texts.forEach((text) => window.opener.postMessage(text, document.body.dataset.openerOrigin));
}"""


def said(kind: str, **data: Any) -> str:
    return json.dumps({"type": "WA_EMBEDDED_SIGNUP", "event": kind, "data": data, "version": "3"})


def error(number: str, words: str = "Meta says no.") -> str:
    return said("ERROR", error_code=number, error_message=words, session_id="f34b51dab5e0498")


def leave(window: Page, *texts: str) -> None:
    """Let the window say this, then close it by hand."""
    window.evaluate(SAY, list(texts))
    window.close()


def explained(client: Client, key: str, says: str) -> None:
    """The note stands there, also after a reload, and the button goes on."""
    for again in (False, True):
        if again:
            client.page.reload()
        expect(client.note(key)).to_contain_text(says)
        expect(client.button).to_have_text("Continue")
        expect(client.button).not_to_have_attribute("aria-disabled", "true")


STOPS = [
    ("BUSINESS_ACCOUNT_SELECTION", "stopped_at_the_portfolio", "You stopped at the choice of your business."),
    ("WABA_PHONE_PROFILE_PICKER", "stopped_at_the_account", "You stopped at the choice of account and number."),
    ("WHATSAPP_BUSINESS_PROFILE_SETUP", "stopped_at_the_profile", "You stopped at your WhatsApp profile."),
    ("PHONE_NUMBER_SETUP", "stopped_at_the_number", "You stopped at the phone number."),
    ("PHONE_NUMBER_VERIFICATION", "stopped_at_the_code", "The code did not come?"),
    ("PERMISSIONS", "stopped_at_the_permissions", "You stopped at the permissions."),
    ("A_SCREEN_TO_COME", "cancelled", "You left Meta’s window before the end."),
]


@pytest.mark.parametrize(("screen", "key", "says"), STOPS)
def test_a_cancel_at_each_screen_has_its_own_advice(new_client: NewClient, screen: str, key: str, says: str) -> None:
    client = new_client()
    leave(client.click(), said("CANCEL", current_step=screen))

    explained(client, key, says)
    (opening,) = client.link_now()["openings"]
    assert (opening["event"], opening["screen"], opening["ending"]) == ("CANCEL", screen, key)
    keep_shot(client.page, f"connect-ending-{key}")


ERRORS = [
    (error("1690130"), "portfolio_not_taken", "Meta does not take the portfolio or account you chose."),
    (error("3441038"), "not_an_admin", "You are not an admin of the portfolio you chose."),
    (error("2388001"), "held_by_another_provider", "This number is still protected at the provider you had before."),
    (error("1", "Registered with WhatsApp Messenger."), "on_a_private_app", "a private WhatsApp account."),
    (error("1", "This partner can't onboard customers now."), "no_more_clients_now", "Meta takes no new business"),
    (error("999999"), "failed", "Meta’s window showed a problem."),
    (said("ERROR_WHATSAPP_BUSINESS_APP_ONBOARDING"), "phone_app_failed", "Meta could not connect the app"),
    (said("CANCEL_WHATSAPP_BUSINESS_APP_ONBOARDING"), "stopped_at_the_phone_app", "shows a QR code."),
]


@pytest.mark.parametrize(("event", "key", "says"), ERRORS)
def test_each_error_says_what_it_means_and_how_to_go_on(new_client: NewClient, event: str, key: str, says: str) -> None:
    client = new_client()
    leave(client.click(), event)

    explained(client, key, says)
    if "f34b51" in event:
        expect(client.note(key)).to_contain_text("f34b51dab5e0498")
    keep_shot(client.page, f"connect-ending-{key}")


def test_closed_without_a_word_keeps_the_screen_that_progress_named(new_client: NewClient) -> None:
    client = new_client()
    leave(client.click(), said("PROGRESS", current_step="PHONE_NUMBER_VERIFICATION"), said("SOMETHING_NEW"))
    explained(client, "stopped_at_the_code", "You stopped at the six-digit code.")


def test_closed_without_any_word_is_told_too(new_client: NewClient) -> None:
    client = new_client()
    leave(client.click())
    explained(client, "closed", "You closed Meta’s window before the end.")


def test_a_finish_whose_code_was_lost_asks_for_one_more_go(new_client: NewClient) -> None:
    client = new_client()
    leave(client.click(), said("FINISH", waba_id="524126980791429"))

    explained(client, "no_code", "Meta finished, but its key did not reach us.")
    keep_shot(client.page, "connect-ending-no_code")
    client.finish(client.click())
    client.headline("Setting up Example Bakery")


def test_x_on_the_last_screen_is_success(new_client: NewClient) -> None:
    client = new_client()
    window = client.click()
    walk_to(window, "success", client.number + NEW)
    window.close()
    client.headline("Setting up Example Bakery")


def test_somebody_who_reports_an_error_and_goes_on_all_the_same_finishes(new_client: NewClient) -> None:
    client = new_client()
    window = client.click()
    window.evaluate("(text) => window.opener.postMessage(text, document.body.dataset.openerOrigin)", error("999999"))
    client.note("failed")
    client.finish(window)

    client.headline("Setting up Example Bakery")
    (onboarding,) = client.onboardings()
    assert onboarding["plan"] == "standard"


def test_the_buttons_of_a_note_work(new_client: NewClient) -> None:
    client = new_client()
    leave(client.click(), error("1", "This number is on the WhatsApp Business app."))
    client.note("on_the_business_app").get_by_role("button", name="Keep the phone app").click()
    expect(client.page.get_by_label("The number on my WhatsApp Business app")).to_be_checked()
    client.note("plan-chosen")

    leave(client.click(), error("2388001"))
    link = client.note("held_by_another_provider").get_by_role("link", name="Open WhatsApp Manager")
    expect(link).to_have_attribute("href", "https://business.facebook.com/wa/manage/phone-numbers/")


def test_where_our_server_does_not_hear_it_the_page_says_what_it_knows_and_tells_it_later(
    new_client: NewClient, context: BrowserContext
) -> None:
    def stay_away(route: Route) -> None:
        route.abort()

    client = new_client()
    window = client.click()
    context.route("**/abandonments", stay_away)
    context.route("**/ending?*", stay_away)
    leave(window, said("CANCEL", current_step="PHONE_NUMBER_VERIFICATION"))
    expect(client.note("closed")).to_contain_text("You closed Meta’s window before the end.")
    expect(client.button).to_have_text("Continue")

    context.unroute("**/abandonments")
    context.unroute("**/ending?*")
    with client.page.expect_response("**/abandonments"):
        client.page.reload()
    client.page.reload()
    client.note("stopped_at_the_code")


def test_a_follow_up_link_takes_up_the_thread(new_client: NewClient) -> None:
    client = new_client()
    leave(client.click(), said("CANCEL", current_step="PHONE_NUMBER_VERIFICATION"))
    client.note("stopped_at_the_code")
    made = client.stage.partner.follow_up(client.link["id"])

    client.page.goto(made["url"])
    expect(client.note("stopped_at_the_code")).to_contain_text("You stopped at the six-digit code.")
    client.link = made
    client.finish(client.click())
    client.headline("Setting up Example Bakery")
