"""Doing the work of a crowd in few turns, with nobody left waiting."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from app.kit.together import Together
from tests.waiting import until


class Desk:
    """Does wishes in batches, and only when the test lets it: `gate` is open at first."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate, self.inside = threading.Event(), threading.Event()
        self.gate.set()
        self.refuse: BaseException | None = None
        self.together: Together[int] = Together(self.do_all)

    def do_all(self, wishes: Sequence[int]) -> None:
        self.batches.append(list(wishes))
        self.inside.set()
        assert self.gate.wait(20)
        if self.refuse is not None:
            raise self.refuse


def crowd(desk: Desk, pool: ThreadPoolExecutor, wishes: Sequence[int]) -> list[Future[None]]:
    """The first is being done, the others wait behind it in their order."""
    desk.gate.clear()
    asked = []
    for place, wish in enumerate(wishes):
        asked.append(pool.submit(desk.together.ask, wish))
        if place == 0:
            assert desk.inside.wait(20)
        else:
            assert until(lambda place=place: len(desk.together._waiting) == place)  # type: ignore[misc]
    return asked


def test_who_comes_alone_is_served_at_once() -> None:
    desk = Desk()
    for wish in (1, 2, 3):
        desk.together.ask(wish)
    assert desk.batches == [[1], [2], [3]]


def test_who_comes_while_another_is_served_shares_the_next_turn_in_the_order_of_coming() -> None:
    desk = Desk()
    with ThreadPoolExecutor(4) as pool:
        asked = crowd(desk, pool, [1, 2, 3, 4])
        desk.gate.set()
        for each in asked:
            each.result(20)
    assert desk.batches == [[1], [2, 3, 4]]
    desk.together.ask(5)
    assert desk.batches[-1] == [5]


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_what_fails_is_told_to_all_of_that_batch_and_the_next_goes_on(kind: type[BaseException]) -> None:
    desk = Desk()
    with ThreadPoolExecutor(3) as pool:
        first, *others = crowd(desk, pool, [1, 2, 3])
        desk.refuse = kind()
        desk.gate.set()
        for each in (first, *others):
            assert isinstance(each.exception(20), kind)
    desk.refuse = None
    desk.together.ask(4)
    assert desk.batches == [[1], [2, 3], [4]]


def test_a_hundred_threads_are_all_served_once() -> None:
    desk = Desk()
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(desk.together.ask, range(2000)))
    assert sorted(wish for batch in desk.batches for wish in batch) == list(range(2000))
