"""The server on real sockets: keep-alive, cut connections, many calls waiting at once."""

import http.client
import io
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.listener import MAX_BODY, Listener
from sandbox.server import create_app
from tests.sandbox.desk import Client, Desk, proof_of


def serve(app: Any) -> Iterator[str]:
    listener = Listener("127.0.0.1", 0)
    listener.app = app
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}"
    listener.shutdown()
    listener.server_close()
    thread.join()


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    yield from serve(create_app(desk.runtime))


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answers with what it understood."""
    stream: io.BytesIO = environ["wsgi.input"]
    said = [environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_X_MARK", "")]
    start("200 OK", [("Content-Type", "text/plain")])
    return ["|".join(said).encode(), b"|", stream.read()]


@pytest.fixture
def echo_at() -> Iterator[str]:
    yield from serve(echo)


def register(desk: Desk, url: str, client: Client) -> requests.Response:
    body = {"messaging_product": "whatsapp", "pin": "123456", "appsecret_proof": proof_of(client.token)}
    headers = {"Authorization": f"Bearer {client.token}"}
    return requests.post(f"{url}/v25.0/{client.phone}/register", data=body, headers=headers, timeout=10)


@pytest.mark.parametrize(("drop", "status"), [("before", "PENDING"), ("after", "CONNECTED")])
def test_a_dropped_call_resets_the_connection_without_a_byte(desk: Desk, url: str, drop: str, status: str) -> None:
    client = desk.onboard()
    desk.ask("POST", "/faults", {"match": {"path": "/*/register"}, "action": {"drop": drop}, "times": 1})
    parts = urlsplit(url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as wire:
        path = f"/v25.0/{client.phone}/register?messaging_product=whatsapp&pin=123456"
        auth = f"&access_token={client.token}&appsecret_proof={proof_of(client.token)}"
        wire.sendall(f"POST {path}{auth} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
        with pytest.raises(ConnectionResetError):
            wire.recv(1)
    assert desk.number(client, "status")["status"] == status
    assert register(desk, url, client).status_code == 200


def test_a_hanging_call_is_noted_at_once_and_then_cut(desk: Desk, url: str) -> None:
    client = desk.onboard()
    desk.ask("POST", "/faults", {"match": {"path": "/*/register"}, "action": {"hang_s": 0.2}, "times": 1})
    with pytest.raises(requests.ConnectionError):
        register(desk, url, client)
    assert desk.number(client, "status")["status"] == "PENDING"
    assert [row["status"] for row in desk.ask("GET", "/calls?path=/*/register").get_json()["calls"]] == [None]


def test_a_call_waits_while_250_others_sleep(desk: Desk, url: str) -> None:
    """All sleep at once behind a gate that opens when the last has arrived: with fewer threads it never would."""
    client = desk.onboard()
    arrived = threading.Barrier(251, timeout=60)
    real_plan = desk.runtime.faults.plan

    def wait_for_all(method: str, path: str) -> Any:
        arrived.wait()
        return real_plan(method, path)

    desk.runtime.faults.plan = wait_for_all  # type: ignore[method-assign]
    seen: list[int] = []

    def call() -> None:
        params = {"access_token": client.token, "appsecret_proof": proof_of(client.token)}
        seen.append(requests.get(f"{url}/v25.0/{client.waba}", params=params, timeout=60).status_code)

    threads = [threading.Thread(target=call) for _ in range(250)]
    for thread in threads:
        thread.start()
    arrived.wait()
    for thread in threads:
        thread.join()
    assert seen == [200] * 250


def test_a_connection_is_kept_for_the_next_call(echo_at: str) -> None:
    parts = urlsplit(echo_at)
    connection = http.client.HTTPConnection(str(parts.hostname), int(parts.port or 0), timeout=10)
    for body in (b"first", b"second"):
        connection.request("POST", "/a%20b?x=1", body=body, headers={"X-Mark": "m"})
        answer = connection.getresponse()
        assert answer.read() == b"POST|/a b|x=1|m|" + body
        wire = connection.sock
    assert connection.sock is wire
    connection.close()


def test_a_chunked_body_is_put_together(echo_at: str) -> None:
    answer = requests.post(f"{echo_at}/up", data=iter([b"one", b"two"]), timeout=10)
    assert answer.text == "POST|/up|||onetwo"


def test_head_gets_headers_alone(echo_at: str) -> None:
    answer = requests.head(f"{echo_at}/x", timeout=10)
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["Content-Length"] == str(len("HEAD|/x|||"))


def test_a_body_beyond_the_limit_is_refused_unread(echo_at: str) -> None:
    parts = urlsplit(echo_at)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as wire:
        wire.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n".encode())
        assert wire.recv(64).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_line_and_headers",
    [
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
    ],
)
def test_a_body_whose_size_makes_no_sense_is_refused(echo_at: str, request_line_and_headers: str) -> None:
    parts = urlsplit(echo_at)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as wire:
        wire.sendall(request_line_and_headers.encode())
        assert wire.recv(64).startswith(b"HTTP/1.1 400 ")


def test_an_app_that_fails_is_answered_with_500(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: dict[str, Any], __: Callable[..., Any]) -> Iterable[bytes]:
        raise RuntimeError("broken")

    for address in serve(broken):
        assert requests.get(address, timeout=10).status_code == 500
    assert "RuntimeError: broken" in capsys.readouterr().err


def test_graphs_answers_carry_the_time_of_the_world_and_others_that_of_the_machine(desk: Desk, url: str) -> None:
    def dates() -> list[datetime]:
        told = [requests.get(f"{url}{path}", timeout=10).headers["Date"] for path in ("/v25.0/1", "/_sandbox/health")]
        return [parsedate_to_datetime(date) for date in told]

    desk.ask("POST", "/clock", {"advance_seconds": 3600})
    graphs, machines = dates()
    assert timedelta(minutes=59) < graphs - machines < timedelta(minutes=61)
