"""A number that was never confirmed is the client's turn, until Meta shows that it is."""

from app.audit.store import Actor
from app.kit import clock
from app.onboarding.ledger import desk
from tests.onboarding.journey import Journey
from tests.onboarding.steps.test_register import step


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
