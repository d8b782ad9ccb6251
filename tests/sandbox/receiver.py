"""A callback for the tests: answers Meta's handshake, keeps what is posted, refuses when told to."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Post:
    """One POST as it came."""

    path: str
    body: bytes
    headers: dict[str, str]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """All entries in it."""
        return list(json.loads(self.body)["entry"])

    @property
    def change(self) -> dict[str, Any]:
        """The first change in it."""
        return dict(json.loads(self.body)["entry"][0]["changes"][0])


class Receiver:
    """``statuses`` are given to the next POSTs, then 200; ``challenge`` False makes handshakes fail."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.statuses: list[int] = []
        self.answers_challenge = True
        self.asked: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def fields(self) -> list[str]:
        """The fields of all changes so far, in the order of their arrival."""
        return [post.change["field"] for post in self.posts]

    def of(self, field: str) -> list[Post]:
        return [post for post in self.posts if post.change["field"] == field]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
                receiver.asked.append(query)
                self._answer(200 if receiver.answers_challenge else 403, query.get("hub.challenge", "").encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append(Post(self.path, body, dict(self.headers)))
                self._answer(receiver.statuses.pop(0) if receiver.statuses else 200, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
