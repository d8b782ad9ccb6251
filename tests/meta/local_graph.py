"""A tiny HTTP server that plays Graph as a test tells it to: real sockets, real threads, nothing patched."""

import contextlib
import json
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.kit.secret import Secret
from app.meta.transport import Graph

VERSION = "v25.0"


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. `path` has no version; `query` and `form` hold the last value of each name, `port`
    tells connections apart."""

    method: str
    path: str
    version: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    port: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    @property
    def sent(self) -> dict[str, Any]:
        """What the body says, whichever form it has; empty without one."""
        if not self.body:
            return {}
        return self.json if "json" in self.headers["content-type"] else self.form


Answer = Callable[["Handler"], None]


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A JSON answer."""
    return raw(json.dumps(body).encode(), status, {"Content-Type": "application/json", **(headers or {})})


def raw(body: bytes, status: int = 200, headers: dict[str, str] | None = None, *, length: int | None = None) -> Answer:
    """Any bytes; with a `length` larger than they are, the connection closes in the middle of the body."""

    def answer(handler: "Handler") -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)
        if length is not None:
            hang_up(handler)

    return answer


def hang_up(handler: "Handler") -> None:
    """Close the connection, with whatever has been sent so far."""
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def silence(handler: "Handler") -> None:
    """Say nothing until the test is over."""
    handler.close_connection = True
    handler.over.wait(30)


def drops(handler: "Handler") -> None:
    """A body that never ends, one space at a time, faster than any read timeout."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.close_connection = True
    while not handler.over.wait(0.02):
        handler.wfile.write(b" ")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"
    over: threading.Event

    def answer_next(self) -> None:
        self.over = self.server.over
        parts = urlsplit(self.path)
        version, _, path = parts.path.lstrip("/").partition("/")
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append(Seen(self.command, f"/{path}", version, query, headers, body, self.client_address[1]))
        with contextlib.suppress(OSError):  # the caller may hang up before we are done: some tests want that
            self.server.script.popleft()(self)

    do_GET = do_POST = do_DELETE = answer_next  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        """Tests read `seen` instead."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[Seen] = []
        self.script: deque[Answer] = deque()
        self.over = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hung up is what some tests are about; anything else is a fault of the test."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class LocalGraph:
    """`answers(...)` says what comes next, one per request; `seen` is what was asked."""

    def __init__(self) -> None:
        self._server = Server()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def seen(self) -> list[Seen]:
        return self._server.seen

    @property
    def only(self) -> Seen:
        """The one request that was made."""
        assert len(self.seen) == 1, f"{len(self.seen)} requests were made"
        return self.seen[0]

    def answers(self, *answers: Answer) -> None:
        self._server.script.extend(answers)

    def forget(self) -> None:
        """End what is still being answered, and be as new."""
        self._server.over.set()
        self._server.over = threading.Event()
        self._server.seen = []
        self._server.script.clear()

    def close(self) -> None:
        self.forget()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def graph_at(url: str, *, timeout: tuple[float, float] = (0.5, 0.3)) -> Graph:
    """A client that gives up soon."""
    return Graph(base_url=url, version="v25.0", app_id="1", app_secrets=[Secret("test_app_secret")], timeout=timeout)


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
