"""So many calls a second and never more; time is made by hand, so nothing here waits."""

import threading

from app.upkeep.tokens.limiter import Limiter


class Hands:
    """A clock that moves only when somebody sleeps on it."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


def handled(per_second: int, calls: int, took: float) -> list[float]:
    """When Meta handled each of these calls, made one after the other; each at the end of its time."""
    hands = Hands()
    limiter = Limiter(per_second, now=hands.now, sleep=hands.sleep)
    times = []
    for _ in range(calls):
        with limiter:
            hands.sleep(took)
            times.append(hands.at)
    return times


def test_calls_leave_evenly_and_never_more_than_the_limit() -> None:
    times = handled(10, 60, 0.0)
    for place, begin in enumerate(times):
        assert sum(begin <= at < begin + 1 for at in times[place:]) <= 10
    assert times[-1] - times[0] <= 60 / 10 + 0.5


def test_slow_answers_only_make_it_slower() -> None:
    assert handled(10, 5, 2.0)[-1] - 100 >= 10


def test_a_call_counts_until_a_second_after_its_answer() -> None:
    hands = Hands()
    limiter = Limiter(1, now=hands.now, sleep=hands.sleep)
    with limiter:
        hands.sleep(5)
    with limiter:
        assert hands.at >= 106


def test_many_threads_share_one_limit() -> None:
    limiter, most, now = Limiter(1_000_000), [0], [0]
    lock = threading.Lock()

    def call() -> None:
        for _ in range(200):
            with limiter:
                with lock:
                    now[0] += 1
                    most[0] = max(most[0], now[0])
                with lock:
                    now[0] -= 1

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert now[0] == 0
    assert 1 <= most[0] <= 8


def test_who_waits_for_a_place_goes_on_when_one_is_given_back() -> None:
    limiter = Limiter(1)
    inside, leave, went = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        with limiter:
            inside.set()
            leave.wait(10)

    def follow() -> None:
        inside.wait(10)
        with limiter:
            went.set()

    threads = [threading.Thread(target=hold), threading.Thread(target=follow)]
    for thread in threads:
        thread.start()
    inside.wait(10)
    assert not went.is_set()
    leave.set()
    assert went.wait(10)
    for thread in threads:
        thread.join()
