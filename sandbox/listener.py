"""A small threaded HTTP/1.1 server for the local Meta: one thread a connection, keep-alive, and a socket to cut.

Why not the product's own server: a fault named "drop" must cut the TCP connection without an answer, and granian gives
a WSGI app no way to reach the socket; Werkzeug's development server closes every connection after one answer. What is
left to do after the standard library's parsing is little, and delays slept in 250 threads at once cost nothing.

The environ carries ``sandbox.cut``: a function that resets the connection; nothing is sent after it was called. With
``sandbox.cut_midway`` half of the answer is sent before that.
"""

import io
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

MAX_BODY = 16 * 1024 * 1024


class Listener(ThreadingHTTPServer):
    """Serves one WSGI app. ``serve_forever`` and ``shutdown`` as in the standard library."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024
    allow_reuse_address = True

    def __init__(self, host: str, port: int) -> None:
        """Binds at once (port 0: any free one, see ``server_port``); set ``app`` before serving."""
        self.app: WSGIApplication = _no_app
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Binds without asking a name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        host, port = self.socket.getsockname()[:2]
        self.server_address = (host, port)
        self.server_name, self.server_port = str(host), int(port)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _no_app(_: Any, start: Any) -> Iterable[bytes]:
    start("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"The local Meta is still starting."]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120
    server: Listener
    _midway = False

    def version_string(self) -> str:
        return "proxygen-bolt"

    def log_message(self, format: str, *args: Any) -> None:
        """Calls are kept in the call log, not printed."""

    def __getattr__(self, name: str) -> Any:
        # The standard library looks for do_GET, do_POST, …; every method goes to the app.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        try:
            body = self._read_body()
        except ValueError:
            self._refuse(400)
            return
        if body is None:
            self._refuse(413)
            return
        answer = _Answer()
        try:
            chunks = self.server.app(self._environ(body), answer.start)
            try:
                answer.body = b"".join(chunks)
            finally:
                _close(chunks)
        except Exception:  # noqa: BLE001 - a server answers 500 whatever the app did
            traceback.print_exc()
            answer = _Answer("500 Internal Server Error", [("Content-Type", "text/plain")], b"The local Meta failed.")
        if self.connection.fileno() != -1:
            self._write(answer)

    def _refuse(self, status: int) -> None:
        """What follows on the wire cannot be understood, so the connection ends here."""
        self.close_connection = True
        self.send_error(status)

    def _read_body(self) -> bytes | None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._read_chunks()
        length = _read_size(self.headers.get("Content-Length") or "0", 10)
        return self.rfile.read(length) if length <= MAX_BODY else None

    def _read_chunks(self) -> bytes | None:
        body = b""
        while size := _read_size(self.rfile.readline(32).decode("latin-1").partition(";")[0].strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline(8)
            if len(body) > MAX_BODY:
                return None
        while self.rfile.readline(8192).strip():
            pass
        return body

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self.server.server_name,
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "sandbox.cut": self._cut,
            "sandbox.cut_midway": self._cut_midway,
        }
        for name, value in self.headers.items():
            environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
        return environ

    def _write(self, answer: "_Answer") -> None:
        status, _, reason = answer.status.partition(" ")
        self.send_response_only(int(status), reason)
        self.send_header("Server", self.version_string())
        # Graph's answers carry the time of the world, which tests move; everything else has the machine's.
        if not any(name.lower() == "date" for name, _ in answer.headers):
            self.send_header("Date", self.date_time_string())
        for name, value in answer.headers:
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self._midway:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.wfile.flush()
            self._cut()
        elif self.command != "HEAD":
            self.wfile.write(answer.body)

    def _cut_midway(self) -> None:
        """Lets half of the answer's body out, under the length of the whole, and resets the connection then."""
        self._midway = True

    def _cut(self) -> None:
        """Resets the connection: with a linger time of zero the kernel sends RST instead of a polite end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wfile = io.BytesIO()
        self.rfile.close()
        self.connection.close()


class _Answer:
    def __init__(self, status: str = "", headers: list[tuple[str, str]] | None = None, body: bytes = b"") -> None:
        self.status, self.headers, self.body = status, headers or [], body

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        del exc_info
        self.status, self.headers = status, headers
        return self._write

    def _write(self, data: bytes) -> None:
        self.body += data


def _read_size(written: str, base: int) -> int:
    """A size as HTTP writes it: digits alone. ``ValueError`` for anything else, a sign too."""
    if not written.isalnum():
        raise ValueError(written)
    return int(written, base)


def _close(chunks: Iterable[bytes] | IO[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
