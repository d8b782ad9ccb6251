"""What the calls themselves tell: how long they took, how far two clocks are apart, which version answered."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.kit.secret import Secret
from app.meta.calls import Call
from app.meta.client import Meta
from app.upkeep.doctor.facts import Trouble, Wire
from app.upkeep.doctor.from_meta import questions_for, read_wire
from app.upkeep.doctor.side_by_side import ask_all
from tests.conftest import settings_with
from tests.meta.conftest import graph, local, local_server, meta
from tests.meta.local_graph import LocalGraph, reply

__all__ = ["graph", "local", "local_server", "meta"]

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def call(
    took_ms: int = 100, *, status: int | None = 200, dated_at: datetime | None = NOON, version: str | None = "v25.0"
) -> Call:
    return Call(
        at=NOON,
        method="GET",
        path="/1",
        request={},
        status=status,
        reply={},
        trace_id=None,
        took_ms=took_ms,
        error=None,
        version=version,
        dated_at=dated_at,
    )


def test_the_quickest_answer_says_how_far_the_clocks_are_apart() -> None:
    # Sent at noon, answered within a second by who says that it is a minute past: about a minute behind.
    quick = call(1000, dated_at=NOON + timedelta(seconds=60))
    slow = call(9000, dated_at=NOON)
    assert read_wire([slow, quick], asked=9, silent=2) == Wire(9, 2, 1000, -60.0, "v25.0")


def test_an_answer_in_the_middle_of_a_second_is_half_a_second_off_and_no_more() -> None:
    assert read_wire([call(200)], asked=1, silent=0).ahead == -0.4


def test_answers_without_a_date_or_a_version_are_passed_over() -> None:
    bare, dated = call(10, dated_at=None, version=None), call(3000, version="v26.0")
    assert read_wire([bare, dated], asked=2, silent=0) == Wire(2, 0, 10, 1.0, "v26.0")
    assert read_wire([bare], asked=1, silent=0) == Wire(1, 0, 10, None, None)


def test_what_is_no_version_is_not_repeated() -> None:
    assert read_wire([call(version="<b>v25.0</b>")], asked=1, silent=0).served is None


def test_calls_without_an_answer_tell_nothing() -> None:
    assert read_wire([call(status=None)], asked=1, silent=1) == Wire(1, 1, 0, None, None)
    assert read_wire([], asked=1, silent=1) == Wire(1, 1, 0, None, None)


def refusal(code: int) -> dict[str, Any]:
    return {"error": {"message": f"(#{code}) no", "type": "OAuthException", "code": code}}


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ((refusal(100), 400), True),
        (({"id": "1234567890"}, 200), False),
        ((refusal(1), 400), Trouble("refused", 1, None)),
        ((refusal(190), 401), Trouble("token", 190, None)),
    ],
)
def test_proof_is_asked_for_when_only_the_call_without_it_is_refused(
    local: LocalGraph, meta: Meta, tmp_path: Path, without: tuple[Any, int], told: object
) -> None:
    local.answers(reply({"id": "1234567890"}), reply(*without))
    asks = questions_for(settings_with(tmp_path), meta, Secret("EAAsystem"))["proof_required"]
    assert ask_all({"it": asks}, seconds=60) == {"it": told}
    assert ["appsecret_proof" in seen.query for seen in local.seen] == [True, False]


def test_a_call_that_is_refused_with_its_proof_says_nothing_of_the_proof(
    local: LocalGraph, meta: Meta, tmp_path: Path
) -> None:
    local.answers(reply(refusal(100), 400))
    asks = questions_for(settings_with(tmp_path), meta, Secret("EAAsystem"))["proof_required"]
    assert ask_all({"it": asks}, seconds=60) == {"it": Trouble("refused", 100, None)}
