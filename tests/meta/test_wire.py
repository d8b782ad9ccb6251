"""What goes wrong on the way, and how often we try: real sockets, nothing patched."""

import socket

import pytest

from app.kit.secret import Secret
from app.meta.errors import MetaBusy, MetaUnreachable
from app.meta.transport import Graph
from tests.meta.local_graph import LocalGraph, closed_port, graph_at, hang_up, reply, silence
from tests.waiting import until


def test_a_refused_connection_sent_nothing(token: Secret) -> None:
    with pytest.raises(MetaUnreachable) as caught:
        graph_at(f"http://127.0.0.1:{closed_port()}").call("POST", "/1/register", token=token)
    assert caught.value.request_written is False
    assert caught.value.retryable is True


def test_an_unknown_host_sent_nothing(token: Secret) -> None:
    with pytest.raises(MetaUnreachable) as caught:
        graph_at("http://no-such-host.invalid").call("GET", "/1", token=token)
    assert caught.value.request_written is False


def test_a_connection_that_is_never_accepted_sent_nothing(token: Secret) -> None:
    # A full backlog leaves the caller's SYN unanswered, which is what an unreachable network looks like.
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        with pytest.raises(MetaUnreachable) as caught:
            graph_at(f"http://127.0.0.1:{listener.getsockname()[1]}").call("POST", "/1/register", token=token)
    assert caught.value.request_written is False


def test_a_server_without_a_valid_certificate_got_nothing(token: Secret, local_tls: str) -> None:
    with pytest.raises(MetaUnreachable) as caught:
        graph_at(local_tls, timeout=(5, 5)).call("POST", "/1/register", token=token)
    assert caught.value.request_written is False


def test_a_post_whose_connection_drops_is_not_repeated_and_its_outcome_is_unknown(
    local: LocalGraph, graph: Graph, token: Secret
) -> None:
    local.answers(hang_up, reply({"success": True}))
    with pytest.raises(MetaUnreachable) as caught:
        graph.call("POST", "/1/register", token=token, json={"pin": Secret("482913")})
    assert caught.value.request_written is True
    assert len(local.seen) == 1


def test_a_get_whose_connection_drops_is_repeated_once(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(hang_up, reply({"id": "1"}))
    assert graph.call("GET", "/1", token=token) == {"id": "1"}
    assert len(local.seen) == 2


def test_a_get_is_repeated_no_more_than_once(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(hang_up, hang_up, reply({"id": "1"}))
    with pytest.raises(MetaUnreachable):
        graph.call("GET", "/1", token=token)
    assert len(local.seen) == 2


def test_a_delete_is_never_repeated(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(hang_up, reply({"success": True}))
    with pytest.raises(MetaUnreachable):
        graph.call("DELETE", "/1", token=token)
    assert len(local.seen) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_no_status_is_repeated_even_with_retry_after(
    local: LocalGraph, graph: Graph, token: Secret, status: int
) -> None:
    local.answers(reply({"error": {"code": 2}}, status, {"Retry-After": "0"}), reply({"id": "1"}))
    with pytest.raises(MetaBusy):
        graph.call("GET", "/1", token=token)
    assert len(local.seen) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_silence_ends_at_the_read_timeout_and_is_not_repeated(local: LocalGraph, token: Secret, method: str) -> None:
    local.answers(silence, reply({"id": "1"}))
    with pytest.raises(MetaUnreachable) as caught:
        graph_at(local.url).call(method, "/1", token=token)
    assert caught.value.request_written is True
    assert until(lambda: local.seen), "the request never arrived"
    assert len(local.seen) == 1
