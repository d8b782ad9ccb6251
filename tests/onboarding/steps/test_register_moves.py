"""A number that comes from another provider: what Meta wants before it moves, and whose turn it is meanwhile."""

import pytest

from app.kit import clock
from app.onboarding.ledger import desk
from tests.onboarding.journey import Journey
from tests.onboarding.steps.test_register import refusal
from tests.onboarding.steps.test_register_bad_days import CLIENT, REGISTER, trouble


@pytest.mark.parametrize(
    ("code", "key_of_trouble"), [(2388001, "number_held_elsewhere"), (2388103, "number_not_movable")]
)
def test_a_number_that_cannot_move_yet_is_explained_and_moves_when_tried_again(
    journey: Journey, code: int, key_of_trouble: str
) -> None:
    key, _ = journey.begin("from_provider", asked="from_provider")
    journey.world.fault(REGISTER, refusal(100, error_subcode=code), times=1)
    journey.walk()
    assert trouble(journey, key) == ("needs_client", key_of_trouble)
    assert journey.world.count(REGISTER) == 1
    with journey.db.write() as session:
        desk.retry_step(session, key, "register", actor=CLIENT, now=clock.now())
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.world.count(REGISTER) == 2


def test_a_number_nobody_said_comes_from_a_provider_is_registered_after_what_its_move_needs(journey: Journey) -> None:
    """2388103 while the credit line is still on its way is no reason to ask the client for anything."""
    key, _ = journey.begin("from_provider", asked="standard")
    journey.world.fault("/*/owning_credit_allocation_configs", {"status": 500, "body": None}, times=1)
    journey.walker.take("worker-1")
    assert journey.progress(key).plan == "from_provider"
    assert (journey.states(key)["register"], journey.world.count(REGISTER)) == ("not_started", 1)
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.world.count(REGISTER) == 2


def test_what_a_move_still_lacks_when_events_and_payment_are_there_is_asked_of_the_client(journey: Journey) -> None:
    key, _ = journey.begin("from_provider", asked="standard")
    journey.world.fault(REGISTER, refusal(100, error_subcode=2388103))
    journey.walk()
    assert trouble(journey, key) == ("needs_client", "number_not_movable")
    assert journey.world.count(REGISTER) <= 2
