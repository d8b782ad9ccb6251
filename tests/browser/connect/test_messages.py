"""Whom the page believes: one origin exactly, one kind of text, and only while a window of its own is open."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.connect.client import walk_to
from tests.browser.connect.conftest import NewClient

pytestmark = [pytest.mark.browser, pytest.mark.stack]

META = "https://www.facebook.com"
ORIGINS = [META, "https://web.facebook.com"]
FINISH = {"type": "WA_EMBEDDED_SIGNUP", "event": "FINISH", "data": {"waba_id": "1"}, "version": "3"}

STRANGERS = [
    "http://www.facebook.com",
    "https://facebook.com",
    "https://evilfacebook.com",
    "https://www.facebook.com.evil.example",
    "https://www.facebook.com:8443",
    "https://m.facebook.com",
    "https://WWW.facebook.com",
    "null",
    "",
]
NOISE: list[Any] = [
    "cb=f1a2b3&domain=localhost",
    "",
    "null",
    "[]",
    "{",
    FINISH,
    json.dumps({"type": "FB_NOISE", "event": "FINISH"}),
    json.dumps({"type": "WA_EMBEDDED_SIGNUP"}),
    json.dumps({"type": "WA_EMBEDDED_SIGNUP", "event": 1}),
]


@pytest.fixture
def read(new_client: NewClient) -> Callable[[str, Any], Any]:
    """The page's own reading of a message of this origin with this data."""
    page = new_client().page

    def ask(origin: str, data: Any) -> Any:
        return page.evaluate(
            """async ([message, origins]) => {
                const main = document.querySelector('script[src$="connect/main.js"]').src;
                const { readMessage } = await import(new URL("messages.js", main).href);
                return readMessage(message, origins);
            }""",
            [{"origin": origin, "data": data}, ORIGINS],
        )

    return ask


def test_exactly_metas_origins_are_believed(read: Callable[[str, Any], Any]) -> None:
    said = json.dumps(FINISH)

    assert [read(origin, said) for origin in ORIGINS] == [FINISH, FINISH]
    assert [origin for origin in STRANGERS if read(origin, said) is not None] == []


def test_everything_but_what_metas_window_says_is_noise(read: Callable[[str, Any], Any]) -> None:
    assert [data for data in NOISE if read(META, data) is not None] == []


@pytest.mark.parametrize(
    "kind",
    [
        "FINISH",
        "FINISH_ONLY_WABA",
        "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING",
        "FINISH_OBO_MIGRATION",
        "FINISH_GRANT_ONLY_API_ACCESS",
        "FINISH_SOMETHING_NEW",
        "CANCEL",
        "CANCEL_WHATSAPP_BUSINESS_APP_ONBOARDING",
        "ERROR",
        "ERROR_WHATSAPP_BUSINESS_APP_ONBOARDING",
        "PROGRESS",
        "SOMETHING_NEW",
    ],
)
def test_every_event_is_heard_and_missing_data_is_no_fault(read: Callable[[str, Any], Any], kind: str) -> None:
    assert read(META, json.dumps({"type": "WA_EMBEDDED_SIGNUP", "event": kind})) == {
        "type": "WA_EMBEDDED_SIGNUP",
        "event": kind,
        "data": {},
    }


def posts_of(page: Page) -> list[str]:
    """Collects what the page says to our doors from now on."""
    said: list[str] = []
    page.on(
        "request", lambda request: said.append(request.url.rpartition("/")[2]) if request.method == "POST" else None
    )
    return said


def test_a_message_before_any_window_is_open_does_nothing(new_client: NewClient) -> None:
    client = new_client()
    said = posts_of(client.page)
    # The page has listened for longer, so it hears the message before we do; a request of its own comes before ours.
    client.page.evaluate(
        """async (text) => {
            await new Promise((heard) => {
                window.addEventListener("message", heard);
                window.postMessage(text, "*");
            });
            await fetch("/healthz");
        }""",
        json.dumps(FINISH),
    )

    assert said == []


def test_a_forged_end_event_from_another_origin_changes_nothing(
    new_client: NewClient, play: Callable[..., None]
) -> None:
    play(forge=True)
    client = new_client()
    window = client.click()
    client.note("open")
    said = posts_of(client.page)
    walk_to(window, "number", client.number + "10")
    client.page.evaluate("(text) => window.postMessage(text, '*')", json.dumps(FINISH))

    expect(client.page.locator('#say[data-note="open"]')).to_be_visible()
    assert [door for door in said if door in {"onboard-client", "exchange-token", "abandonments"}] == []
