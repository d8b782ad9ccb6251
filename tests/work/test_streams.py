import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog.testing

from app.db import Database
from app.kit import clock
from app.onboarding.models import Onboarding
from app.work.streams import Stream, Streams, worker_name
from tests.work.conftest import Worker
from tests.work.rows import add_rows


@dataclass
class Carrier:
    """Stands where the engine stands: remembers rings, and says how many wait."""

    rung: list[str] = field(default_factory=list)
    queueing: int = 0

    def ring(self, stream: str) -> None:
        self.rung.append(stream)

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


def test_a_look_rings_once_for_each_due_row_up_to_the_number_of_threads(db: Database) -> None:
    now, carrier = clock.now(), Carrier()
    add_rows(db, now, now, now + timedelta(hours=1), None)
    streams(db, carrier).look()
    assert carrier.rung == ["onboardings"] * 2
    add_rows_again(db)
    carrier.rung.clear()
    streams(db, carrier).look()
    assert carrier.rung == ["onboardings"] * 3


def add_rows_again(db: Database) -> None:
    with db.write() as session:
        for row in session.query(Onboarding):
            row.due_at = clock.now()


def test_no_look_rings_while_enough_wake_ups_are_queueing(db: Database) -> None:
    add_rows(db, clock.now())
    busy, free = Carrier(queueing=3), Carrier(queueing=2)
    streams(db, busy).look()
    streams(db, free).look()
    assert (busy.rung, free.rung) == ([], ["onboardings"])


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


def test_worker_names_fit_a_lease_and_are_never_the_same() -> None:
    names = {worker_name() for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r".{1,32}:\d+:[2-9A-Z]{6}", name) and len(name) <= 57 for name in names)
