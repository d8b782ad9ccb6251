"""The questions before the window: they choose the plan, name dead ends, and work without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.connect.conftest import NewClient
from tests.browser.shots import keep_shot
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.stack]

DEAD_ENDS = [
    ("on_app", "WhatsApp", "This number is on a private WhatsApp account."),
    ("reachable", "No", "Meta sends a six-digit code to this number."),
    ("admin", "No", "Only an admin can finish in Meta’s window."),
    ("partners_own", "Yes", "Meta does not let a partner connect its own business this way."),
]


def choose(page: Page, question: str, word: str) -> None:
    # Not check(): one answer un-checks itself by choosing the plan it stands for.
    page.locator(f"#ask-{question}").get_by_role("radio", name=word, exact=True).click()


@pytest.mark.parametrize(("question", "word", "says"), DEAD_ENDS)
def test_a_dead_end_is_named_under_its_answer_and_stops_the_button(
    new_client: NewClient, question: str, word: str, says: str
) -> None:
    client = new_client()
    choose(client.page, question, word)

    note = client.page.locator(".note.act:visible")
    expect(note).to_have_count(1)
    expect(note).to_contain_text(says)
    expect(client.button).to_have_attribute("aria-disabled", "true")
    reasons = (client.button.get_attribute("aria-describedby") or "").split()
    assert note.get_attribute("id") in reasons
    keep_shot(client.page, f"connect-stop-{question}")
    # The button stays in reach and can be pressed; it leads to its reason.
    client.button.click(force=True)
    assert client.page.evaluate("document.activeElement.name") == question
    assert len(client.page.context.pages) == 1


def test_a_dead_end_left_again_frees_the_button(new_client: NewClient) -> None:
    client = new_client()
    choose(client.page, "admin", "No")
    choose(client.page, "admin", "Yes")

    expect(client.page.locator(".note.act:visible")).to_have_count(0)
    assert client.button.get_attribute("aria-disabled") is None


def test_a_number_on_the_business_app_chooses_the_plan_that_keeps_it(new_client: NewClient) -> None:
    client = new_client()
    choose(client.page, "on_app", "Business app")

    expect(client.page.get_by_label("The number on my WhatsApp Business app")).to_be_checked()
    client.note("plan-chosen")
    assert client.button.get_attribute("aria-disabled") is None
    expect(client.page.locator("#ask-reachable")).to_be_hidden()
    client.page.get_by_label("A new number").check()
    expect(client.page.locator("#say")).to_be_empty()


def test_where_the_link_does_not_allow_that_plan_it_is_a_dead_end(new_client: NewClient) -> None:
    client = new_client(plans=["standard"])
    choose(client.page, "on_app", "Business app")

    expect(client.page.locator(".note.act:visible")).to_contain_text("This number is on the WhatsApp Business app.")
    expect(client.button).to_have_attribute("aria-disabled", "true")


def test_answers_outlive_a_reload(new_client: NewClient) -> None:
    client = new_client()
    choose(client.page, "admin", "Yes")
    client.page.get_by_text("The number on my WhatsApp Business app").click()
    client.page.reload()

    expect(client.page.locator('input[name="admin"][value="yes"]')).to_be_checked()
    expect(client.page.get_by_label("The number on my WhatsApp Business app")).to_be_checked()


def test_the_missing_contact_is_asked_for_and_kept(new_client: NewClient) -> None:
    client = new_client(known=False)
    client.wait_for_sdk()
    client.button.click()
    expect(client.page.locator("#stop-contact")).to_be_visible()
    assert client.page.evaluate("document.activeElement.id") == "contact-name"

    client.page.get_by_label("Your name").fill("Alex Example")
    client.page.get_by_label("Your e-mail").fill("alex@bakery.example")
    client.finish(client.click())
    client.headline("Setting up Example Bakery")

    assert client.link_now()["client"]["contact"] == {
        "name": "Alex Example",
        "email": "alex@bakery.example",
        "language": "en",
    }


def test_a_person_without_a_mouse_gets_through(new_client: NewClient) -> None:
    client = new_client()
    page = client.page
    client.wait_for_sdk()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("(({ name, id, dataset }) => name || id || dataset.share)(document.activeElement)")
        )
        if reached[-1] == "connect":
            break
    assert reached == ["plan", "on_app", "elsewhere", "reachable", "admin", "send", "partners_own", "connect"]
    with page.expect_popup() as popup:
        page.keyboard.press("Enter")
    client.finish(popup.value)

    client.headline("Setting up Example Bakery")
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_the_link_is_handed_on_only_when_asked_for(new_client: NewClient) -> None:
    client = new_client()
    client.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    token = client.link["url"].rpartition("/")[2]
    assert token not in client.page.content() + client.page.url
    client.finish(client.click())
    client.headline("Setting up Example Bakery")
    client.page.get_by_role("button", name="Copy link").click()

    assert until(lambda: client.page.evaluate("navigator.clipboard.readText()") == client.link["url"])
