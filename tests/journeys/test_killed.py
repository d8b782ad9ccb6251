"""Workers that are not there: one is killed while Meta answers, one has yet to be started."""

from collections.abc import Iterator

import pytest

from bench.partner import is_connected, step
from tests.journeys.conftest import Stage, without_worker
from tests.waiting import until

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def workerless(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Stage]:
    """A house whose workers each test itself starts and kills, on either database."""
    with without_worker(request.param, worker_id) as stage:
        yield stage


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
