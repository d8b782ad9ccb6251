import pytest
from flask import Flask

from app.console.guard import HOME, own_page
from app.runtime import Runtime
from app.web.guards import guards_here
from tests.conftest import Rings
from tests.console.staff import Desk
from tests.factories.onboardings import add_stuck


def console_rules(app: Flask) -> list[tuple[str, str, str]]:
    """Every console address with each of its methods: a page added later is held to the same."""
    values = {"reference": "onb_2222-2222", "step": "credit", "link_id": "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010"}
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
    assert desk.post(address, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert rings.rung == []
    assert desk.post(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


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
        ("/console/x?next=//evil.example", HOME),
        ("/console/sign-in", HOME),
        ("/console/x#y", HOME),
        ("/console/x y", HOME),
    ],
)
def test_only_our_own_pages_can_come_next(wanted: str | None, page: str) -> None:
    assert own_page(wanted) == page
