"""Workers that are not there: one is killed while Meta answers, one has yet to be started."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from bench.partner import is_connected, step
from bench.stack import stack
from tests.conftest import POSTGRES
from tests.journeys.conftest import Stage, stage_of
from tests.waiting import until

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def workerless(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Stage]:
    """A house whose workers each test itself starts and kills, on either database."""
    if request.param == "sqlite":
        with stack(without=["worker"]) as house:
            yield stage_of(house)
        return
    name = f"gangway_journey_{worker_id}_{os.getpid()}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432")
    with server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    address = urlsplit(POSTGRES)._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()
    with stack(without=["worker"], DATABASE_URL=address) as house:
        yield stage_of(house)
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_a_worker_killed_while_meta_answers_is_made_good_by_the_next(workerless: Stage) -> None:
    """Meta registers the number, the answer never comes, the worker dies. The next one looks before it acts."""
    stage = workerless
    visitor = stage.open_link("Example kill")
    visitor.open_window("standard")
    popup = stage.meta.sign_up("standard")
    lost = stage.meta.fault(path=f"/{popup.phone_number_id}/register", action={"hang_s": 600}, when="after", times=1)
    with stage.house.second("app.worker") as worker:
        reference = visitor.give_code(popup.code, popup.event)
        assert until(lambda: stage.meta.fired(lost) == 1, seconds=60)
        worker.kill()
        worker.wait()
    with stage.house.second("app.worker"):
        connected = stage.partner.wait(reference, is_connected, seconds=60)
    assert step(connected, "register")["state"] == "done"
    assert stage.meta.registers(str(popup.phone_number_id)) == 1, "the next worker must see that it is registered"


def test_a_code_given_while_no_worker_lives_is_not_lost(workerless: Stage) -> None:
    stage = workerless
    visitor = stage.open_link("Example night")
    visitor.open_window("coexistence")
    popup = stage.meta.sign_up("coexistence")
    reference = visitor.give_code(popup.code, popup.event)
    assert stage.partner.read(reference)["connected_at"] is None
    with stage.house.second("app.worker"):
        stage.partner.wait(reference, is_connected)
