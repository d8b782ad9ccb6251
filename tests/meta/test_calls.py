"""What is kept of a call."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kit.secret import Secret
from app.meta.errors import MetaRefused, MetaUnreachable
from app.meta.transport import Call, Graph
from tests.meta.local_graph import LocalGraph, closed_port, graph_at, reply


def test_every_call_is_told_once_with_its_facts(local: LocalGraph, graph: Graph, token: Secret) -> None:
    calls: list[Call] = []
    local.answers(reply({"id": "1"}, headers={"x-fb-trace-id": "T1"}))
    before = datetime.now(UTC)
    graph.recording(calls.append).call("GET", "/1", token=token, params={"fields": "id"})
    [call] = calls
    assert before - timedelta(seconds=1) <= call.at <= datetime.now(UTC) + timedelta(seconds=1)
    assert call.at.tzinfo is UTC
    assert (call.method, call.path, call.request, call.status) == ("GET", "/1", {"fields": "id"}, 200)
    assert (call.reply, call.trace_id, call.error) == ({"id": "1"}, "T1", None)
    assert call.took_ms >= 0


def test_a_failed_call_is_told_too(local: LocalGraph, graph: Graph, token: Secret) -> None:
    calls: list[Call] = []
    local.answers(reply({"error": {"code": 133005, "message": "(#133005) PIN", "fbtrace_id": "T2"}}, 400))
    with pytest.raises(MetaRefused):
        graph.recording(calls.append).call("POST", "/1/register", token=token, json={"pin": Secret("482913")})
    [call] = calls
    assert call.request == {"pin": "(secret)"}
    assert call.error == "Meta refused the request (error 133005, HTTP 400, trace T2)"
    assert (call.status, call.trace_id) == (400, "T2")
    assert call.reply == {"error": {"code": 133005, "message": "(#133005) PIN", "fbtrace_id": "T2"}}


def test_a_call_that_got_no_answer_is_told_too(token: Secret) -> None:
    calls: list[Call] = []
    with pytest.raises(MetaUnreachable):
        graph_at(f"http://127.0.0.1:{closed_port()}").recording(calls.append).call("GET", "/1", token=token)
    [call] = calls
    assert (call.status, call.reply, call.error) == (None, None, "Meta could not be reached, nothing was sent")


def test_a_recording_clone_shares_connections_and_leaves_the_original_silent(
    local: LocalGraph, graph: Graph, token: Secret
) -> None:
    first: list[Call] = []
    second: list[Call] = []
    one = graph.recording(first.append)
    both = one.recording(second.append)
    local.answers(*[reply({"id": "1"})] * 3)
    graph.call("GET", "/1", token=token)
    one.call("GET", "/2", token=token)
    both.call("GET", "/3", token=token)
    assert [call.path for call in first] == ["/2", "/3"]
    assert [call.path for call in second] == ["/3"]
