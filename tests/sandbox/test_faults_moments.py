"""Faults that strike at a moment: lists that lag, answers cut in half, a world that changes while a call is made."""

import json
from typing import Any

import pytest

from tests.sandbox.desk import Client, Desk, error_of


def order(desk: Desk, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    reply = desk.ask("POST", "/faults", {"action": action, **more})
    assert reply.status_code == 201, reply.text
    return dict(reply.get_json())


@pytest.fixture
def client(desk: Desk) -> Client:
    return desk.onboard()


def test_numbers_and_subscribed_apps_are_listed_only_after_some_looks(desk: Desk, client: Client) -> None:
    assert desk.ask("POST", "/lag", {"phone_numbers": 2, "subscribed_apps": 1}).get_json() == {
        "phone_numbers": 2,
        "primary_funding_id": 0,
        "subscribed_apps": 1,
    }
    listed = [len(desk.get(f"/{client.waba}/phone_numbers", client.token).get_json()["data"]) for _ in range(4)]
    assert listed == [0, 0, 1, 1]
    desk.ask("POST", "/lag", {"phone_numbers": 1})
    inside = [desk.get(f"/{client.waba}", client.token, fields="phone_numbers").get_json() for _ in range(2)]
    assert [len(account["phone_numbers"]["data"]) for account in inside] == [0, 1]
    path = f"/{client.waba}/subscribed_apps"
    assert desk.get(path, client.token).get_json()["data"] == [], "nothing was there to hide"
    desk.post(path, client.token)
    assert [len(desk.get(path, client.token).get_json()["data"]) for _ in range(3)] == [0, 1, 1]


def test_each_account_lags_for_itself_until_faults_are_cleared(desk: Desk, client: Client) -> None:
    other = desk.onboard()
    desk.ask("POST", "/lag", {"phone_numbers": 1})
    for one in (client, other):
        assert desk.get(f"/{one.waba}/phone_numbers", one.token).get_json()["data"] == []
    desk.ask("POST", "/lag", {"phone_numbers": 5})
    assert desk.get(f"/{client.waba}/phone_numbers", client.token).get_json()["data"] == []
    desk.ask("DELETE", "/faults")
    assert desk.get(f"/{client.waba}/phone_numbers", client.token).get_json()["data"]
    assert set(desk.ask("GET", "/lag").get_json().values()) == {0}


@pytest.mark.parametrize("body", [{"phone_numbers": -1}, {"phone_numbers": "two"}, {"colours": 1}])
def test_a_lag_that_makes_no_sense_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.ask("POST", "/lag", body).status_code == 400


def test_half_of_the_own_answer_comes_after_the_effect(desk: Desk, client: Client) -> None:
    order(desk, {"half": True}, match={"path": "*/register"}, times=1)
    reply = desk.register(client)
    assert (reply.status_code, reply.text) == (200, '{"succes')
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(reply.text)
    assert desk.number(client, "status")["status"] == "CONNECTED"


def test_a_token_dies_just_when_a_call_comes(desk: Desk, client: Client) -> None:
    kill = {"door": "POST /tokens", "body": {"business_id": client.business, "revoked_subcode": 460}}
    fault = order(desk, {"do": [kill]}, match={"method": "POST", "path": "*/subscribed_apps"}, when="after", times=1)
    assert fault["action"] == {"do": [kill]}
    assert desk.post(f"/{client.waba}/subscribed_apps", client.token).status_code == 200
    assert error_of(desk.register(client)) == (401, 190, 460)


def test_a_number_goes_before_the_call_about_it_takes_effect(desk: Desk, client: Client) -> None:
    order(desk, {"do": [{"door": f"DELETE /numbers/{client.phone}"}]}, match={"path": "*/register"}, times=1)
    assert error_of(desk.register(client)) == (400, 100, 33)


def test_changes_and_a_spoilt_answer_go_together(desk: Desk, client: Client) -> None:
    cut = {"door": "POST /tokens", "body": {"business_id": client.business, "scopes": []}}
    order(desk, {"do": [cut]}, match={"path": f"/{client.waba}"}, times=1)
    order(desk, {"status": 500}, match={"path": f"/{client.waba}"}, times=1)
    assert desk.get(f"/{client.waba}", client.token).status_code == 500
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (403, 200, None)


def test_a_change_that_is_refused_does_not_pass_for_one(desk: Desk, client: Client) -> None:
    order(desk, {"do": [{"door": "POST /numbers/1", "body": {"status": "BANNED"}}]}, match={"path": "*/register"})
    with pytest.raises(RuntimeError, match="POST /numbers/1 was refused"):
        desk.register(client)


def test_from_the_nth_call_on_all_are_hit(desk: Desk, client: Client) -> None:
    order(desk, {"status": 500}, match={"path": f"/{client.phone}", "from_nth": 3})
    seen = [desk.get(f"/{client.phone}", client.token).status_code for _ in range(5)]
    assert seen == [200, 200, 500, 500, 500]


@pytest.mark.parametrize(
    "action",
    [
        {"half": "yes"},
        {"drop": "sideways"},
        {"do": ["POST /tokens"]},
        {"do": [{"door": "GET /world"}]},
        {"do": [{"door": "POST tokens"}]},
        {"do": [{"door": "POST /tokens", "colour": "red"}]},
    ],
)
def test_a_moment_that_makes_no_sense_is_not_ordered(desk: Desk, action: dict[str, Any]) -> None:
    assert desk.ask("POST", "/faults", {"action": action}).status_code == 400
    assert desk.ask("GET", "/faults").get_json() == {"faults": []}
