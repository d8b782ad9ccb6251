"""Nothing secret leaves: not in records, not in errors, not in logs, not in tracebacks."""

import logging
import traceback

import pytest

from app.kit.secret import Secret
from app.meta.errors import MetaError, MetaRefused, MetaUnreachable
from app.meta.transport import Call, Graph
from tests.meta.local_graph import LocalGraph, hang_up, reply

CANARY = "EAAcanarycanarycanary7Q"


def test_no_secret_is_in_the_record_whatever_meta_echoes(local: LocalGraph, graph: Graph) -> None:
    calls: list[Call] = []
    token, pin = Secret(CANARY), Secret("482913")
    local.answers(
        reply(
            {"error": {"code": 100, "message": f"bad {CANARY}", "error_data": {"details": "PIN 482913 is weak"}}}, 400
        ),
        reply({"access_token": "EAAnewtokennewtokennew", "echo": [f"x{CANARY}x"], "id": "104829131"}),
        reply({"data": [], "paging": {"next": f"https://graph.facebook.com/x?access_token={CANARY}", "cursors": {}}}),
    )
    recording = graph.recording(calls.append)
    with pytest.raises(MetaRefused) as caught:
        recording.call("POST", "/1/register", token=token, json={"pin": pin, "note": CANARY, "deep": [{"a": pin}]})
    recording.call("POST", "/1/register", token=token, form={"pin": pin})
    recording.call("GET", "/1/phone_numbers", token=token)
    assert caught.value.details == "PIN (secret) is weak"
    assert calls[1].reply == {"access_token": "(secret)", "echo": ["x(secret)x"], "id": "104829131"}
    assert calls[2].reply == {"data": [], "paging": {"next": "(secret)", "cursors": {}}}
    for kept in (calls, vars(caught.value), caught.value):
        for secret in (CANARY, "EAAnewtoken", " 482913"):
            assert secret not in repr(kept), secret
            assert secret not in str(kept), secret


def test_what_people_write_is_counted_and_not_kept(local: LocalGraph, graph: Graph, token: Secret) -> None:
    calls: list[Call] = []
    local.answers(reply({"id": "1"}))
    components = [{"type": "body", "parameters": [{"type": "text", "text": "Alex Example"}]}]
    graph.recording(calls.append).call(
        "POST",
        "/1/messages",
        token=token,
        json={"text": {"body": "my address"}, "template": {"components": components}},
    )
    assert calls[0].request["text"] == {"body": "(10 characters)"}
    assert calls[0].request["template"]["components"][0]["parameters"] == [{"type": "text", "text": "(12 characters)"}]


def read_the_token_in_an_address(graph: Graph) -> None:
    graph.call("GET", "/debug_token", token=Secret("1|app"), params={"input_token": Secret(CANARY)})


def test_no_logger_prints_a_token_that_must_travel_in_an_address(
    local: LocalGraph, graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    local.answers(hang_up, reply({"data": {}}), hang_up, hang_up)
    read_the_token_in_an_address(graph)
    with pytest.raises(MetaUnreachable):
        read_the_token_in_an_address(graph)
    assert local.seen[0].query["input_token"] == CANARY
    lines = [record.getMessage() for record in caplog.records] + [str(record.args) for record in caplog.records]
    assert any("/v25.0/debug_token?…" in line for line in lines), "the libraries do log, so there was something to cut"
    assert any("connection broken" in line for line in lines), "a lost connection is logged as a warning"
    assert CANARY not in "\n".join(lines)


def test_no_traceback_prints_a_token_that_must_travel_in_an_address(local: LocalGraph, graph: Graph) -> None:
    local.answers(hang_up, hang_up)
    with pytest.raises(MetaError) as caught:
        read_the_token_in_an_address(graph)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
