import pytest
from flask import Flask

from app.access.keys import get_key, revoke_key
from app.api.doors import DOORS
from app.api.guard import scope
from app.kit import clock
from app.web.guards import guards_here
from tests.api.conftest import MakeProgram
from tests.api.program import Program, problem_of

SCOPE_OF = {
    ("POST", "/v1/links"): "links:write",
    ("GET", "/v1/links"): "links:read",
    ("GET", "/v1/links/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010"): "links:read",
    ("DELETE", "/v1/links/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010"): "links:write",
    ("POST", "/v1/links/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010/follow-up"): "links:write",
    ("GET", "/v1/funnel"): "links:read",
    ("GET", "/v1/onboardings"): "onboardings:read",
    ("GET", "/v1/onboardings/onb_7Q2F-4KDM"): "onboardings:read",
    ("GET", "/v1/onboardings/onb_7Q2F-4KDM/token"): "onboardings:read",
    ("POST", "/v1/onboardings/onb_7Q2F-4KDM/steps/credit/retry"): "onboardings:write",
    ("POST", "/v1/onboardings/onb_7Q2F-4KDM/waive"): "onboardings:write",
    ("POST", "/v1/onboardings/onb_7Q2F-4KDM/request-code"): "onboardings:write",
    ("POST", "/v1/onboardings/onb_7Q2F-4KDM/enter-code"): "onboardings:write",
    ("POST", "/v1/onboardings/onb_7Q2F-4KDM/pin"): "onboardings:write",
    ("POST", "/v1/onboardings/onb_7Q2F-4KDM/two-step-off"): "onboardings:write",
    ("POST", "/v1/onboardings/by-hand"): "onboardings:enter",
    ("GET", "/v1/accounts/shared"): "accounts:read",
    ("POST", "/v1/accounts/adopt"): "accounts:adopt",
    ("GET", "/v1/checks"): "accounts:read",
    ("GET", "/v1/checks/<account_id>"): "accounts:read",
    ("POST", "/v1/checks/<account_id>/run"): "accounts:check",
    ("POST", "/v1/checks/<account_id>/repair"): "accounts:check",
    ("GET", "/v1/incidents"): "incidents:read",
    ("GET", "/v1/incidents/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010"): "incidents:read",
    ("GET", "/v1/errors/133005"): "onboardings:read",
    ("GET", "/v1/unclaimed"): "onboardings:read",
    ("POST", "/v1/unclaimed/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010/attach"): "onboardings:write",
    ("POST", "/v1/unclaimed/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010/make-client"): "onboardings:write",
    ("POST", "/v1/unclaimed/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010/refuse"): "onboardings:write",
}
ALL = {
    "links:read",
    "links:write",
    "onboardings:read",
    "onboardings:write",
    "onboardings:enter",
    "accounts:read",
    "accounts:adopt",
    "accounts:check",
    "incidents:read",
}


def test_this_table_names_every_door(app: Flask) -> None:
    doors = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in {door.name for door in DOORS}
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(doors) == len(SCOPE_OF)


@pytest.mark.parametrize(("method", "address"), SCOPE_OF)
def test_without_a_key_every_door_is_closed(program: Program, method: str, address: str) -> None:
    answer = program.http.open(address, method=method)
    assert answer.status_code == 401
    problem = problem_of(answer)
    assert problem["code"] == "wrong_key"
    assert problem["detail"] == "Send a valid API key as Authorization: Bearer gw_live_…"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "address"), SCOPE_OF)
def test_each_door_opens_for_its_own_scope_only(with_scopes: MakeProgram, method: str, address: str) -> None:
    needed = SCOPE_OF[method, address]
    others = with_scopes(*(ALL - {needed})).ask(method, address, json={})
    assert others.status_code == 403
    assert problem_of(others) | {"type": ""} == {
        "type": "",
        "title": "Not allowed",
        "status": 403,
        "detail": f"This key lacks the scope {needed}.",
        "code": "missing_scope",
        "errors": [],
    }
    assert with_scopes(needed).ask(method, address, json={}).status_code not in {401, 403}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {key}", "{key}", "Bearer {key}x", "Bearer {key},x"])
def test_a_header_that_is_not_quite_right_opens_nothing(program: Program, header: str) -> None:
    answer = program.http.get("/v1/links", headers={"Authorization": header.format(key=program.key)})
    assert answer.status_code == 401


def test_the_word_bearer_may_be_written_in_any_case(program: Program) -> None:
    assert program.http.get("/v1/links", headers={"Authorization": f"bEARER {program.key}"}).status_code == 200


def test_more_than_one_space_before_the_key_is_no_harm(program: Program) -> None:
    assert program.http.get("/v1/links", headers={"Authorization": f"Bearer   {program.key}"}).status_code == 200


def test_a_key_in_the_address_or_a_cookie_opens_nothing(program: Program) -> None:
    assert program.http.get(f"/v1/links?api_key={program.key}").status_code == 401
    program.http.set_cookie("Authorization", f"Bearer {program.key}", domain="localhost")
    assert program.http.get("/v1/links").status_code == 401


def test_a_foreign_a_revoked_and_a_made_up_key_look_the_same(program: Program, with_scopes: MakeProgram) -> None:
    revoked = with_scopes("links:read")
    with program.rt.db.write() as session:
        revoke_key(session, get_key(session, revoked.prefix), clock.now())
    made_up = f"gw_live_{program.prefix}_{'A' * 43}"
    bodies = {program.ask("GET", "/v1/links", key=key).text for key in (revoked.key, made_up, "EAAsomething")}
    assert len(bodies) == 1
    assert problem_of(program.ask("GET", "/v1/links", key=made_up))["code"] == "wrong_key"


def test_the_key_is_never_sent_back(program: Program) -> None:
    wrong = program.key[:-4] + "zzzz"
    assert wrong not in program.ask("GET", "/v1/links", key=wrong).text


def test_a_flood_of_wrong_keys_is_slowed_and_right_ones_from_elsewhere_are_not(program: Program) -> None:
    for _ in range(60):
        assert program.ask("GET", "/v1/links", key="wrong").status_code == 401
    slowed = program.ask("GET", "/v1/links", key="wrong")
    assert slowed.status_code == 429
    assert problem_of(slowed)["code"] == "too_many"
    assert 0 < int(slowed.headers["Retry-After"]) <= 61
    elsewhere = {"REMOTE_ADDR": "198.51.100.9"}
    assert program.ask("GET", "/v1/links", environ_base=elsewhere).status_code == 200


def test_right_keys_are_never_slowed_by_that_limit(program: Program) -> None:
    assert {program.get("/v1/links").status_code for _ in range(70)} == {200}


def test_every_door_names_its_guard_and_its_scope(app: Flask) -> None:
    for door in DOORS:
        assert [guard.name for guard in guards_here(app, [door.name])] == ["api_key"]
        views = [view for endpoint, view in app.view_functions.items() if endpoint.startswith(f"{door.name}.")]
        assert views
        assert all(view.needed_scope in ALL for view in views)  # type: ignore[attr-defined]


def test_a_view_is_marked_with_the_scope_it_needs_and_stays_itself() -> None:
    def show_nothing() -> str:
        return "nothing"

    marked = scope("links:read")(show_nothing)
    assert marked is show_nothing
    assert marked.needed_scope == "links:read"  # type: ignore[attr-defined]


def test_a_scope_that_does_not_exist_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match=r"^links:burn is not a scope$"):
        scope("links:burn")


def test_a_door_without_a_scope_is_closed_to_everybody(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    app = program.http.application
    monkeypatch.delattr(app.view_functions["api_links.show_links"], "needed_scope")
    answer = program.get("/v1/links")
    assert answer.status_code == 403
    assert problem_of(answer)["detail"] == "This key lacks the scope of this door."


def test_a_key_needs_no_csrf_token_and_a_staff_cookie_is_no_key(program: Program) -> None:
    assert program.make_link().status_code == 201
    program.http.set_cookie("gangway-staff", "x", domain="localhost")
    assert program.http.post("/v1/links", json={"client_name": "X"}).status_code == 401
