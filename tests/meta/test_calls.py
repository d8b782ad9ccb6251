"""What is kept of a call."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kit.secret import Secret
from app.meta.errors import MetaRefused, MetaUnreachable, PermissionMissing, TokenDead
from app.meta.transport import Call, Graph
from tests.meta.local_graph import Handler, LocalGraph, closed_port, graph_at, reply


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


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Mon, 02 Nov 2026 12:00:00 GMT", datetime(2026, 11, 2, 12, 0, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 13:00:00 +0100", datetime(2026, 11, 2, 12, 0, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 12:00:00 -0000", None),  # the zone is said to be unknown
        ("soon", None),
        ("Mon, 99 Nov 2026 12:00:00 GMT", None),
    ],
)
def test_metas_own_clock_and_version_are_kept_as_it_tells_them(
    local: LocalGraph, graph: Graph, token: Secret, date: str, moment: datetime | None
) -> None:
    calls: list[Call] = []

    def answer(handler: Handler) -> None:
        handler.send_response_only(200)
        for name, value in (("Date", date), ("facebook-api-version", "v25.0"), ("Content-Length", "2")):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(b"{}")

    local.answers(answer)
    graph.recording(calls.append).call("GET", "/1", token=token)
    assert (calls[0].dated_at, calls[0].version) == (moment, "v25.0")


def test_a_call_with_a_dead_token_is_heard_of_whichever_clone_made_it(
    local: LocalGraph, graph: Graph, token: Secret
) -> None:
    dead: list[tuple[int | None, Secret | None]] = []
    heard = graph.hearing(lambda error: dead.append((error.subcode, error.token)))
    no = reply({"error": {"code": 190, "error_subcode": 467, "message": "dead"}}, 401)
    local.answers(no, no, no, reply({"error": {"code": 200, "message": "no"}}, 403), no)
    for clone in (heard, heard.recording(lambda _: None), heard.variant(timeout=(1, 1))):
        with pytest.raises(TokenDead):
            clone.call("GET", "/1", token=token)
    with pytest.raises(PermissionMissing):
        heard.call("GET", "/1", token=token)
    with pytest.raises(TokenDead):
        graph.call("GET", "/1", token=token)
    assert dead == [(467, token)] * 3
