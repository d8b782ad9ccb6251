"""Meta's weekly limit on the client's page: said before the window, the button off; a known client is not stopped."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine

from app.runtime import Runtime
from tests.connect.conftest import Visits
from tests.connect.visitor import HTML
from tests.factories.links import add_link, add_onboarding_of

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CONTACT = {"contact_name": "Alex Example", "contact_email": "alex@bakery.example"}
OFF = re.compile(r'<button class="btn p big" type="submit" id="connect"[^>]*aria-disabled="true"')


def fill(rt: Runtime, clients: int, **first: object) -> None:
    """So many new clients, the oldest of them six days ago."""
    for place in range(clients):
        link = add_link(rt.db, f"Client {place}", at=NOW - timedelta(days=20), **first)  # type: ignore[arg-type]
        done = NOW - timedelta(days=6) + timedelta(hours=place)
        add_onboarding_of(rt.db, link, at=done, first_step_done_at=done, business_id=f"27290634905860{place:02}")


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@time_machine.travel(NOW, tick=False)
def test_while_there_is_room_nothing_is_said(visitor: Visits, rt: Runtime) -> None:
    fill(rt, 9)
    page = visitor(**CONTACT).look().text
    assert "stop-week" not in page
    assert not OFF.search(page)


@time_machine.travel(NOW, tick=False)
def test_when_it_is_full_the_page_says_when_the_next_can_come(visitor: Visits, rt: Runtime) -> None:
    fill(rt, 10)
    page = visitor(**CONTACT).look().text
    assert (
        "We can take the next business from 21 November 2026, 12:00 UTC on. Meta counts how many new businesses a "
        "partner brings to WhatsApp within seven days, and these places are taken. This link keeps working: open it "
        "again then. Until that time nothing is needed from you." in text_of(page)
    )
    assert OFF.search(page)
    assert 'aria-describedby="stop-week connect-hint"' in page
    assert 'data-opens-at="2026-11-21T12:00:00+00:00"' in page


@time_machine.travel(NOW, tick=False)
def test_a_link_that_ends_before_says_to_ask_for_a_new_one(visitor: Visits, rt: Runtime) -> None:
    fill(rt, 10)
    page = text_of(visitor(**CONTACT, life=timedelta(hours=5)).look().text)
    assert "This link ends before that: ask Example Partner for a new one." in page


@time_machine.travel(NOW, tick=False)
def test_it_is_told_in_the_clients_language(visitor: Visits, rt: Runtime) -> None:
    fill(rt, 10)
    browser = visitor(**CONTACT)
    browser.http.get(f"/connect/c/{browser.link_id}?lang=es", headers=HTML)
    page = text_of(browser.look().text)
    assert "Podemos conectar la próxima empresa a partir de: 21 de noviembre de 2026, 12:00 UTC ." in page


@time_machine.travel(NOW, tick=False)
def test_a_known_client_and_a_known_portfolio_are_not_stopped(visitor: Visits, rt: Runtime) -> None:
    fill(rt, 9)
    old = add_link(rt.db, "Example Bakery", at=NOW - timedelta(days=20), external_ref="crm-1")
    add_onboarding_of(rt.db, old, at=NOW, first_step_done_at=NOW)
    assert "stop-week" not in visitor(**CONTACT, external_ref="crm-1").look().text
    theirs = {"business": {"id": "2729063490586003"}}
    assert "stop-week" not in visitor("Somebody", **CONTACT, prefill=theirs).look().text
    assert "stop-week" in visitor("Somebody new", **CONTACT).look().text


def test_as_soon_as_the_oldest_is_a_week_ago_there_is_room_again(visitor: Visits, rt: Runtime) -> None:
    fill(rt, 10)
    with time_machine.travel(NOW + timedelta(days=1) - timedelta(seconds=1), tick=False):
        browser = visitor(**CONTACT)
        assert "stop-week" in browser.look().text
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert "stop-week" not in browser.look().text


@time_machine.travel(NOW, tick=False)
def test_a_code_that_comes_all_the_same_is_taken(visitor: Visits, rt: Runtime) -> None:
    """The page may have been open before. What Meta let in is not ours to refuse."""
    fill(rt, 10)
    browser = visitor(**CONTACT)
    assert browser.open_window().status_code == 204
    reply = browser.tell("exchange-token", code="AQBhlXsctMxJYbwbrpybxlo9")
    assert reply.json["code"] == "meta_unreachable"
