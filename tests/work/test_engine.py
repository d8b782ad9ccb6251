import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog.testing

from app.db import Database
from app.kit.secret import Secret
from app.work.engine import Engine
from tests.waiting import until
from tests.work.conftest import Worker
from tests.work.serving import KEY

StartWorker = Callable[[Database], Worker]
one_database = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


@one_database
def test_a_ring_wakes_a_worker_in_another_process(engine: Engine, start_worker: StartWorker, db: Database) -> None:
    worker = start_worker(db)
    engine.ring("tidy")
    assert worker.says("tidied")


@one_database
def test_a_wake_up_rung_while_nobody_works_is_carried_to_the_next_worker(
    engine: Engine, start_worker: StartWorker, db: Database
) -> None:
    engine.ring("tidy")
    engine.ring("tidy")
    assert engine.waiting() == 2
    assert start_worker(db).says("tidied", times=2)
    assert engine.waiting() == 0


@one_database
def test_each_wake_up_is_answered_by_one_of_several_workers(
    engine: Engine, start_worker: StartWorker, db: Database
) -> None:
    workers = [start_worker(db), start_worker(db)]
    for _ in range(6):
        engine.ring("tidy")

    def answered() -> int:
        return sum(worker.said().count("tidied") for worker in workers)

    assert until(lambda: answered() == 6)
    assert [worker.end() for worker in workers] == [0, 0]
    assert answered() == 6


@one_database
def test_a_worker_ends_cleanly_when_told_to(start_worker: StartWorker, db: Database) -> None:
    worker = start_worker(db)
    assert worker.end() == 0
    assert worker.said()[-1] == "ended"


@one_database
def test_a_stream_nobody_knows_and_one_that_fails_do_not_stop_a_worker(
    engine: Engine, start_worker: StartWorker, db: Database
) -> None:
    worker = start_worker(db)
    engine.ring("unheard_of")
    for _ in range(4):
        engine.ring("fails")
    engine.ring("tidy")
    assert worker.says("tidied")


class Bomb:
    """What a pickle of a stranger could do."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.target,))


@one_database
def test_a_wake_up_that_is_not_signed_with_our_key_is_never_opened(
    engine: Engine, start_worker: StartWorker, db: Database, tmp_path: Path
) -> None:
    mark = tmp_path / "exploded"
    engine.huey.storage.enqueue(pickle.dumps(Bomb(mark)))
    stranger = Engine("", tmp_path / "elsewhere", Secret("another-key-of-somebody-else-entirely-00000"))
    engine.huey.storage.enqueue(stranger.huey.serializer.serialize(Bomb(mark)))
    stranger.close()
    worker = start_worker(db)
    engine.ring("tidy")
    assert worker.says("tidied")
    assert not mark.exists()


def test_ringing_without_a_carrier_raises_nothing_and_says_so(tmp_path: Path) -> None:
    engine = Engine("redis://127.0.0.1:1/0", tmp_path, KEY)
    with structlog.testing.capture_logs() as logs:
        engine.ring("tidy")
    engine.close()
    assert [(line["event"], line["stream"]) for line in logs] == [("wake_not_carried", "tidy")]


def test_a_wake_up_names_its_stream_and_holds_no_secret(engine: Engine) -> None:
    engine.ring("onboardings")
    data = bytes(engine.huey.storage.dequeue())
    assert b"onboardings" in data
    assert KEY.reveal().encode() not in data
