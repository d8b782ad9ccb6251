"""A number from Meta sends nothing before its display name is approved."""

import pytest

from app.onboarding.reading.progress import StepView
from tests.onboarding.journey import Journey


def step(journey: Journey, key: str, name: str) -> StepView:
    found = journey.progress(key).step(name)
    assert found is not None
    return found


def test_a_number_from_meta_waits_for_its_name_before_it_may_send(journey: Journey) -> None:
    key, finished = journey.begin("virtual")
    journey.walker.take("w")
    found = step(journey, key, "name")
    assert (found.state, found.condition) == ("waiting", "name_review")
    assert step(journey, key, "test").state == "not_started"
    journey.world.change(f"numbers/{finished['phone_number_id']}", name_status="APPROVED", silent=True)
    journey.walk()
    assert step(journey, key, "name").state == "done"
    assert step(journey, key, "test").state == "needs_client"


@pytest.mark.parametrize("status", ["DECLINED", "EXPIRED"])
def test_a_declined_name_is_the_clients_to_change(journey: Journey, status: str) -> None:
    key, finished = journey.begin("virtual")
    journey.world.change(f"numbers/{finished['phone_number_id']}", name_status=status, silent=True)
    journey.walk()
    found = step(journey, key, "name")
    assert found.trouble is not None
    assert (found.state, found.trouble.key) == ("needs_client", "name_declined")
