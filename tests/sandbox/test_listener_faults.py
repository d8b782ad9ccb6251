"""Each kind of bad day as a client of HTTP meets it, on a real socket."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.server import create_app
from tests.sandbox.desk import Client, Desk, proof_of
from tests.sandbox.test_listener import serve
from tests.waiting import until


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    yield from serve(create_app(desk.runtime))


@pytest.fixture
def client(desk: Desk) -> Client:
    return desk.onboard()


def order(desk: Desk, action: dict[str, Any], **more: Any) -> None:
    fault = {"match": {"path": "*/register"}, "action": action, "times": 1, **more}
    assert desk.ask("POST", "/faults", fault).status_code == 201


def register(url: str, client: Client, timeout: float = 20) -> requests.Response:
    body = {"messaging_product": "whatsapp", "pin": "123456", "appsecret_proof": proof_of(client.token)}
    headers = {"Authorization": f"Bearer {client.token}"}
    return requests.post(f"{url}/v25.0/{client.phone}/register", data=body, headers=headers, timeout=timeout)


def status(desk: Desk, client: Client) -> str:
    return str(desk.number(client, "status")["status"])


@pytest.mark.parametrize(("when", "left"), [("before", "PENDING"), ("after", "CONNECTED")])
@pytest.mark.parametrize("code", [400, 401, 403, 404, 429, 500, 502, 503])
def test_a_status_comes_with_or_without_the_effect(
    desk: Desk, url: str, client: Client, code: int, when: str, left: str
) -> None:
    error = {"error": {"message": "(#2) Service temporarily unavailable", "type": "OAuthException", "code": 2}}
    order(desk, {"status": code, "body": error, "headers": {"Retry-After": "7"}}, when=when)
    reply = register(url, client)
    assert (reply.status_code, reply.json(), reply.headers["Retry-After"]) == (code, error, "7")
    assert status(desk, client) == left


def test_a_page_of_html(desk: Desk, url: str, client: Client) -> None:
    order(desk, {"html": 502})
    reply = register(url, client)
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert reply.text.startswith("<!DOCTYPE html>")


def test_half_a_json_in_a_whole_answer(desk: Desk, url: str, client: Client) -> None:
    order(desk, {"half": True})
    reply = register(url, client)
    assert (reply.status_code, reply.text, reply.headers["Content-Length"]) == (200, '{"succes', "8")
    assert status(desk, client) == "CONNECTED"


def test_a_connection_that_breaks_in_the_middle_of_the_answer(desk: Desk, url: str, client: Client) -> None:
    order(desk, {"drop": "midway"})
    with pytest.raises(requests.RequestException):
        register(url, client)
    assert status(desk, client) == "CONNECTED"
    (call,) = desk.ask("GET", "/calls?path=*/register").get_json()["calls"]
    assert (call["status"], call["effect"]) == (None, "registered")


@pytest.mark.parametrize(("drop", "left"), [("before", "PENDING"), ("after", "CONNECTED")])
def test_a_reset_without_a_byte(desk: Desk, url: str, client: Client, drop: str, left: str) -> None:
    order(desk, {"drop": drop})
    with pytest.raises(requests.ConnectionError):
        register(url, client)
    assert status(desk, client) == left


@pytest.mark.parametrize(("when", "left"), [("before", "PENDING"), ("after", "CONNECTED")])
def test_an_answer_that_never_comes(desk: Desk, url: str, client: Client, when: str, left: str) -> None:
    order(desk, {"hang_s": 3600}, when=when)
    with pytest.raises(requests.ReadTimeout):
        register(url, client, timeout=0.3)
    assert status(desk, client) == left


@pytest.mark.parametrize(("when", "meanwhile"), [("before", "PENDING"), ("after", "CONNECTED")])
def test_a_late_answer_is_late_by_itself_and_comes_when_faults_are_cleared(
    desk: Desk, url: str, client: Client, when: str, meanwhile: str
) -> None:
    order(desk, {"delay_ms": 30_000}, when=when)
    replies: list[int] = []
    began = time.monotonic()
    caller = threading.Thread(target=lambda: replies.append(register(url, client).status_code))
    caller.start()
    assert until(lambda: desk.ask("GET", "/faults").get_json()["faults"][0]["fired"] == 1)
    assert until(lambda: status(desk, client) == meanwhile)
    assert replies == []
    desk.ask("DELETE", "/faults")
    caller.join()
    assert replies == [200]
    assert time.monotonic() - began < 20, "nobody waits out thirty seconds that were called off"
    assert status(desk, client) == "CONNECTED"


def test_a_hanging_call_is_cut_when_faults_are_cleared(desk: Desk, url: str, client: Client) -> None:
    order(desk, {"hang_s": 3600})
    ends: list[type[BaseException]] = []

    def call() -> None:
        try:
            register(url, client)
        except requests.RequestException as problem:
            ends.append(type(problem))

    caller = threading.Thread(target=call)
    caller.start()
    assert until(lambda: desk.ask("GET", "/calls?path=*/register").get_json()["calls"])
    desk.ask("POST", "/reset")
    caller.join()
    assert ends == [requests.ConnectionError]


def test_a_world_changed_by_a_fault_is_changed_over_http_too(desk: Desk, url: str, client: Client) -> None:
    gone = {"door": f"DELETE /numbers/{client.phone}"}
    order(desk, {"do": [gone]}, when="before")
    assert register(url, client).json()["error"]["error_subcode"] == 33


def test_an_order_that_makes_no_sense_answers_500_and_says_why(
    desk: Desk, url: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    order(desk, {"do": [{"door": "POST /numbers/1", "body": {}}]})
    assert register(url, client).status_code == 500
    assert "POST /numbers/1 was refused" in caplog.text
