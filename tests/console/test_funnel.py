"""The funnel's page: stages, weeks, plans, where windows were left, and one button for each client that stopped."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine

from app.onboarding.links.links import get_link
from tests.console.staff import Desk
from tests.factories.links import CONNECTED, LIVE, add_link, add_onboarding_of, add_opening

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=3)
CANCEL = {"kind": "CANCEL", "current_step": "PHONE_NUMBER_VERIFICATION"}
ERROR = {"kind": "ERROR", "error_id": "3441038", "error_message": "No permission.", "session_id": "f34b51"}


@pytest.fixture(autouse=True)
def friday_noon() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def card(desk: Desk, name: str, query: str = "") -> str:
    page = desk.get(f"/console/funnel{query}").text
    found = re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_an_empty_house_says_what_to_do(desk: Desk) -> None:
    page = text_of(desk.get("/console/funnel").text)
    assert "New clients in the last seven days: 0 of 10 ." in page
    assert "No link was made here." in page
    assert "Nobody has stopped." in page


@pytest.fixture
def four_clients(desk: Desk) -> None:
    db = desk.rt.db
    live = add_link(db, "Sample Florist", at=EARLIER, opened_at=EARLIER)
    add_onboarding_of(db, live, at=EARLIER, proofs=LIVE)
    code = add_link(db, "Example Bakery", at=EARLIER, opened_at=EARLIER, contact_email="alex@bakery.example")
    add_opening(db, code, at=EARLIER, event=CANCEL)
    admin = add_link(db, "Mock Travel", at=NOW - timedelta(days=7), opened_at=EARLIER)
    add_opening(db, admin, at=EARLIER, event=ERROR, plan="coexistence")
    quiet = add_link(db, "Test Valley Vets", at=EARLIER, opened_at=EARLIER)
    add_onboarding_of(db, quiet, at=EARLIER, proofs=CONNECTED)


def test_bars_say_how_far_they_came(desk: Desk, four_clients: None) -> None:
    shown = text_of(card(desk, "far"))
    assert shown == (
        "How far they came 4 links made Link opened 100 % 4 Meta’s window opened 100 % 4 "
        "Finished in Meta’s window 50 % 2 Connected 50 % 2 Live 25 % 1"
    )
    assert 'width="25"' in card(desk, "far")
    assert text_of(card(desk, "left")) == (
        "Where Meta’s window was left Not an admin of the portfolio 50 % 1 Stopped at the six-digit code 50 % 1"
    )


def test_weeks_and_plans_are_counted_and_can_be_chosen(desk: Desk, four_clients: None) -> None:
    weeks = text_of(card(desk, "by-week"))
    assert weeks.endswith("16 November 3 3 3 2 2 1 33 % 9 November 1 1 1 0 0 0 0 %")
    assert "Phone app kept 1 1 1 0 0 0 0 % New number 3 3 3 2 2 1 33 %" in text_of(card(desk, "by-plan"))
    assert "1 link made" in text_of(card(desk, "far", "?plan=coexistence"))
    assert "3 links made" in text_of(card(desk, "far", "?week=2026-11-16"))
    assert "No link was made here." in text_of(card(desk, "far", "?week=2026-11-09&plan=standard"))


def test_each_that_stopped_has_its_reason_what_support_asks_for_and_one_button(desk: Desk, four_clients: None) -> None:
    shown = card(desk, "stopped")
    rows = re.findall(r'<tr role="row"><td.*?</tr>', shown, re.DOTALL)
    told = [text_of(row) for row in rows]
    assert len(rows) == 3
    assert told[0].startswith("Test Valley Vets no contact yet Connected; the test message is missing The onboarding")
    assert told[2].startswith("Example Bakery alex@bakery.example Stopped at the six-digit code The code did not come")
    assert "PHONE_NUMBER_VERIFICATION New number" in told[2]
    assert "Mock Travel no contact yet Not an admin of the portfolio" in told[1]
    assert "No permission. 3441038 f34b51 Phone app kept" in told[1]
    assert [len(re.findall(r"<button|class=\"btn", row)) > 0 for row in rows] == [True, True, True]
    assert 'aria-label="Open the onboarding of Test Valley Vets"' in rows[0]
    assert 'aria-label="Follow up Example Bakery with a new link"' in rows[2]
    assert "Sample Florist" not in shown
    only = card(desk, "stopped", "?stage=connected")
    assert "Test Valley Vets" in only
    assert "Example Bakery" not in only
    assert "Nobody stopped here." in text_of(card(desk, "stopped", "?stage=made"))


@pytest.mark.parametrize(
    "query", ["?plan=hosted", "?week=soon", "?week=2026-13-40", "?stage=live", "?before=x", "?week=٢٠٢٦-11-16"]
)
def test_what_cannot_be_asked_for_counts_as_not_asked(desk: Desk, four_clients: None, query: str) -> None:
    assert desk.get(f"/console/funnel{query}").status_code == 200
    assert "4 links made" in text_of(card(desk, "far", query))


def test_the_list_is_turned_over_and_keeps_what_was_chosen(desk: Desk) -> None:
    for place in range(27):
        add_link(desk.rt.db, f"Client {place:02}", at=EARLIER + timedelta(seconds=place), opened_at=EARLIER)
    page = desk.get("/console/funnel?plan=none&stage=opened").text
    assert "Client 26" in page
    assert "Client 01" not in page
    older = re.search(r'href="([^"]+)" rel="next"', page)
    assert older
    second = desk.get(unescape(older[1])).text
    assert "Client 01" in second
    assert "plan=none" in older[1]
    assert 'rel="prev"' in second


def fill(desk: Desk, clients: int) -> None:
    for place in range(clients):
        link = add_link(desk.rt.db, f"Client {place}", at=EARLIER, opened_at=EARLIER)
        add_onboarding_of(desk.rt.db, link, at=EARLIER, first_step_done_at=EARLIER)


@pytest.mark.parametrize("path", ["/console/funnel", "/console/links", "/console/links/new", "/console/onboardings"])
def test_from_four_fifths_on_every_page_that_matters_says_so(desk: Desk, path: str) -> None:
    fill(desk, 7)
    assert "in seven days." not in text_of(desk.get(path).text)
    fill(desk, 1)
    assert "8 of 10 new clients in seven days. Meta lets in 2 more" in text_of(desk.get(path).text)
    fill(desk, 2)
    full = text_of(desk.get(path).text)
    assert "Meta’s weekly limit is reached: 10 of 10 new clients in seven days." in full
    assert "there is room again from 27 November 2026, 09:00 UTC on" in full


def test_the_open_list_of_onboardings_hears_of_it(desk: Desk) -> None:
    first = desk.get("/console/onboardings/now")
    assert desk.get("/console/onboardings/now", **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    with desk.rt.db.read() as session:
        link = get_link(session, add_link(desk.rt.db, at=EARLIER).id)
    add_onboarding_of(desk.rt.db, link, at=EARLIER, first_step_done_at=EARLIER)
    again = desk.get("/console/onboardings/now", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
