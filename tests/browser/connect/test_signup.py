"""From the click to "is live", in a real browser, against real processes: both plans, every order of arrival."""

from collections.abc import Callable

import pytest

from tests.browser.connect.client import NEW, PHONE_APP
from tests.browser.connect.conftest import NewClient
from tests.browser.shots import keep_shot

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Play = Callable[..., None]


@pytest.mark.parametrize("order", ["message_first", "code_first", "message_lost"])
def test_a_new_number_goes_live(new_client: NewClient, play: Play, order: str) -> None:
    play(order=order)
    client = new_client()

    client.finish(client.click(), NEW)
    client.headline("Setting up Example Bakery")
    client.page.locator(".hi-text").wait_for()
    keep_shot(client.page, f"connect-real-hi-{order}")
    text = client.say_hi()
    client.headline("Example Bakery is live on WhatsApp")

    assert text.startswith("hi, test ")
    assert client.page.locator(".proofs li.ok").count() == 7
    assert client.page.locator(".gang .pl-done").count() == 5
    assert client.page.locator("[data-poll]").count() == 0
    keep_shot(client.page, f"connect-real-live-{order}")
    (onboarding,) = client.onboardings()
    assert (onboarding["status"], onboarding["plan"]) == ("live", "standard")


@pytest.mark.parametrize("order", ["message_first", "code_first", "message_lost"])
def test_a_number_that_stays_on_the_phone_app_goes_live(new_client: NewClient, play: Play, order: str) -> None:
    play(order=order)
    client = new_client()

    client.page.get_by_text("The number on my WhatsApp Business app").click()
    client.finish(client.click(), PHONE_APP)
    client.headline("Setting up Example Bakery")
    client.page.locator(".hi-text").wait_for()

    assert client.step("Bring over contacts and chats").count() == 1
    assert client.step("Register your number").count() == 0
    client.say_hi()
    client.headline("Example Bakery is live on WhatsApp")
    (onboarding,) = client.onboardings()
    assert (onboarding["status"], onboarding["plan"]) == ("live", "coexistence")
