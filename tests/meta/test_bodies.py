"""Answers that cannot be read."""

import pytest

from app.kit.secret import Secret
from app.meta.errors import MetaBusy, MetaRefused, MetaUnreachable, TokenDead
from app.meta.transport import Graph
from tests.meta.local_graph import LocalGraph, drops, graph_at, raw, reply


def test_a_body_that_comes_in_drops_is_given_up(local: LocalGraph, token: Secret) -> None:
    local.answers(drops)
    with pytest.raises(MetaUnreachable) as caught:
        graph_at(local.url).call("GET", "/1", token=token)
    assert (caught.value.request_written, caught.value.status) == (True, 200)


def test_a_body_without_end_is_given_up(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(raw(b" " * (9 * 1024 * 1024)))
    with pytest.raises(MetaUnreachable):
        graph.call("GET", "/1", token=token)


HTML = b"<html><body>502 Bad Gateway</body></html>"


@pytest.mark.parametrize(
    "answer",
    [
        raw(HTML, 502, {"Content-Type": "text/html", "x-fb-trace-id": "Trace1"}),
        raw(b"", 503, {"x-fb-trace-id": "Trace1"}),
        raw(b'{"id":"1', 200, {"x-fb-trace-id": "Trace1"}),
        raw(b'{"id":"1', 200, {"x-fb-trace-id": "Trace1"}, length=40),
        raw(b"", 200, {"x-fb-trace-id": "Trace1"}),
        raw(b"[1]", 200, {"x-fb-trace-id": "Trace1"}),
        raw(b"true", 200, {"x-fb-trace-id": "Trace1"}),
        raw(b"[" * 200_000, 200, {"x-fb-trace-id": "Trace1"}),
        reply({}, 500, {"x-fb-trace-id": "Trace1"}),
    ],
    ids=["html", "empty 503", "half", "cut", "empty", "list", "true", "deep", "500 without error"],
)
def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(
    local: LocalGraph, graph: Graph, token: Secret, answer
) -> None:
    local.answers(answer)
    with pytest.raises(MetaUnreachable) as caught:
        graph.call("POST", "/1/register", token=token)
    assert (caught.value.request_written, caught.value.retryable, caught.value.trace_id) == (True, True, "Trace1")


def test_an_html_page_with_a_client_error_is_a_refusal(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(raw(HTML, 404), reply({}, 400))
    for status in (404, 400):
        with pytest.raises(MetaRefused) as caught:
            graph.call("GET", "/1", token=token)
        assert (caught.value.status, caught.value.code, caught.value.retryable) == (status, None, False)


def test_an_html_page_with_429_says_when_to_come_back(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(raw(HTML, 429, {"Retry-After": "17"}))
    with pytest.raises(MetaBusy) as caught:
        graph.call("GET", "/1", token=token)
    assert caught.value.retry_after == 17


def test_an_error_inside_a_200_is_an_error(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(reply({"error": {"code": 190, "error_subcode": 463, "fbtrace_id": "T9"}}))
    with pytest.raises(TokenDead) as caught:
        graph.call("GET", "/1", token=token)
    assert (caught.value.code, caught.value.subcode, caught.value.trace_id, caught.value.status) == (
        190,
        463,
        "T9",
        200,
    )
