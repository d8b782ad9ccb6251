"""A number that is connected already: looked at, never registered."""

from typing import Any

from app.onboarding.reading.progress import StepView
from tests.onboarding.journey import Journey


def step(journey: Journey, key: str, name: str) -> StepView:
    found = journey.progress(key).step(name)
    assert found is not None
    return found


def test_a_number_that_is_connected_already_is_confirmed_and_never_registered(journey: Journey) -> None:
    key, _ = journey.connect("registered")
    assert step(journey, key, "confirm").evidence["status"] == "CONNECTED"
    assert journey.world.count("/*/register") == 0
    assert journey.progress(key).state == "connected"


def test_a_number_that_went_off_meanwhile_is_waited_for(journey: Journey) -> None:
    key, finished = journey.begin("registered")
    journey.world.fault("/*/subscribed_apps", {"delay_ms": 10}, times=1)
    look: dict[str, Any] = {"id": finished["phone_number_id"], "status": "DISCONNECTED", "platform_type": "CLOUD_API"}
    journey.world.fault(f"/{finished['phone_number_id']}", {"status": 200, "body": look}, times=2)
    journey.walker.take("w")
    found = step(journey, key, "confirm")
    assert (found.state, found.condition) == ("waiting", "number_connected")
    journey.walk()
    assert journey.progress(key).state == "connected"
