"""A registration whose answer never came: it spends no second try while the first may still come to pass."""

from datetime import timedelta

import time_machine
from sqlalchemy import update

from app.onboarding.models import Step
from tests.onboarding.arrivals.test_saga_deaths import killed
from tests.onboarding.conftest import MakeWalker
from tests.onboarding.journey import Journey
from tests.onboarding.mortal import Fate
from tests.onboarding.steps.doubt import LOST, look, wait
from tests.onboarding.steps.test_register import PENDING, register

REGISTER = "/*/register"


def test_a_registration_that_meta_makes_after_our_patience_with_its_answer_is_not_asked_for_twice(
    journey: Journey, now: time_machine.Traveller
) -> None:
    journey.world.fault(REGISTER, LOST, times=1)
    key, finished = journey.begin()
    journey.walker.take("w")
    assert register(journey, key).state == "retrying"
    wait(journey, now, seconds=46)
    assert (register(journey, key).state, register(journey, key).condition) == ("waiting", "number_connected")
    journey.world.change(
        f"numbers/{finished['phone_number_id']}", status="CONNECTED", platform_type="CLOUD_API", silent=True
    )
    look(journey)
    assert register(journey, key).state == "done"
    assert journey.world.count(REGISTER) == 1


def test_a_registration_that_never_came_to_pass_is_asked_for_again_when_a_try_of_ours_has_certainly_ended(
    journey: Journey, now: time_machine.Traveller
) -> None:
    journey.world.fault(REGISTER, LOST, times=1)
    key, _ = journey.begin()
    journey.walker.take("w")
    wait(journey, now, seconds=46)
    assert journey.world.count(REGISTER) == 1
    now.shift(timedelta(seconds=1))
    journey.walker.take("w")
    assert (register(journey, key).state, journey.world.count(REGISTER)) == ("done", 2)


def test_a_registration_whose_process_was_killed_may_still_be_on_its_way(
    journey: Journey, new_walker: MakeWalker, now: time_machine.Traveller
) -> None:
    key, _ = journey.begin()
    with killed(journey, new_walker, Fate(at="POST /register", moment="before")):
        journey.end_leases()
        wait(journey, now, seconds=46)
        assert (register(journey, key).state, journey.world.count(REGISTER)) == ("waiting", 0)
        now.shift(timedelta(seconds=1))
        journey.walker.take("w")
    assert (register(journey, key).state, journey.world.count(REGISTER)) == ("done", 1)


def test_a_registration_that_meta_took_and_a_death_kept_from_being_noted_is_waited_for(
    journey: Journey, now: time_machine.Traveller
) -> None:
    """The books of acts know of it, the step does not; and Meta shows the number as it was before."""
    key, finished = journey.begin()
    before = {"id": finished["phone_number_id"], **PENDING}
    shown = journey.world.fault(f"/{finished['phone_number_id']}", {"status": 200, "body": before})
    journey.walker.take("w")
    assert journey.world.count(REGISTER) == 1
    with journey.db.write() as session:
        forgotten = {"evidence": {}, "state": "running", "waits_for": None, "waiting_since": None}
        session.execute(update(Step).where(Step.name == "register").values(**forgotten))
    wait(journey, now, seconds=599)
    assert (register(journey, key).state, journey.world.count(REGISTER)) == ("waiting", 1)
    journey.world._do("DELETE", f"faults/{shown}")
    look(journey)
    assert (register(journey, key).state, journey.world.count(REGISTER)) == ("done", 1)
