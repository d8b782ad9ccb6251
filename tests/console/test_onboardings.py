import re
from datetime import timedelta
from html import unescape

import pytest

from tests.console.staff import Desk
from tests.factories.onboardings import CONNECTED, LIVE, SAY_HI, add_onboarding, add_stuck


def names_on(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<a class="k"[^>]*>([^<]+)</a>', page)]


def test_an_empty_list_says_how_the_first_row_comes(desk: Desk) -> None:
    page = desk.get("/console/onboardings")
    assert page.status_code == 200
    assert "No onboardings yet." in page.text


def test_a_row_shows_client_state_steps_actor_plan_and_start(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    page = desk.get("/console/onboardings").text
    assert names_on(page) == ["Example Bakery"]
    assert f'href="/console/onboardings/{row.reference}"' in page
    line = page[page.index("<tbody") : page.index("</tbody>")]
    for words in (
        "Needs attention",
        "step 3 needs someone",
        "Us</span>",
        "New number",
        "20 minutes ago",
        row.reference,
    ):
        assert words in line


def test_each_state_has_its_filter_with_a_count(desk: Desk) -> None:
    add_stuck(desk.rt, "Stuck Ltd")
    add_onboarding(desk.rt, "Live Ltd", proofs=LIVE)
    add_onboarding(
        desk.rt,
        "Connected Ltd",
        states=("done", "done", "done", "done", "needs_client"),
        troubles={"test": SAY_HI},
        proofs=CONNECTED,
    )
    page = desk.get("/console/onboardings?state=connected").text
    assert names_on(page) == ["Connected Ltd"]
    chips = re.findall(r'<a class="chip"[^>]*?( aria-current="true")?>([A-Z][a-z ]+) <b>(\d+)</b>', page)
    assert [(word, int(count), bool(current)) for current, word, count in chips] == [
        ("All", 3, False),
        ("Needs attention", 1, False),
        ("Stopped", 0, False),
        ("Paused", 0, False),
        ("Waiting", 0, False),
        ("Open", 0, False),
        ("Connected", 1, True),
        ("Live", 1, False),
        ("Replaced", 0, False),
        ("Removed", 0, False),
    ]


def test_a_state_that_does_not_exist_shows_all(desk: Desk) -> None:
    add_stuck(desk.rt)
    assert names_on(desk.get("/console/onboardings?state=no-such-state").text) == ["Example Bakery"]


@pytest.mark.parametrize("typed", ["bake", "BAKERY", "  Example "])
def test_search_finds_part_of_a_name(desk: Desk, typed: str) -> None:
    add_stuck(desk.rt)
    add_stuck(desk.rt, "Mock Travel")
    page = desk.get("/console/onboardings").text
    assert len(names_on(page)) == 2
    found = desk.http.get("/console/onboardings", query_string={"search": typed}).text
    assert names_on(found) == ["Example Bakery"]


def test_search_finds_a_reference(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    add_stuck(desk.rt, "Mock Travel")
    assert names_on(desk.get(f"/console/onboardings?search={row.reference}").text) == ["Example Bakery"]


@pytest.mark.parametrize("typed", ["%", "_", "'; DROP TABLE onboardings; --", "\x00", "\\", "😀" * 200])
def test_strange_searches_find_nothing_and_break_nothing(desk: Desk, typed: str) -> None:
    add_stuck(desk.rt)
    answer = desk.http.get("/console/onboardings", query_string={"search": f"x{typed}x"})
    assert answer.status_code == 200
    assert names_on(answer.text) == []


def test_a_search_without_result_says_what_is_searched(desk: Desk) -> None:
    add_stuck(desk.rt)
    page = desk.get("/console/onboardings?search=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page
    assert "Nothing found for “&lt;script&gt;alert(1)&lt;/script&gt;”." in page


def test_a_client_named_like_a_script_is_only_a_name(desk: Desk) -> None:
    row = add_stuck(desk.rt, "<img src=x onerror=alert(1)>")
    for address in ("/console/onboardings", f"/console/onboardings/{row.reference}"):
        page = desk.get(address).text
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page


def follow(desk: Desk, page: str, word: str) -> str | None:
    found = re.search(rf'<a href="([^"]+)" rel="(?:prev|next)">{word}</a>', page)
    return desk.get(unescape(found[1])).text if found else None


def test_older_and_newer_turn_over_every_row_once(desk: Desk) -> None:
    wanted = [f"Client {number:02}" for number in range(60)]
    for number, name in enumerate(wanted):
        add_stuck(desk.rt, name, ago=timedelta(minutes=60 - number))
    first = desk.get("/console/onboardings?state=needs_attention").text
    second = follow(desk, first, "Older")
    assert second is not None
    third = follow(desk, second, "Older")
    assert third is not None
    assert names_on(first) + names_on(second) + names_on(third) == wanted[::-1]
    assert follow(desk, third, "Older") is None
    assert follow(desk, first, "Newer") is None
    back = follow(desk, third, "Newer")
    assert back is not None
    assert names_on(back) == names_on(second)
    start = follow(desk, back, "Newer")
    assert start is not None
    assert names_on(start) == names_on(first)


@pytest.mark.parametrize("place", ["zzz", "' OR 1=1", "\x00", "a" * 5000])
def test_a_place_that_is_none_is_the_start(desk: Desk, place: str) -> None:
    add_stuck(desk.rt)
    answer = desk.http.get("/console/onboardings", query_string={"before": place, "trail": place})
    assert names_on(answer.text) == ["Example Bakery"]


def test_the_console_begins_at_the_list(desk: Desk) -> None:
    assert desk.get("/console/").location == "/console/onboardings"


def test_no_page_holds_inline_code_or_a_dead_link(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    for address in (
        "/console/onboardings",
        f"/console/onboardings/{row.reference}",
        "/console/links",
        "/console/links/new",
        "/console/sign-in",
    ):
        page = desk.get(address).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|href=\"#\"", page), address


def poll_of(page: str) -> str:
    found = re.search(r'data-poll="([^"]+)"', page)
    assert found
    return unescape(found[1])


def test_the_open_list_is_sent_again_only_when_something_has_changed(desk: Desk) -> None:
    add_stuck(desk.rt)
    address = poll_of(desk.get("/console/onboardings?state=needs_attention&search=e").text)
    first = desk.get(address)
    assert (first.status_code, first.text.lstrip()[:5]) == (200, "<main")
    assert names_on(first.text) == ["Example Bakery"]
    tag = first.headers["ETag"]
    assert desk.get(address, **{"If-None-Match": tag}).status_code == 304
    add_stuck(desk.rt, "Sample Florist")
    add_onboarding(desk.rt, "Live Ltd", proofs=LIVE)
    changed = desk.get(address, **{"If-None-Match": tag})
    assert (changed.status_code, names_on(changed.text)) == (200, ["Sample Florist", "Example Bakery"])


def test_a_list_sent_again_is_the_same_page_and_leads_to_whole_pages(desk: Desk) -> None:
    for number in range(30):
        add_stuck(desk.rt, f"Client {number:02}")
    second = follow(desk, desk.get("/console/onboardings").text, "Older")
    assert second is not None
    again = desk.get(poll_of(second)).text
    assert names_on(again) == names_on(second)
    back = follow(desk, again, "Newer")
    assert back is not None
    assert back.startswith("<!doctype html>")
    assert len(names_on(back)) == 25
