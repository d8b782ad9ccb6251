from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, Response
from sqlalchemy import select

from app.access.models import StaffSession
from app.console.guard import HOME, by_script, give_cookie, known_visitor, own_page, sign_in_address, take_cookie
from app.factory import create_app
from app.kit import clock
from app.kit.secret import Secret
from app.runtime import Runtime
from app.web.guards import guards_here
from tests.conftest import Rings
from tests.console.staff import Desk
from tests.factories.onboardings import add_stuck


def console_rules(app: Flask) -> list[tuple[str, str, str]]:
    """Every console address with each of its methods: a page added later is held to the same."""
    values = {"reference": "onb_2222-2222", "step": "credit", "link_id": "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010"}
    values |= dict.fromkeys(("key", "client_id"), "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010")
    values["code"] = "K7QX2M4N8P3R5T9W"
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.startswith("console."):
                continue
            address = str(
                app.url_map.bind("localhost").build(rule.endpoint, {key: values[key] for key in rule.arguments})
            )
            found += [(rule.endpoint, method, address) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


OPEN = {"console.door.show_sign_in", "console.door.do_sign_in", "console.door.do_sign_out"}


def test_every_page_but_the_door_is_closed_to_strangers(app: Flask, rt: Runtime) -> None:
    stranger = Desk.of_nobody(app, rt)
    closed = [row for row in console_rules(app) if row[0] not in OPEN]
    assert len(closed) >= 9
    for endpoint, method, address in closed:
        answer = stranger.get(address) if method == "GET" else stranger.post(address)
        if endpoint.endswith("show_now"):
            assert answer.status_code == 404, endpoint
            told = stranger.get(address, Accept="application/json").json
            assert told is not None
            assert (told["code"], told["detail"]) == ("not_found", "Your session has ended.")
        else:
            assert answer.status_code == 303, endpoint
            assert answer.location.startswith("/console/sign-in"), endpoint


def test_every_change_needs_our_token(app: Flask, desk: Desk) -> None:
    for endpoint, method, address in console_rules(app):
        if method == "POST":
            assert desk.post(address, csrf="").status_code == 400, endpoint


def test_every_room_names_staff_only_or_says_that_it_is_open(app: Flask) -> None:
    rooms = {endpoint.rpartition(".")[0] for endpoint, _, _ in console_rules(app)}
    named = {room: {guard.name for guard in guards_here(app, [room])} for room in rooms}
    assert named.pop("console.door") == {"open_to_all"}
    assert set(map(frozenset, named.values())) == {frozenset({"staff_only"})}


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_sent_from_another_page_is_refused_even_with_our_token(desk: Desk, rings: Rings, site: str) -> None:
    row = add_stuck(desk.rt)
    address = f"/console/onboardings/{row.reference}/steps/credit/retry"
    refused = desk.post(address, headers={"Sec-Fetch-Site": site, "Accept": "application/json"})
    assert refused.status_code == 403
    assert refused.json is not None
    assert (refused.json["code"], refused.json["detail"]) == ("foreign_page", "This came from another site's page.")
    assert rings.rung == []
    assert desk.post(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_a_form_from_a_browser_that_does_not_say_where_from_is_taken(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    assert desk.post(f"/console/onboardings/{row.reference}/steps/credit/retry").status_code == 303


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_may_be_opened_from_anywhere(desk: Desk, method: str) -> None:
    """As from a link in a mail."""
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "cross-site"}
    assert desk.http.open("/console/onboardings", method=method, headers=headers).status_code == 200


def seen_at(rt: Runtime, moved_to: datetime | None = None) -> datetime:
    """When the one session was last used, after moving it there."""
    with rt.db.write() as session:
        row = session.scalars(select(StaffSession)).one()
        row.seen_at = moved_to or row.seen_at
        return row.seen_at


def test_a_page_that_is_opened_keeps_the_session_alive_and_one_that_asks_by_itself_does_not(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    hour_ago = seen_at(desk.rt, clock.now() - timedelta(hours=1))
    assert desk.get(f"/console/onboardings/{row.reference}/now").status_code == 200
    assert seen_at(desk.rt) == hour_ago
    assert desk.get(f"/console/onboardings/{row.reference}").status_code == 200
    assert seen_at(desk.rt) > hour_ago


def test_asking_who_is_there_counts_as_use_unless_said_otherwise(app: Flask, desk: Desk) -> None:
    hour_ago = seen_at(desk.rt, clock.now() - timedelta(hours=1))
    cookie = desk.http.get_cookie("gangway-staff", domain="localhost")
    assert cookie
    with app.test_request_context(headers={"Cookie": f"gangway-staff={cookie.value}"}):
        found = known_visitor(by_hand=False)
        assert found is not None
        assert found.name == "Robin Example"
        assert seen_at(desk.rt) == hour_ago
        assert known_visitor() == found
        assert seen_at(desk.rt) > hour_ago


def test_a_view_that_a_page_asks_by_itself_is_marked_and_stays_itself() -> None:
    def show_nothing() -> str:
        return "nothing"

    assert by_script(show_nothing) is show_nothing
    assert show_nothing.asked_by_script is True  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "asked", "address"),
    [
        ("GET", "/console/onboardings", "/console/sign-in"),
        ("GET", "/console/onboardings?", "/console/sign-in"),
        ("GET", "/console/links", "/console/sign-in?next=/console/links"),
        ("GET", "/console/onboardings?state=live", "/console/sign-in?next=/console/onboardings?state%3Dlive"),
        ("GET", "/console/onboardings?search=%C3%A9", "/console/sign-in?next=/console/onboardings?search%3D%25C3%25A9"),
        ("GET", "/console/onboardings?search=FAX", "/console/sign-in?next=/console/onboardings?search%3DFAX"),
        ("GET", "/console//links", "/console/sign-in"),
        ("POST", "/console/links", "/console/sign-in"),
    ],
)
def test_the_way_to_the_sign_in_page_leads_back_to_the_page_that_was_asked_for(
    app: Flask, method: str, asked: str, address: str
) -> None:
    with app.test_request_context(asked, method=method):
        assert sign_in_address() == address


def cookie(response: Response) -> list[str]:
    """The parts of the one cookie, its name and value first."""
    (told,) = response.headers.getlist("Set-Cookie")
    first, *rest = told.split("; ")
    return [first, *sorted(rest)]


FOR_A_WEEK = ["Expires=Fri, 27 Nov 2026 12:00:00 GMT", "HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Lax"]
GONE = ["Expires=Thu, 01 Jan 1970 00:00:00 GMT", "HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"]


def given_and_taken(app: Flask) -> tuple[list[str], list[str]]:
    given, taken = Response(), Response()
    with app.test_request_context(), time_machine.travel(datetime(2026, 11, 20, 12, 0, tzinfo=UTC), tick=False):
        give_cookie(given, Secret("the-secret"))
        take_cookie(taken)
    return cookie(given), cookie(taken)


def test_the_cookie_is_for_this_site_alone_and_for_no_script(app: Flask) -> None:
    given, taken = given_and_taken(app)
    assert given == ["gangway-staff=the-secret", *FOR_A_WEEK]
    assert taken == ["gangway-staff=", *GONE]


def test_with_https_the_cookie_has_a_name_that_no_neighbour_can_plant(rt: Runtime) -> None:
    settings = rt.settings.model_copy(update={"public_url": "https://connect.partner.example"})
    given, taken = given_and_taken(create_app(replace(rt, settings=settings)))
    assert given == ["__Host-gangway-staff=the-secret", *FOR_A_WEEK, "Secure"]
    assert taken == ["__Host-gangway-staff=", *GONE, "Secure"]


@pytest.mark.parametrize(
    ("wanted", "page"),
    [
        ("/console/onboardings", "/console/onboardings"),
        ("/console/onboardings/onb_7Q2F-4KDM", "/console/onboardings/onb_7Q2F-4KDM"),
        (
            "/console/onboardings?state=live&search=Example%20Bakery",
            "/console/onboardings?state=live&search=Example%20Bakery",
        ),
        ("/console/", "/console/"),
        (None, HOME),
        ("/console", HOME),
        ("//console/", HOME),
        ("/console//links", HOME),
        ("/console/x?next=//evil.example", HOME),
        ("/console/sign-in", HOME),
        ("/console/x#y", HOME),
        ("/console/x y", HOME),
    ],
)
def test_only_our_own_pages_can_come_next(wanted: str | None, page: str) -> None:
    assert own_page(wanted) == page
