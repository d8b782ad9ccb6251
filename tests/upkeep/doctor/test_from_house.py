"""Knocking at our own door: who answers, and in which words it is told that nobody does."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import BaseWSGIServer, make_server

from app.upkeep.doctor import challenge
from app.upkeep.doctor.facts import Door, Trouble
from app.upkeep.doctor.from_house import knock, read_answers
from config import Settings
from tests.conftest import settings_with
from tests.meta.conftest import local, local_server, local_tls
from tests.meta.local_graph import LocalGraph, closed_port, hang_up, raw, silence

__all__ = ["local", "local_server", "local_tls"]


@pytest.fixture
def here(local: LocalGraph, tmp_path: Path) -> Settings:
    return settings_with(tmp_path, public_url=local.url)


def test_a_door_that_nobody_opens_is_told_without_its_address(tmp_path: Path, local_tls: str) -> None:
    assert knock(settings_with(tmp_path, public_url=f"http://127.0.0.1:{closed_port()}")) == Door(
        "silent", "no connection could be made"
    )
    tls = local_tls.replace("127.0.0.1", "localhost")
    assert knock(settings_with(tmp_path, public_url=tls)) == Door("silent", "its certificate is not valid")


@pytest.mark.parametrize("way", [silence, hang_up])
def test_a_door_that_says_nothing_is_silent(
    here: Settings, local: LocalGraph, monkeypatch: pytest.MonkeyPatch, way: Any
) -> None:
    monkeypatch.setattr("app.upkeep.doctor.from_house.PATIENCE", (0.3, 0.3))
    local.answers(way)
    assert knock(here).kind == "silent"


@pytest.mark.parametrize(
    ("answer", "door"),
    [
        (raw(b"", 404), Door("status", "404")),
        (raw(b"", 403), Door("status", "403")),
        (raw(b"", 302, {"Location": "https://me:hush@login.example/?next=hush"}), Door("redirect", "https://login.example/?…")),
        (raw(b"", 301), Door("redirect", "")),
        (raw(b"<h1>It works</h1>"), Door("another")),
        (raw(b"x" * 100_000), Door("another")),
        (raw(b"\xff\xfe"), Door("another")),
    ],
)  # fmt: skip
def test_whoever_else_answers_is_told_apart(here: Settings, local: LocalGraph, answer: Any, door: Door) -> None:
    local.answers(answer)
    assert knock(here) == door


def test_the_question_holds_a_fresh_nonce_and_no_secret(here: Settings, local: LocalGraph) -> None:
    local.answers(raw(b""), raw(b""))
    knock(here)
    knock(here)
    first, second = local.seen
    assert first.path == "/webhooks/whatsapp"  # what the little server calls a version stands before it
    assert first.query.keys() == {"hub.mode", "hub.challenge"}
    assert challenge.is_nonce(first.query["hub.challenge"])
    assert first.query["hub.challenge"] != second.query["hub.challenge"]


@pytest.fixture
def answering(tmp_path: Path) -> Iterator[tuple[Settings, BaseWSGIServer]]:
    """A door that answers as the settings tell it."""
    server = make_server("localhost", 0, lambda *_: [], threaded=True)
    settings = settings_with(tmp_path, public_url=f"http://localhost:{server.server_port}")

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [challenge.answer(settings, environ["QUERY_STRING"].rpartition("=")[2]).encode()]

    server.app = app
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield settings, server
    server.shutdown()
    server.server_close()


def test_our_own_answer_is_known(answering: tuple[Settings, BaseWSGIServer], tmp_path: Path) -> None:
    settings, _ = answering
    assert knock(settings) == Door("ours")
    other = settings_with(tmp_path, public_url=settings.public_url, meta_verify_token="another_word")
    assert knock(other) == Door("other_token")


def test_a_door_that_drips_is_given_up_by_the_deadline_of_the_whole() -> None:
    silent = Trouble("silent")
    told = read_answers(
        {
            "door": silent,
            "records": silent,
            "disk_free": Trouble("failed"),
            "mail": silent,
            "channels": (0, ()),
            "keys": silent,
        }
    )
    assert (told.door, told.disk_free) == (Door("silent", "there was no answer in time"), None)
    assert told.mail == "it gave no answer in time"
    assert [(key.keeper, key.why) for key in told.keys] == [("AWS KMS", "it gave no answer")]
