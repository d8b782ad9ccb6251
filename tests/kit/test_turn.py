"""One thread at a time, and nobody's word is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kit.turn import Turn


def test_who_comes_meanwhile_goes_at_once_and_it_is_done_once_more() -> None:
    turn, done = Turn(), []
    began, may_end = threading.Event(), threading.Event()

    def do() -> None:
        done.append(threading.get_ident())
        began.set()
        assert may_end.wait(20)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(turn.take, do)
        assert began.wait(20)
        for _ in range(3):
            turn.take(do)
        may_end.set()
        first.result(20)
    assert len(done) == 2
    assert len(set(done)) == 1


def test_a_turn_that_fails_is_over() -> None:
    turn, done = Turn(), []

    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        turn.take(fail)
    turn.take(lambda: done.append("next"))
    assert done == ["next"]
