"""What a step has in its hands: calls side by side, intentions that survive a death, writes while it is ours."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.kit import clock
from app.kit.secret import Secret
from app.meta.errors import MetaBusy, MetaError, MetaRefused, MetaUnreachable
from app.onboarding.ledger import ledger
from app.onboarding.ledger.acts import InDoubt
from app.onboarding.ledger.partner import Partner
from app.onboarding.ledger.walk import Walk
from app.onboarding.models import Act, Onboarding
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
        yield Walk(journey.rt, facts, name, "me", pool, Partner(journey.rt))


def fail(error: BaseException) -> Any:
    raise error


def lose(journey: Journey) -> None:
    with journey.db.write() as session:
        session.execute(update(Onboarding).values(leased_by="somebody else"))


WABA = "524126980791429"


def acts_of(journey: Journey) -> list[tuple[str, str]]:
    with journey.db.read() as session:
        return [(act.what, act.outcome) for act in session.scalars(select(Act).order_by(Act.at, Act.id))]


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
    ("error", "outcome", "counts"),
    [
        (None, "done", True),
        (MetaUnreachable(request_written=True), "unknown", True),
        (MetaUnreachable(request_written=False), "withdrawn", False),
        (MetaBusy(code=2), "refused", False),
        (MetaRefused(code=100), "refused", False),
    ],
    ids=str,
)
def test_an_act_counts_where_meta_may_have_acted(
    journey: Journey, walk: Walk, error: MetaError | None, outcome: str, counts: bool
) -> None:
    def act() -> None:
        with walk.once("share", WABA):
            assert acts_of(journey) == [("share", "pending")]
            if error is not None:
                raise error

    if error is None:
        act()
    else:
        with pytest.raises(type(error)):
            act()
    assert acts_of(journey) == [("share", outcome)]
    assert bool(walk.asked("share", WABA)) is counts


@pytest.mark.parametrize(
    ("error", "tries"),
    [(None, 1), (MetaRefused(code=133005), 1), (MetaUnreachable(request_written=False), 0)],
    ids=str,
)
def test_every_try_that_reached_meta_is_counted_refused_or_not(walk: Walk, error: MetaError | None, tries: int) -> None:
    with suppress(MetaError), walk.once("register", "106540352242922"):
        if error is not None:
            raise error
    assert walk.tries("register", "106540352242922", within=timedelta(hours=72)) == (tries, tries)
    assert walk.tries("register", "another number", within=timedelta(hours=72)) == (0, 0)


def test_what_a_death_left_pending_counts_as_done_perhaps(journey: Journey, walk: Walk) -> None:
    walk.prepare("share", WABA, lambda _session, _now: None)
    assert len(walk.asked("share", WABA)) == 1
    with pytest.raises(InDoubt):
        walk.prepare("share", WABA, lambda _session, _now: None)
    assert acts_of(journey) == [("share", "pending")]
    # A look that began 46.1 seconds later, when a try of ours has certainly ended, is believed.
    walk.began_at += timedelta(seconds=47)
    walk.prepare("share", WABA, lambda _session, _now: None)
    assert acts_of(journey) == [("share", "unknown"), ("share", "pending")]


def test_who_has_lost_the_lease_acts_and_writes_nothing(journey: Journey, walk: Walk) -> None:
    lose(journey)
    done: list[int] = []
    tried: list[Callable[[], object]] = [
        lambda: walk.write(lambda _session, _now: done.append(1)),
        lambda: walk.prepare("share", WABA, lambda _session, _now: done.append(1)),
    ]
    for act in tried:
        with pytest.raises(LeaseLost):
            act()
    assert (done, acts_of(journey)) == ([], [])


def test_what_meta_said_of_a_call_is_noted_all_the_same(journey: Journey, walk: Walk) -> None:
    lose(journey)
    done: list[int] = []
    walk.note(lambda _session, _now: done.append(1))
    assert done == [1]


def test_what_a_write_raises_undoes_it(journey: Journey, walk: Walk) -> None:
    with pytest.raises(KeyError):
        walk.prepare("share", WABA, lambda _session, _now: fail(KeyError()))
    assert acts_of(journey) == []


def test_every_call_of_a_walk_is_recorded(walk: Walk) -> None:
    walk.meta.oauth.inspect(walk.open_token())
    assert [(call.method, call.path, call.status) for call in walk.calls] == [("GET", "/debug_token", 200)]


def test_a_token_is_told_by_what_it_is_though_two_steps_opened_it_at_once(walk: Walk) -> None:
    opened = walk.open_credential()
    assert walk.whose(Secret(opened.secret.reveal())) == "client"
    assert walk.whose(walk.meta.app_token) == "app"
    assert walk.whose(walk.system_token) == "partner"
    assert walk.whose(None) == "partner"
