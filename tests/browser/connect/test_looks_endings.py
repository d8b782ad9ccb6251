"""How the explained endings and the full week look: every look, the longer languages, no fault."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.kit import clock
from app.onboarding.links.links import get_link
from app.onboarding.window.endings import ENDINGS
from app.runtime import Runtime
from tests.browser.connect.test_looks import CONTACT, every_look
from tests.browser.looks import dress, faults
from tests.browser.shots import keep_shot
from tests.connect.conftest import app
from tests.connect.gallery import served
from tests.connect.visitor import make_link
from tests.factories.links import add_link, add_onboarding_of, add_opening

__all__ = ["app"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

ENDED: dict[str, dict[str, Any]] = {
    "stopped_at_the_code": {"kind": "CANCEL", "current_step": "PHONE_NUMBER_VERIFICATION"},
    "not_an_admin": {
        "kind": "CANCEL",
        "error_id": "3441038",
        "error_message": "You have no permission for this resource: ask an admin of the portfolio to do this.",
        "session_id": "f34b51dab5e0498",
    },
    "held_by_another_provider": {"kind": "ERROR", "error_id": "2388001", "session_id": "f34b51dab5e0498"},
}


@pytest.fixture
def base(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def open_page(chromium: Browser, base: str, token: str, look: str, locale: str = "en-GB") -> Page:
    """The page in one look. Meta's SDK comes, with nothing in it: that it cannot be loaded is another note."""
    context = chromium.new_context(locale=locale)
    empty = {"body": "", "content_type": "text/javascript", "headers": {"Access-Control-Allow-Origin": "*"}}
    context.route("**/en_US/sdk.js", lambda route: route.fulfill(**empty))
    page = context.new_page()
    dress(page, look)
    page.goto(f"{base}/connect/{token}")
    return page


def ended(rt: Runtime, key: str) -> str:
    """A link whose last window ended so; its token."""
    link_id, token = make_link(rt, **CONTACT)
    with rt.db.read() as session:
        link = get_link(session, link_id)
    add_opening(rt.db, link, at=clock.now() - timedelta(minutes=5), event=ENDED[key])
    return token


def fill_the_week(rt: Runtime) -> None:
    for place in range(10):
        done = clock.now() - timedelta(days=5, hours=place)
        add_onboarding_of(rt.db, add_link(rt.db, f"Client {place}", at=done), at=done, first_step_done_at=done)


@pytest.mark.parametrize("key", ENDED)
def test_no_explained_ending_has_a_fault_in_any_look(chromium: Browser, base: str, rt: Runtime, key: str) -> None:
    page = open_page(chromium, base, ended(rt, key), "light")
    for look in every_look(page):
        page.locator(f'[data-ending="{key}"]').wait_for()
        keep_shot(page, f"connect-ended-{key}-{look}")
        assert faults(page) == [], look
    page.context.close()


@pytest.mark.parametrize("locale", ["es-ES", "pt-BR"])
@pytest.mark.parametrize("key", ENDED)
def test_longer_languages_fit_the_narrowest_phone(
    chromium: Browser, base: str, rt: Runtime, key: str, locale: str
) -> None:
    page = open_page(chromium, base, ended(rt, key), "320", locale)
    keep_shot(page, f"connect-ended-{key}-{locale}-320")
    assert faults(page) == []
    page.context.close()


def test_every_ending_can_be_read_without_a_fault(chromium: Browser, base: str, rt: Runtime) -> None:
    """All of them, one page after the other: the words of each, where it stands."""
    for key, row in ENDINGS.items():
        if row.of[0] not in {"cancelled", "closed", "failed"}:
            continue
        link_id, token = make_link(rt, **CONTACT)
        with rt.db.read() as session:
            link = get_link(session, link_id)
        kind = {"cancelled": "CANCEL", "closed": "CLOSED", "failed": "ERROR"}[row.of[0]]
        event = {"kind": (*row.kinds, kind)[0], "current_step": (*row.screens, None)[0]}
        event |= (
            {"error_id": (*row.errors, "1357004")[0], "error_message": (*row.says, "Meta says no.")[0]}
            if (row.of[0] == "failed")
            else {}
        )
        event = {name: value for name, value in event.items() if value is not None}
        add_opening(rt.db, link, at=clock.now() - timedelta(minutes=5), event=event)
        page = open_page(chromium, base, token, "390")
        note = page.locator("[data-ending]")
        assert note.get_attribute("data-ending") == key
        assert row.happened in note.inner_text()
        assert faults(page) == [], key
        page.context.close()


def test_a_full_week_turns_the_button_off_and_says_why(chromium: Browser, base: str, rt: Runtime) -> None:
    fill_the_week(rt)
    _, token = make_link(rt, **CONTACT)
    page = open_page(chromium, base, token, "light")
    for look in every_look(page):
        page.locator("#stop-week").wait_for()
        keep_shot(page, f"connect-full-{look}")
        assert faults(page) == [], look
    button = page.locator("#connect")
    assert button.get_attribute("aria-disabled") == "true"
    button.click(force=True)
    assert page.evaluate("document.activeElement.id") == "stop-week"
    # The questions leave it off.
    page.locator("#ask-admin").get_by_role("radio", name="Yes", exact=True).click()
    assert button.get_attribute("aria-disabled") == "true"
    page.context.close()


@pytest.mark.parametrize("locale", ["es-ES", "pt-BR"])
def test_a_full_week_in_longer_languages(chromium: Browser, base: str, rt: Runtime, locale: str) -> None:
    fill_the_week(rt)
    _, token = make_link(rt, **CONTACT)
    page = open_page(chromium, base, token, "320", locale)
    keep_shot(page, f"connect-full-{locale}-320")
    assert faults(page) == []
    page.context.close()


def test_a_page_left_open_loads_itself_again_once_there_is_room(chromium: Browser, base: str, rt: Runtime) -> None:
    fill_the_week(rt)
    _, token = make_link(rt, **CONTACT)
    page = open_page(chromium, base, token, "light")
    page.locator("#stop-week").wait_for()
    page.clock.set_fixed_time(clock.now() + timedelta(days=3))
    with page.expect_navigation():
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.context.close()
