"""How the client's page looks and reads in every state: no accessibility fault, no sideways scroll."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from app.kit import clock
from app.onboarding.models import Step
from app.onboarding.plans import PLANS
from app.runtime import Runtime
from tests.browser.looks import LOOKS, dress, faults
from tests.browser.shots import keep_shot
from tests.connect import states
from tests.connect.conftest import app
from tests.connect.gallery import served
from tests.connect.visitor import make_link

__all__ = ["app"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

SINCE = datetime(2026, 11, 20, 12, 41, tzinfo=UTC)
PARKED = {"state": "needs_us", "trouble": {"key": "parked_app_only"}}
STATES: dict[str, states.State | None] = {
    "before": None,
    "running": states.running(),
    "waiting": states.waiting_for_billing(),
    "say-hi": states.say_hi(),
    "heard": states.say_hi(heard=True),
    "phone-app": states.say_hi("coexistence"),
    "live": states.live(),
    "waived": states.waived(),
    "problem": states.in_trouble("register", "needs_client", "number_not_verified"),
    "ours": states.in_trouble("credit", "refused", "credit_elsewhere", code=100, trace_id="Fz71LpQ0wYd"),
    "code-wanted": states.wants_code(),
    "code-sent": states.wants_code(sent=True),
    "code-refused": states.wants_code(refused=True),
    "pin": states.wants_pin(),
    "account-only": states.State(plan="account_only", proofs=PLANS["account_only"].connected, number=None),
    "virtual": states.waits("name", "name_review", "virtual", since=SINCE, name_status="PENDING_REVIEW"),
    "name-declined": states.in_trouble("register", "needs_client", "name_declined"),
    "from-provider": states.State(plan="from_provider", steps={"register": "not_started", "test": "not_started"}),
    "moving-refused": states.in_trouble("register", "needs_client", "number_not_movable", code=2388103),
    "phone-app-begins": states.State(plan="coexistence", steps={"sync": "running", "test": "not_started"}),
    "registered": states.State(plan="registered", steps={"confirm": "running", "test": "not_started"}),
    "reconnected": states.live("reconnect"),
    "parked-app-only": states.State(plan="app_only", steps={"exchange": PARKED}),
    "parked-pool": states.State(
        plan="preverified", steps={"exchange": {"state": "needs_us", "trouble": {"key": "parked_preverified"}}}
    ),
    "wait-billing": states.waits("credit", "credit_attached", "standard", since=SINCE),
    "replaced": states.State(ended="replaced"),
    "removed": states.State(ended="removed", proofs=PLANS["standard"].proofs),
    "again": states.in_trouble("exchange", "needs_client", "no_account_shared"),
}
CONTACT = {"contact_name": "Alex Example", "contact_email": "alex@bakery.example"}


@pytest.fixture
def base(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def open_page(chromium: Browser, base: str, token: str, look: str, locale: str = "en-GB") -> Page:
    """The page in one look, in a browser context of its own that the caller closes."""
    page = chromium.new_context(locale=locale).new_page()
    dress(page, look)
    page.goto(f"{base}/connect/{token}")
    return page


def every_look(page: Page) -> Iterator[str]:
    """The page in each look: the first is the one it was opened in, for the others it is loaded anew."""
    first, *others = LOOKS
    yield first
    for look in others:
        dress(page, look)
        page.reload()
        yield look


@pytest.mark.parametrize("state", STATES)
def test_no_state_has_a_fault_in_any_look(chromium: Browser, base: str, rt: Runtime, state: str) -> None:
    link_id, token = make_link(rt, **({} if state == "before" else CONTACT))
    if laid := STATES[state]:
        states.lay(rt, link_id, laid, now=clock.now())
    page = open_page(chromium, base, token, "light")
    for look in every_look(page):
        keep_shot(page, f"connect-{state}-{look}")
        assert faults(page) == [], look
    page.context.close()


@pytest.mark.parametrize("locale", ["es-ES", "pt-BR"])
@pytest.mark.parametrize(
    "state", ["before", "say-hi", "live", "code-wanted", "code-sent", "pin", "virtual", "removed", "account-only"]
)
def test_longer_languages_fit_the_narrowest_phone(
    chromium: Browser, base: str, rt: Runtime, state: str, locale: str
) -> None:
    link_id, token = make_link(rt)
    if laid := STATES[state]:
        states.lay(rt, link_id, laid, now=clock.now())
    page = open_page(chromium, base, token, "320", locale)
    keep_shot(page, f"connect-{state}-{locale}-320")

    assert faults(page) == []
    page.context.close()


@pytest.mark.parametrize("look", ["light", "dark", "320"])
def test_no_note_and_no_dead_end_has_a_fault(chromium: Browser, base: str, rt: Runtime, look: str) -> None:
    _, token = make_link(rt)
    page = open_page(chromium, base, token, look)
    names = page.locator("template[id^=note-]").evaluate_all("all => all.map((one) => one.id.slice(5))")
    assert len(names) == 16
    # All of them at once, as nobody sees them: one look finds what any of them has wrong.
    page.evaluate(
        """() => {
            const place = document.getElementById("say");
            const notes = [...document.querySelectorAll("template[id^=note-]")];
            place.replaceChildren(...notes.map((one) => one.content.cloneNode(true)));
            document.querySelectorAll("form .note[hidden]").forEach((one) => { one.hidden = false; });
        }"""
    )

    assert faults(page) == []
    page.context.close()


@pytest.mark.parametrize("path", ["nobody-knows-this-token", "about/terms", "about/storage"])
def test_the_open_pages_have_no_fault_either(chromium: Browser, base: str, path: str) -> None:
    page = open_page(chromium, base, path, "light")
    for look in every_look(page):
        keep_shot(page, f"connect-{path.rpartition('/')[2]}-{look}")
        assert faults(page) == [], look
    page.context.close()


def test_a_plank_is_laid_when_its_step_is_done_and_focus_stays_where_it_was(
    chromium: Browser, base: str, rt: Runtime
) -> None:
    link_id, token = make_link(rt, **CONTACT)
    key = states.lay(rt, link_id, states.waiting_for_billing(), now=clock.now())
    page = open_page(chromium, base, token, "light")
    page.get_by_role("button", name="Copy link").focus()
    with rt.db.write() as session:
        session.execute(update(Step).where(Step.onboarding_id == key, Step.name == "credit").values(state="done"))

    page.locator(".gang .pl-done.laid").wait_for(state="attached")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Copy link"
    page.context.close()
