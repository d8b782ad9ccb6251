from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from app.build import build
from app.db import Database
from app.health import bp, list_silent
from app.kit import clock
from app.runtime import Runtime
from app.work.beats import beat
from config import Settings
from tests.conftest import settings_with


@pytest.fixture
def rt(db: Database, settings: Settings) -> Runtime:
    made = build(settings)
    made.close()
    return replace(made, db=db)


def serve(rt: Runtime) -> Flask:
    app = Flask("health")
    app.extensions["gangway"] = rt
    app.register_blueprint(bp)
    return app


def live(rt: Runtime, *roles: str, ago: float = 0) -> None:
    with rt.db.write() as session:
        for role in roles:
            beat(session, f"{role}-1", role, now=clock.now() - timedelta(seconds=ago))


def test_a_process_that_answers_at_all_lives(rt: Runtime) -> None:
    answer = serve(rt).test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"ok": True})


def test_the_system_is_ready_once_database_worker_and_clock_are(rt: Runtime) -> None:
    client = serve(rt).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ok": False, "silent": ["worker", "clock"]})
    live(rt, "worker", "clock")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ok": True, "silent": []})


@pytest.mark.parametrize(("ago", "silent"), [(5, []), (15, ["worker"])])
def test_a_worker_that_fell_silent_is_named(rt: Runtime, ago: float, silent: list[str]) -> None:
    live(rt, "worker", ago=ago)
    live(rt, "clock")
    assert list_silent(rt) == silent


def test_a_database_that_is_gone_is_named_and_nothing_else_can_be_told(rt: Runtime) -> None:
    gone = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert list_silent(replace(rt, db=gone)) == ["database"]
    gone.dispose()


class Answering(BaseHTTPRequestHandler):
    """Answers 200 at /up, 302 to it at /moved, and 500 elsewhere."""

    def do_GET(self) -> None:
        self.send_response({"/up": 200, "/moved": 302}.get(self.path, 500))
        self.send_header("Location", "/up")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def test_other_parts_are_asked_too_and_named_by_position_only(rt: Runtime, tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    also: Callable[..., Settings] = lambda *urls: settings_with(tmp_path, ready_also=",".join(urls))  # noqa: E731
    live(rt, "worker", "clock")
    try:
        up = replace(rt, settings=also(f"{base}/up"))
        assert list_silent(up) == []
        down = replace(rt, settings=also(f"{base}/up", f"{base}/down", f"{base}/moved", "http://127.0.0.1:1/"))
        assert list_silent(down) == ["also 2", "also 3", "also 4"]
    finally:
        server.shutdown()
        server.server_close()
