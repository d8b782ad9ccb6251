"""The short steps that look and say what they see: confirm, name and verify."""

from typing import Any

import pytest

from app.audit.store import Actor
from app.kit import clock
from app.onboarding import desk
from app.onboarding.progress import StepView
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


def test_a_number_without_its_code_is_the_clients_turn(journey: Journey) -> None:
    key, _ = journey.connect("unverified")
    found = step(journey, key, "verify")
    assert found.trouble is not None
    assert (found.state, found.trouble.key) == ("needs_client", "number_not_verified")
    assert found.evidence == {"code_verification_status": "NOT_VERIFIED"}


def test_a_number_that_was_confirmed_elsewhere_goes_on(journey: Journey) -> None:
    key, finished = journey.begin("unverified")
    journey.walker.take("w")
    journey.world.change(f"numbers/{finished['phone_number_id']}", code_status="VERIFIED", silent=True)
    with journey.db.write() as session:
        desk.retry_step(session, key, "verify", actor=Actor("staff", "staff-1"), now=clock.now())
    journey.walk()
    assert step(journey, key, "verify").state == "done"
    assert journey.progress(key).state == "connected"
