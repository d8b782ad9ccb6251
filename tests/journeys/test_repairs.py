"""Bad days with the real processes: Meta refuses, a worker is killed, an answer is lost."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from bench.partner import is_connected, step
from bench.stack import stack
from bench.staff import Staff
from tests.conftest import POSTGRES
from tests.journeys.conftest import Stage, stage_of
from tests.waiting import until

pytestmark = pytest.mark.stack

CREDIT_REFUSED = {"status": 400, "body": {"error": {"message": "(#200) No.", "type": "OAuthException", "code": 200}}}


@pytest.mark.xdist_group("house")
def test_a_refused_credit_line_stops_nothing_else_and_staff_repair_it(stage: Stage) -> None:
    visitor = stage.open_link("Example credit")
    visitor.open_window("standard")
    popup = stage.meta.sign_up("standard")
    fault = stage.meta.fault(path="*/whatsapp_credit_sharing_and_attach", action=CREDIT_REFUSED)
    try:
        reference = visitor.give_code(popup.code, popup.event)
        stuck = stage.partner.wait(
            reference,
            lambda seen: step(seen, "credit")["state"] == "attention" and step(seen, "register")["state"] == "done",
        )
    finally:
        stage.meta.lift(fault)
    error = step(stuck, "credit")["error"]
    assert (stuck["status"], error["code"], error["who"]) == ("needs_partner", 200, "partner")
    assert error["meaning"]
    assert error["action"]

    staff = Staff(stage.house.base_url, stage.house.demo["staff_email"], stage.house.demo["staff_password"])
    staff.press(f"/console/onboardings/{reference}", "/steps/credit/retry")
    repaired = stage.partner.wait(reference, is_connected)
    assert step(repaired, "credit")["attempts"] == 2


@pytest.fixture(params=["sqlite", "postgres"])
def workerless(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Stage]:
    """A house whose workers the test itself starts and kills, on either database."""
    if request.param == "sqlite":
        with stack(without=["worker"]) as house:
            yield stage_of(house)
        return
    name = f"gangway_journey_{worker_id}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
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


@pytest.mark.xdist_group("killed")
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


@pytest.mark.xdist_group("killed")
def test_a_code_given_while_no_worker_lives_is_not_lost(workerless: Stage) -> None:
    stage = workerless
    visitor = stage.open_link("Example night")
    visitor.open_window("coexistence")
    popup = stage.meta.sign_up("coexistence")
    reference = visitor.give_code(popup.code, popup.event)
    assert stage.partner.read(reference)["connected_at"] is None
    with stage.house.second("app.worker"):
        stage.partner.wait(reference, is_connected)
