"""The wire to Graph, against a real server on a real socket."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kit.secret import Secret
from app.meta.errors import MetaRefused
from app.meta.transport import Call, Graph
from tests.meta.local_graph import LocalGraph, raw, reply

PROOF = "bad6df0b858104754a0ffde2f0c05fe9731f1a5e141ee1bccf316d05f28d5135"


def test_a_call_carries_version_bearer_and_the_proof_of_the_newest_secret(
    local: LocalGraph, graph: Graph, token: Secret
) -> None:
    local.answers(reply({"id": "5241"}))
    assert graph.call("GET", "/5241", token=token, params={"fields": "id"}) == {"id": "5241"}
    seen = local.only
    assert (seen.method, seen.version, seen.path) == ("GET", "v25.0", "/5241")
    assert seen.headers["authorization"] == "Bearer EAATESTTOKEN"
    assert seen.query == {"fields": "id", "appsecret_proof": PROOF}


def test_a_call_without_token_has_neither_header_nor_proof(local: LocalGraph, graph: Graph) -> None:
    local.answers(reply({"ok": 1}))
    graph.call("POST", "/oauth/access_token", token=None, form={"a": "b"})
    assert "authorization" not in local.only.headers
    assert local.only.query == {}
    assert local.only.form == {"a": "b"}


def test_a_variant_leaves_the_proof_out_or_gives_up_sooner_and_the_original_stays_as_it_is(
    local: LocalGraph, graph: Graph, token: Secret
) -> None:
    local.answers(*[reply({"id": "1"})] * 3)
    bare, quick = graph.variant(proves=False), graph.variant(timeout=(0.2, 0.3))
    assert (bare.timeout, quick.timeout, graph.timeout) == ((3.05, 20.0), (0.2, 0.3), (3.05, 20.0))
    for one in (bare, quick, graph):
        one.call("GET", "/1", token=token)
    assert [seen.query for seen in local.seen] == [{}, {"appsecret_proof": PROOF}, {"appsecret_proof": PROOF}]
    assert len({seen.port for seen in local.seen}) == 1, "they share the connections"


def test_a_post_sends_secrets_in_the_body_and_lists_as_json(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(reply({"success": True}), reply({"success": True}))
    graph.call("POST", "/1/register", token=token, json={"pin": Secret("482913"), "deep": [{"x": Secret("inner")}]})
    graph.call("POST", "/1/assigned_users", token=token, form={"user": "7", "tasks": ["MANAGE"], "on": True})
    assert local.seen[0].json == {"pin": "482913", "deep": [{"x": "inner"}]}
    assert local.seen[1].form == {"user": "7", "tasks": '["MANAGE"]', "on": "true"}
    assert [seen.query for seen in local.seen] == [{"appsecret_proof": PROOF}] * 2


def test_connections_are_kept_and_cookies_are_not(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(reply({"id": "1"}, headers={"Set-Cookie": "sb=1; Path=/"}), reply({"id": "1"}))
    graph.call("GET", "/1", token=token)
    graph.call("GET", "/1", token=token)
    assert local.seen[0].port == local.seen[1].port
    assert "cookie" not in local.seen[1].headers


@pytest.mark.parametrize(
    "path", ["1", "/", "/1/2/3", "/../1", "/1?x=1", "/1/phone_numbers/", "/1#x", "//evil", "/é", "/1\n"]
)
def test_a_path_is_one_node_and_at_most_one_edge(local: LocalGraph, graph: Graph, token: Secret, path: str) -> None:
    with pytest.raises(ValueError, match="one node"):
        graph.call("GET", path, token=token)
    assert local.seen == []


def test_a_token_that_cannot_be_a_header_is_refused_without_being_quoted(local: LocalGraph, graph: Graph) -> None:
    with pytest.raises(ValueError, match="visible ASCII") as caught:
        graph.call("GET", "/1", token=Secret("EAA\r\nX-Evil: 1"))
    assert "Evil" not in str(caught.value)
    assert local.seen == []


def test_an_app_without_secret_cannot_call() -> None:
    with pytest.raises(ValueError, match="at least one secret"):
        Graph(base_url="http://127.0.0.1:1", version="v25.0", app_id="1", app_secrets=[])


def test_a_redirect_is_not_followed(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(raw(b"", 302, {"Location": f"{local.url}/elsewhere"}))
    with pytest.raises(MetaRefused) as caught:
        graph.call("GET", "/1", token=token)
    assert caught.value.status == 302
    assert len(local.seen) == 1


def test_many_threads_share_one_graph_and_each_hears_of_its_own_calls(local: LocalGraph, graph: Graph) -> None:
    local.answers(*[reply({"id": "1"})] * 200)

    def work(number: int) -> list[tuple[str, str | None]]:
        calls: list[Call] = []
        mine = graph.recording(calls.append)
        for turn in range(10):
            mine.call("GET", f"/{number}{turn}", token=Secret(f"EAA{number}"))
        return [(call.path, call.error) for call in calls]

    with ThreadPoolExecutor(20) as pool:
        heard = list(pool.map(work, range(20)))
    assert heard == [[(f"/{number}{turn}", None) for turn in range(10)] for number in range(20)]
    tokens = {(seen.path, seen.headers["authorization"]) for seen in local.seen}
    assert tokens == {(f"/{number}{turn}", f"Bearer EAA{number}") for number in range(20) for turn in range(10)}
