"""What a step has in its hands: calls side by side, intentions that survive a death, writes while it is ours."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.kit import clock
from app.meta.errors import MetaBusy, MetaError, MetaRefused, MetaUnreachable
from app.onboarding import ledger
from app.onboarding.models import Onboarding
from app.onboarding.partner import Partner
from app.onboarding.walk import Walk
from app.work.due import claim
from app.work.keeper import LeaseLost
from tests.onboarding.journey import Journey


@pytest.fixture
def walk(journey: Journey) -> Iterator[Walk]:
    key, _ = journey.begin()
    with journey.db.write() as session:
        lease = timedelta(minutes=1)
        assert list(claim(session, Onboarding, worker="me", now=clock.now(), lease=lease, most=1)) == [key]
    with journey.db.write() as session:
        page = ledger.open_pages(session, [key])[key]
        ((name, facts),) = ledger.start_ready(page, under_way=(), now=clock.now())
    with ThreadPoolExecutor(4) as pool:
        yield Walk(journey.rt, facts, name, "me", pool, Partner(journey.rt.settings))


def fail(error: BaseException) -> Any:
    raise error


def lose(journey: Journey) -> None:
    with journey.db.write() as session:
        session.execute(update(Onboarding).values(leased_by="somebody else"))


def intents(journey: Journey, walk: Walk) -> list[str]:
    step = journey.progress(walk.facts.onboarding_id).step("exchange")
    assert step is not None
    return [intent["what"] for intent in step.evidence.get("intents", [])]


def test_calls_run_side_by_side_and_come_back_in_order(walk: Walk) -> None:
    meet = threading.Barrier(3)

    def call(answer: str) -> str:
        meet.wait(10)
        return answer

    assert walk.three(lambda: call("a"), lambda: call("b"), lambda: call("c")) == ("a", "b", "c")
    pair = threading.Barrier(2)
    assert walk.both(lambda: pair.wait(10) >= 0, lambda: pair.wait(10) >= 0) == (True, True)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_error_is_raised_once_all_have_ended(walk: Walk, place: int) -> None:
    ended: list[int] = []

    def call(mine: int) -> int:
        ended.append(mine)
        return fail(MetaRefused(code=mine)) if mine == place else mine

    with pytest.raises(MetaRefused) as refused:
        walk.three(lambda: call(0), lambda: call(1), lambda: call(2))
    assert refused.value.code == place
    assert sorted(ended) == [0, 1, 2]


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (None, ["share"]),
        (MetaUnreachable(request_written=True), ["share"]),
        (MetaUnreachable(request_written=False), []),
        (MetaBusy(code=2), []),
        (MetaRefused(code=100), []),
    ],
    ids=str,
)
def test_an_intention_stays_where_meta_may_have_acted(
    journey: Journey, walk: Walk, error: MetaError | None, left: list[str]
) -> None:
    def act() -> None:
        with walk.once("share"):
            assert intents(journey, walk) == ["share"]
            if error is not None:
                raise error

    if error is None:
        act()
    else:
        with pytest.raises(type(error)):
            act()
    assert intents(journey, walk) == left


def test_only_the_newest_intention_of_its_kind_is_taken_back(journey: Journey, walk: Walk) -> None:
    walk.intend("share")
    walk.intend("attach")

    def act() -> None:
        with walk.once("share"):
            walk.intend("attach")
            raise MetaBusy(code=2)

    with pytest.raises(MetaBusy):
        act()
    assert intents(journey, walk) == ["share", "attach", "attach"]


def test_an_attempt_sees_the_intentions_of_those_before_it_only(walk: Walk) -> None:
    walk.intend("share")
    assert walk.intended("share") == []


def test_who_has_lost_the_lease_intends_and_writes_nothing(journey: Journey, walk: Walk) -> None:
    lose(journey)
    done: list[int] = []
    acts: list[Callable[[], object]] = [
        lambda: walk.intend("share"),
        lambda: walk.write(lambda _session, _now: done.append(1)),
        lambda: walk.prepare("share", lambda _session, _now: done.append(1)),
    ]
    for act in acts:
        with pytest.raises(LeaseLost):
            act()
    assert (done, intents(journey, walk)) == ([], [])


def test_what_meta_said_of_a_call_is_noted_all_the_same(journey: Journey, walk: Walk) -> None:
    lose(journey)
    done: list[int] = []
    walk.note(lambda _session, _now: done.append(1))
    assert done == [1]


def test_what_a_write_raises_undoes_it(journey: Journey, walk: Walk) -> None:
    with pytest.raises(KeyError):
        walk.prepare("share", lambda _session, _now: fail(KeyError()))
    assert intents(journey, walk) == []


def test_every_call_of_a_walk_is_recorded(walk: Walk) -> None:
    walk.meta.oauth.inspect(walk.open_token())
    assert [(call.method, call.path, call.status) for call in walk.calls] == [("GET", "/debug_token", 200)]
