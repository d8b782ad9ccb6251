"""Every door of the application: who guards it, and how it says no."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.web.guards import guard_of

# By hand: every door anybody may knock at without saying who they are, and why that is right.
OPEN = {
    "health": "load balancers ask before anything else works",
    "webhooks": "the handshake has a token, each notification a signature; both are looked at in the view",
    "connect": "the frame of three rooms, which have guards of their own",
    "doorstep": "a link's address is the key; terms and reports are for everybody",
    "back": "Meta's full page leads here; the state and the cookie of its link are looked at in the view",
    "privacy": "whoever has the code of a request may see what became of it, and nothing else",
    "door": "the sign-in page",
    "console": "the frame of the console's pages, which have guards of their own",
    "assets": "style sheets and scripts",
    "api_document": "the API's description, for whoever builds against it",
}
PROBLEM = {"type", "title", "status", "detail", "code", "errors"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Each rule with each method it takes."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & set(METHODS)):
            yield rule, method


def address_of(rule: Rule) -> str:
    """An address that fits a rule and names nothing that exists."""
    values = dict.fromkeys(rule.arguments, "no-such-thing-000000")
    return str(rule.build(values, append_unknown=False)[1])  # type: ignore[index]


def test_every_blueprint_names_its_guard(app: Flask) -> None:
    unguarded = [name for name, blueprint in app.blueprints.items() if guard_of(blueprint) is None]
    assert unguarded == []


def test_every_view_belongs_to_a_blueprint(app: Flask) -> None:
    assert [rule.rule for rule in app.url_map.iter_rules() if "." not in rule.endpoint] == []


def test_open_to_all_is_a_decision_with_a_reason(app: Flask) -> None:
    by_name = {
        name: guard.name for name, blueprint in app.blueprints.items() if (guard := guard_of(blueprint)) is not None
    }
    opened = {name.rpartition(".")[2] for name, guard in by_name.items() if guard == "open_to_all"}
    assert opened - set(OPEN) == set(), "say why in this test, or guard it"


def test_no_door_of_programs_or_staff_opens_to_a_stranger(app: Flask) -> None:
    """Without key and cookie: 401, 404 (nothing is told), the way to the sign-in page, or a refused form."""
    client = app.test_client()
    wrong = []
    for rule, method in doors(app):
        if (
            not rule.rule.startswith(("/v1/", "/console/"))
            or "sign-" in rule.rule
            or rule.rule.endswith(("openapi.json", "docs"))
        ):
            continue
        reply = client.open(address_of(rule), method=method)
        sent_away = reply.status_code == 303 and "/console/sign-in" in reply.headers["Location"]
        if not (sent_away or reply.status_code in {400, 401, 404}):
            wrong.append(f"{method} {rule.rule}: {reply.status_code}")
    assert wrong == []


def api_doors(app: Flask) -> list[tuple[str, str]]:
    return [
        (method, address_of(rule))
        for rule, method in doors(app)
        if rule.rule.startswith(("/api/integrations/", "/v1/"))
    ]


def assert_is_problem(client: FlaskClient, method: str, address: str, **sent: object) -> None:
    reply = client.open(address, method=method, **sent)  # type: ignore[arg-type]
    if reply.status_code < 400:
        return
    where = f"{method} {address} → {reply.status_code}"
    assert reply.content_type == "application/problem+json", where
    body = json.loads(reply.data)
    assert set(body) == PROBLEM, where
    assert body["status"] == reply.status_code, where
    assert all(set(error) == {"field", "rule"} for error in body["errors"]), where
    assert all(isinstance(body[name], str) and body[name] for name in ("type", "title", "detail", "code")), where


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": b"{", "content_type": "application/json"},
        {"data": b"[]", "content_type": "application/json"},
        {"data": b"\xff\xfe", "content_type": "application/json"},
        {"data": b"x" * 200_000, "content_type": "application/json"},
        {"data": b"a=1", "content_type": "application/x-www-form-urlencoded"},
        {"headers": {"Authorization": "Bearer gw_live_nobodyxx_" + "a" * 43}},
        {"headers": {"Authorization": "Basic bm9ib2R5OnNlY3JldA=="}},
        {"headers": {"Accept": "text/html"}},
    ],
    ids=["nothing", "half json", "a list", "no text", "too much", "a form", "unknown key", "basic", "wants html"],
)
def test_every_api_door_says_no_in_one_shape(app: Flask, sent: dict[str, object]) -> None:
    client = app.test_client()
    knocked = api_doors(app)
    assert len(knocked) > 8
    for method, address in knocked:
        assert_is_problem(client, method, address, **sent)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", ["/v1/nothing", "/api/integrations/whatsapp/nothing", "/v1/links"])
def test_unknown_addresses_and_methods_say_no_in_the_same_shape(app: Flask, method: str, address: str) -> None:
    assert_is_problem(app.test_client(), method, address)


def test_a_person_gets_a_page(app: Flask) -> None:
    reply = app.test_client().get("/nothing-here", headers={"Accept": "text/html"})
    assert (reply.status_code, reply.mimetype) == (404, "text/html")
