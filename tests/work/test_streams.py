import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import structlog.testing
from sqlalchemy import update

from app.db import Database
from app.kit import clock
from app.onboarding.models import Onboarding
from app.work.streams import Stream, Streams, worker_name
from tests.waiting import until
from tests.work.conftest import Worker
from tests.work.rows import add_rows


@dataclass
class Carrier:
    """Stands where the engine stands: remembers rings, and says how many wait."""

    rung: list[str] = field(default_factory=list)
    queueing: int = 0
    is_away: bool = False

    def is_carried(self, stream: str) -> bool:
        if not self.is_away:
            self.rung.append(stream)
        return not self.is_away

    def waiting(self) -> int:
        return self.queueing


def streams(db: Database, carrier: Carrier, *, threads: int = 3, take: Callable[[str], int] = len) -> Streams:
    known = {"onboardings": Stream(take, Onboarding), "tidy": Stream(take)}
    return Streams(db, carrier, known, threads=threads)  # type: ignore[arg-type]


def test_a_row_whose_wake_up_was_lost_is_found(start_worker: Callable[[Database], Worker], db: Database) -> None:
    (key,) = add_rows(db, clock.now())
    assert start_worker(db).says(f"took {key}")


def test_a_row_is_found_once_its_time_comes(start_worker: Callable[[Database], Worker], db: Database) -> None:
    (key,) = add_rows(db, clock.now() + timedelta(seconds=2))
    worker = start_worker(db)
    assert worker.says(f"took {key}")
    assert worker.said().count(f"took {key}") == 1


def test_work_goes_on_while_redis_is_away(new_worker: Callable[[Database, str], Worker], db: Database) -> None:
    keys = add_rows(db, clock.now(), clock.now())
    worker = new_worker(db, "redis://127.0.0.1:1/0")
    assert all(worker.says(f"took {key}") for key in keys)


def test_a_look_rings_for_a_stream_that_has_due_rows_and_for_no_other(db: Database) -> None:
    now, carrier = clock.now(), Carrier()
    add_rows(db, now + timedelta(hours=1), now + timedelta(hours=1), None)
    streams(db, carrier).look()
    assert carrier.rung == []
    with db.write() as session:
        session.execute(update(Onboarding).values(due_at=now))
    streams(db, carrier).look()
    assert carrier.rung == ["onboardings"]


def test_no_look_rings_while_enough_wake_ups_are_queueing(db: Database) -> None:
    add_rows(db, clock.now())
    busy, free = Carrier(queueing=3), Carrier(queueing=2)
    streams(db, busy).look()
    streams(db, free).look()
    assert (busy.rung, free.rung) == ([], ["onboardings"])


def test_what_cannot_be_rung_for_is_taken_by_whoever_looked(db: Database) -> None:
    add_rows(db, clock.now())
    taken: list[str] = []

    def take(worker: str) -> int:
        taken.append(worker)
        return 1

    made = streams(db, Carrier(is_away=True), take=take)
    made.look()
    assert until(lambda: taken == [made.name])


def test_a_wake_up_is_answered_under_the_workers_own_name(db: Database) -> None:
    names: list[str] = []

    def take(worker: str) -> int:
        names.append(worker)
        return 1

    made = streams(db, Carrier(), take=take)
    made.answer("tidy")
    assert names == [made.name]


def test_an_unknown_stream_and_a_failing_one_are_told_and_survived(db: Database) -> None:
    def fail(_worker: str) -> int:
        raise RuntimeError

    made = streams(db, Carrier(), take=fail)
    with structlog.testing.capture_logs() as logs:
        made.answer("unheard_of")
        made.answer("tidy")
    assert [(line["event"], line["stream"]) for line in logs] == [
        ("unknown_stream", "unheard_of"),
        ("stream_failed", "tidy"),
    ]


class Slow:
    """A verb that takes as long as the test wants; counts how often it was asked, and by how many at once."""

    def __init__(self) -> None:
        self.asked = self.at_once = self.most_at_once = 0
        self.began, self.may_end = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    def take(self, _worker: str) -> int:
        with self._lock:
            self.asked += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.began.set()
        self.may_end.wait(20)
        with self._lock:
            self.at_once -= 1
        return 0


def test_wake_ups_that_come_while_a_stream_is_taken_are_answered_by_one_more_take(db: Database) -> None:
    slow = Slow()
    made = streams(db, Carrier(), take=slow.take)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(made.answer, "tidy")
        assert slow.began.wait(20)
        for _ in range(5):
            made.answer("tidy")  # free at once: whoever is taking takes once more
        slow.may_end.set()
        first.result(20)
    assert (slow.asked, slow.most_at_once) == (2, 1)


def test_a_stream_that_hears_all_is_told_of_every_wake_up_at_once(db: Database) -> None:
    slow = Slow()
    known = {"onboardings": Stream(slow.take, Onboarding, hears_all=True)}
    made = Streams(db, Carrier(), known, threads=3)  # type: ignore[arg-type]
    with ThreadPoolExecutor(3) as pool:
        told = [pool.submit(made.answer, "onboardings") for _ in range(3)]
        assert until(lambda: slow.most_at_once == 3)
        slow.may_end.set()
        for each in told:
            each.result(20)
    assert slow.asked == 3


def test_worker_names_fit_a_lease_and_are_never_the_same() -> None:
    names = {worker_name() for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r".{1,32}:\d+:[2-9A-Z]{6}", name) and len(name) <= 57 for name in names)
