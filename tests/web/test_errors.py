"""Errors: their status, their one shape for programs, their page for people; nothing of the request comes back."""

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from tests.web.conftest import BROWSER, CANARY

STATUS = {
    "invalid": 422,
    "missing": 404,
    "unknown": 401,
    "forbidden": 403,
    "clash": 409,
    "large": 413,
    "many": 429,
    "down": 503,
}
SHAPE = {"type", "title", "status", "detail", "code", "errors"}


@pytest.mark.parametrize("name", STATUS)
def test_every_meaning_has_its_status_in_both_tellings(http: FlaskClient, name: str) -> None:
    page, problem = http.get(f"/error/{name}", headers=BROWSER), http.get(f"/program/error?name={name}")

    assert (page.status_code, page.content_type) == (STATUS[name], "text/html; charset=utf-8")
    assert (problem.status_code, problem.content_type) == (STATUS[name], "application/problem+json")
    assert problem.json.keys() == SHAPE
    assert problem.json["status"] == STATUS[name]


def test_a_broken_rule_is_named_with_its_field(http: FlaskClient) -> None:
    assert http.get("/program/error?name=invalid").json == {
        "type": "urn:gangway:problem:invalid_input",
        "title": "Some of this cannot be accepted",
        "status": 422,
        "detail": "contact.email: is not an e-mail address",
        "code": "invalid_input",
        "errors": [{"field": "contact.email", "rule": "is not an e-mail address"}],
    }


def test_too_many_says_for_how_long(http: FlaskClient) -> None:
    assert http.get("/program/error?name=many").headers["Retry-After"] == "7"
    assert http.get("/error/many", headers=BROWSER).headers["Retry-After"] == "7"


def test_a_stranger_is_told_how_to_say_who_he_is(http: FlaskClient) -> None:
    assert http.get("/program/error?name=unknown").headers["WWW-Authenticate"] == "Bearer"
    assert "WWW-Authenticate" not in http.get("/program/error?name=forbidden").headers


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"/nowhere/{CANARY}", 404, "not_found"),
        ("GET", f"/api/nowhere/{CANARY}", 404, "not_found"),
        ("PUT", "/page", 405, "method_not_allowed"),
        ("POST", "/program", 422, "not_json"),
    ],
)
def test_flasks_own_refusals_have_the_same_shape(
    http: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    reply = http.open(path, method=method, data=CANARY, headers={"Accept": "application/json"})

    assert (reply.status_code, reply.json["code"]) == (status, code)
    assert CANARY not in reply.text


@pytest.mark.parametrize(
    ("path", "language", "says"),
    [
        ("/nowhere", "es-MX,en;q=0.5", "No hay nada en esta dirección."),
        ("/nowhere", "pt-BR", "Não há nada neste endereço."),
        ("/nowhere", "de", "There is nothing at this address."),
        ("/console/nowhere", "es", "There is nothing at this address."),
    ],
)
def test_a_page_that_is_not_there_speaks_the_browsers_language_but_to_staff_english(
    http: FlaskClient, path: str, language: str, says: str
) -> None:
    assert says in http.get(path, headers={**BROWSER, "Accept-Language": language}).text


@pytest.mark.parametrize(
    ("method", "path", "offered"),
    [
        ("GET", "/error/many", True),
        ("GET", "/error/down", True),
        ("GET", "/unforeseen", True),
        ("GET", "/error/missing", False),
        ("PUT", "/page", False),
    ],
)
def test_what_passes_can_be_tried_again_from_the_page(http: FlaskClient, method: str, path: str, offered: bool) -> None:
    assert ('href=""' in http.open(path, method=method, headers=BROWSER).text) is offered


def test_a_refused_method_names_the_ones_there_are(http: FlaskClient) -> None:
    assert set(http.put("/page", headers=BROWSER).headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_what_nobody_foresaw_says_nothing_but_a_reference(http: FlaskClient) -> None:
    with capture_logs() as lines:
        reply = http.get("/unforeseen", headers=BROWSER)

    (told,) = [line for line in lines if line["event"] == "unforeseen_error"]
    assert reply.status_code == 500
    assert reply.headers["X-Request-Id"] in reply.text
    assert told["kind"] == "KeyError"
    assert CANARY not in reply.text + str(lines)


def test_a_lost_database_is_a_503_that_may_be_tried_again(http: FlaskClient) -> None:
    with capture_logs() as lines:
        reply = http.get("/no-database", headers={"Accept": "application/json"})

    assert (reply.status_code, reply.json["code"], reply.headers["Retry-After"]) == (503, "unavailable", "5")
    assert CANARY not in reply.text + str(lines)


def test_a_program_that_says_so_is_answered_as_one_at_any_door(http: FlaskClient) -> None:
    assert http.get("/error/clash", headers={"Accept": "application/json"}).is_json is True
    assert http.get("/error/clash", headers={"Accept": "*/*"}).is_json is False
    assert http.get("/api/nowhere", headers=BROWSER).is_json is True
