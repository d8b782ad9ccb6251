"""Reading replies with care, and following pages."""

from datetime import UTC, datetime

import pytest

from app.kit.secret import Secret
from app.meta.errors import MetaRefused, MetaUnreachable
from app.meta.replies import every, flag, moment, must_succeed, part, parts, promised, promised_part, text, texts
from app.meta.transport import Graph
from tests.meta.local_graph import LocalGraph, reply


def test_ids_become_text_whatever_they_came_as() -> None:
    assert text({"id": 806312974732579000123}, "id") == "806312974732579000123"
    assert text({"id": "0042"}, "id") == "0042"


@pytest.mark.parametrize("value", [None, "", True, False, 1.5, [], {}])
def test_what_is_no_text_is_none_or_an_unknown_outcome_where_it_was_promised(value: object) -> None:
    assert text({"id": value}, "id") is None
    with pytest.raises(MetaUnreachable) as caught:
        promised({"id": value}, "id")
    assert caught.value.request_written is True


def test_flags_parts_and_lists_keep_only_what_has_their_shape() -> None:
    reply = {"yes": True, "no": False, "word": "true", "one": {"a": 1}, "many": [{"a": 1}, 7], "ids": ["1", 2]}
    assert [flag(reply, key) for key in ("yes", "no", "word", "absent")] == [True, False, None, None]
    assert [part(reply, key) for key in ("one", "many", "absent")] == [{"a": 1}, {}, {}]
    assert [parts(reply, key) for key in ("many", "one", "absent")] == [[{"a": 1}], [], []]
    assert [texts(reply, key) for key in ("ids", "one", "absent")] == [("1", "2"), (), ()]


def test_times_are_aware_and_zero_means_none() -> None:
    assert moment({"at": 1790000000}, "at") == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert [moment({"at": value}, "at") for value in (0, None, "1790000000", -1)] == [None] * 4


@pytest.mark.parametrize("reply", [{}, {"success": "true"}, {"success": 1}, {"success": None}])
def test_an_answer_that_speaks_of_no_success_leaves_the_outcome_unknown(reply: dict[str, object]) -> None:
    with pytest.raises(MetaUnreachable):
        must_succeed(reply)


def test_success_false_is_a_refusal() -> None:
    with pytest.raises(MetaRefused):
        must_succeed({"success": False})


def test_success_true_is_success() -> None:
    must_succeed({"success": True})


def page(ids: list[str], after: str | None, *, more: bool) -> dict[str, object]:
    paging: dict[str, object] = {"cursors": {"before": "x", "after": after}} if after else {}
    if more:
        paging["next"] = "https://graph.facebook.com/v25.0/1/phone_numbers?access_token=EAA&after=other"
    return {"data": [{"id": id_} for id_ in ids], "paging": paging}


def test_pages_are_followed_by_cursor_until_meta_names_no_next(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(reply(page(["1", "2"], "A", more=True)), reply(page(["3"], "B", more=False)))
    found = list(every(graph, "/1/phone_numbers", token=token, params={"fields": "id"}))
    assert found == [{"id": "1"}, {"id": "2"}, {"id": "3"}]
    assert [seen.query.get("after") for seen in local.seen] == [None, "A"]
    assert {seen.query["fields"] for seen in local.seen} == {"id"}
    assert {seen.query["limit"] for seen in local.seen} == {"100"}


@pytest.mark.parametrize(
    ("last", "ids"),
    [
        (page(["2"], "A", more=True), ["1", "2"]),
        (page(["2"], None, more=True), ["1", "2"]),
        ({"data": [{"id": "2"}]}, ["1", "2"]),
        ({"data": []}, ["1"]),
    ],
    ids=["same cursor", "no cursor", "no paging", "empty"],
)
def test_a_repeated_or_missing_cursor_ends_the_list(
    local: LocalGraph, graph: Graph, token: Secret, last: dict[str, object], ids: list[str]
) -> None:
    local.answers(reply(page(["1"], "A", more=True)), reply(last))
    assert [row["id"] for row in every(graph, "/1/phone_numbers", token=token, params={})] == ids
    assert len(local.seen) == 2


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": {"id": "1"}}, {"paging": {}}])
def test_a_missing_list_is_not_an_empty_one(
    local: LocalGraph, graph: Graph, token: Secret, answer: dict[str, object]
) -> None:
    local.answers(reply(answer))
    with pytest.raises(MetaUnreachable):
        list(every(graph, "/1/phone_numbers", token=token, params={}))


def test_a_missing_object_is_not_an_empty_one() -> None:
    assert promised_part({"data": {}}, "data") == {}
    with pytest.raises(MetaUnreachable):
        promised_part({"data": []}, "data")


def test_no_list_has_more_than_a_hundred_pages(local: LocalGraph, graph: Graph, token: Secret) -> None:
    local.answers(*[reply(page([str(i)], f"C{i}", more=True)) for i in range(101)])
    assert len(list(every(graph, "/1/phone_numbers", token=token, params={}))) == 100
    assert len(local.seen) == 100
