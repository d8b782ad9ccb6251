"""Bad days on demand, in-process. What needs a socket is in test_listener."""

from typing import Any

import pytest

from sandbox.graph.dispatch import ConnectionCut
from tests.sandbox.desk import Client, Desk


def order(desk: Desk, action: dict[str, Any], **more: Any) -> int:
    reply = desk.ask("POST", "/faults", {"action": action, **more})
    assert reply.status_code == 201, reply.text
    return int(reply.get_json()["id"])


@pytest.fixture
def client(desk: Desk) -> Client:
    return desk.onboard()


def test_a_made_up_answer_replaces_the_call_as_often_as_ordered(desk: Desk, client: Client) -> None:
    body = {"error": {"code": 2, "message": "down", "type": "OAuthException", "is_transient": True}}
    action = {"status": 503, "body": body, "headers": {"Retry-After": "7"}}
    order(desk, action, match={"method": "POST", "path": "/*/register"}, times=2)
    for _ in range(2):
        reply = desk.register(client)
        assert reply.status_code == 503
        assert reply.get_json() == body
        assert reply.headers["Retry-After"] == "7"
    assert desk.register(client).status_code == 200
    rows = desk.ask("GET", "/calls?path=/*/register").get_json()["calls"]
    assert [(row["status"], row["effect"]) for row in rows] == [(503, None), (503, None), (200, "registered")]


def test_after_means_that_the_call_took_effect(desk: Desk, client: Client) -> None:
    order(desk, {"status": 500, "body": "half a {"}, match={"path": "*/register"}, when="after", times=1)
    reply = desk.register(client)
    assert (reply.status_code, reply.text) == (500, "half a {")
    assert desk.number(client, "status")["status"] == "CONNECTED"
    assert desk.effects("*/register") == ["registered"]


def test_a_page_of_html_comes_in_place_of_json(desk: Desk, client: Client) -> None:
    order(desk, {"html": 502}, match={"path": f"/{client.waba}"}, times=1)
    reply = desk.get(f"/{client.waba}", client.token)
    assert (reply.status_code, reply.mimetype) == (502, "text/html")
    assert "<html>" in reply.text


@pytest.mark.parametrize(("drop", "status"), [("before", "PENDING"), ("after", "CONNECTED")])
def test_a_dropped_call_says_nothing(desk: Desk, client: Client, drop: str, status: str) -> None:
    order(desk, {"drop": drop}, match={"path": "/*/register"}, times=1)
    with pytest.raises(ConnectionCut):
        desk.register(client)
    assert desk.number(client, "status")["status"] == status
    (row,) = desk.ask("GET", "/calls?path=/*/register").get_json()["calls"]
    assert row["status"] is None
    assert row["reply"] is None


def test_only_the_nth_call_is_hit(desk: Desk, client: Client) -> None:
    order(desk, {"status": 500}, match={"path": f"/{client.phone}", "nth": 2})
    seen = [desk.get(f"/{client.phone}", client.token).status_code for _ in range(4)]
    assert seen == [200, 500, 200, 200]


def test_method_and_path_both_must_match(desk: Desk, client: Client) -> None:
    order(desk, {"status": 500}, match={"method": "post", "path": f"{client.waba}/subscribed_apps"})
    assert desk.get(f"/{client.waba}/subscribed_apps", client.token).status_code == 200
    assert desk.post(f"/{client.waba}/subscribed_apps", client.token).status_code == 500
    assert desk.post("/oauth/access_token").status_code == 400


def test_an_empty_match_meets_every_graph_call_and_nothing_else(desk: Desk, client: Client) -> None:
    order(desk, {"status": 500}, match={})
    assert desk.get(f"/{client.waba}", client.token).status_code == 500
    assert desk.get("/oauth/access_token").status_code == 500
    assert desk.ask("GET", "/health").status_code == 200


def test_a_delay_keeps_the_answer(desk: Desk, client: Client) -> None:
    order(desk, {"delay_ms": 30}, match={})
    order(desk, {"delay_ms": 20}, match={}, when="after")
    assert desk.get(f"/{client.waba}", client.token).status_code == 200
    row = desk.ask("GET", "/calls").get_json()["calls"][-1]
    assert row["took_ms"] >= 50


def test_delays_add_up_and_the_first_fault_decides(desk: Desk, client: Client) -> None:
    order(desk, {"delay_ms": 5}, match={})
    order(desk, {"status": 418, "delay_ms": 5}, match={})
    order(desk, {"status": 500}, match={})
    assert desk.get(f"/{client.waba}", client.token).status_code == 418
    assert desk.ask("GET", "/calls").get_json()["calls"][-1]["took_ms"] >= 10


def test_faults_are_listed_and_cleared(desk: Desk, client: Client) -> None:
    first = order(desk, {"status": 500}, match={"path": "/*"}, times=3)
    second = order(desk, {"delay_ms": 1}, match={"method": "GET"})
    desk.get(f"/{client.waba}", client.token)
    listed = desk.ask("GET", "/faults").get_json()["faults"]
    assert listed == [
        {
            "id": first,
            "match": {"path": "/*"},
            "action": {"status": 500},
            "when": "before",
            "times": 3,
            "seen": 1,
            "fired": 1,
        },
        {
            "id": second,
            "match": {"method": "GET"},
            "action": {"delay_ms": 1.0},
            "when": "before",
            "times": None,
            "seen": 1,
            "fired": 1,
        },
    ]
    assert desk.ask("DELETE", f"/faults/{first}").get_json() == {"removed": 1}
    assert desk.ask("DELETE", f"/faults/{first}").status_code == 404
    assert desk.get(f"/{client.waba}", client.token).status_code == 200
    assert desk.ask("DELETE", "/faults").get_json() == {"removed": 1}
    assert desk.ask("GET", "/faults").get_json() == {"faults": []}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": {}},
        {"action": {"explode": True}},
        {"action": {"status": 99}},
        {"action": {"status": "500"}},
        {"action": {"delay_ms": -1}},
        {"action": {"drop": "sometimes"}},
        {"action": {"status": 500}, "when": "later"},
        {"action": {"status": 500}, "times": 0},
        {"action": {"status": 500}, "times": True},
        {"action": {"status": 500}, "match": {"verb": "GET"}},
        {"action": {"status": 500}, "match": "all"},
        {"action": {"status": 500}, "colour": "red"},
    ],
)
def test_a_fault_that_makes_no_sense_is_not_ordered(desk: Desk, body: dict[str, Any]) -> None:
    reply = desk.ask("POST", "/faults", body)
    assert reply.status_code == 400
    assert reply.mimetype == "application/problem+json"
    assert desk.ask("GET", "/faults").get_json() == {"faults": []}
