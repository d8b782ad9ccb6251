"""A limit of calls a second holds for all processes together, and a pause is never followed by a burst."""

import threading
from datetime import timedelta

from app.db import Database
from app.kit import clock
from app.work.models import PaceRow
from app.work.pace import Pace


def taken(paces: list[Pace], each: int) -> list[float]:
    """When each slot was given, by several threads for each of these processes."""
    times: list[float] = []

    def run(pace: Pace) -> None:
        for _ in range(each):
            with pace.turn():
                times.append(clock.now().timestamp())

    threads = [threading.Thread(target=run, args=(pace,)) for pace in paces for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times)


def busiest(times: list[float], span: float) -> int:
    return max(sum(at <= other < at + span for other in times) for at in times)


def test_two_processes_share_one_limit(db: Database) -> None:
    times = taken([Pace(db, "test", 50), Pace(db, "test", 50)], each=8)
    assert len(times) == 64
    assert busiest(times, 0.5) <= 25 + 2


def test_a_limit_left_far_ahead_by_a_wrong_clock_holds_up_nobody(db: Database) -> None:
    with db.write() as session:
        session.add(PaceRow(name="test", next_at=clock.now() + timedelta(hours=3)))
    before = clock.now()
    with Pace(db, "test", 50).turn():
        pass
    assert clock.now() - before < timedelta(seconds=30)


def test_what_was_not_used_in_time_is_lost(db: Database) -> None:
    with db.write() as session:
        session.add(PaceRow(name="test", next_at=clock.now() - timedelta(hours=3)))
    times = taken([Pace(db, "test", 50)], each=8)
    assert busiest(times, 0.5) <= 25 + 2


def test_calls_held_up_on_their_way_never_arrive_too_many_in_one_second(db: Database) -> None:
    """Each call arrives at some moment between its sending and its answer; here all that can arrive together do."""
    pace, arrived = Pace(db, "test", 20), []
    everybody = threading.Barrier(5)

    def run() -> None:
        for _ in range(4):
            with pace.turn():
                everybody.wait(timeout=30)
                arrived.append(clock.monotonic())

    threads = [threading.Thread(target=run) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(arrived) == 20
    assert busiest(sorted(arrived), 1.0) <= 20


def test_a_place_is_free_again_a_second_after_the_answer(db: Database) -> None:
    pace, times = Pace(db, "test", 2), []
    for _ in range(4):
        with pace.turn():
            times.append(clock.monotonic())
    assert times[2] - times[0] >= 1.0
    assert times[3] - times[1] >= 1.0
