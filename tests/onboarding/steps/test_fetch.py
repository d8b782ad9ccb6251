"""The first step where no code ever comes: what adopting saw counts, and each refusal is laid to its token."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.audit.store import SYSTEM
from app.kit import clock
from app.onboarding.arrivals import adoption
from app.onboarding.arrivals.adoption import Order
from app.onboarding.ledger.desk import retry_step
from tests.onboarding.journey import Journey

NONE_LISTED: dict[str, Any] = {"status": 200, "body": {"data": [], "paging": {}}}


def adopt(journey: Journey, waba_id: str) -> str:
    (done,) = adoption.adopt(journey.rt, [Order(waba_id)], actor=SYSTEM, now=clock.now())
    return str(done.reference)


def test_numbers_that_were_seen_before_adopting_are_waited_for_when_the_list_is_empty(journey: Journey) -> None:
    shared = journey.world.share()
    key = adopt(journey, shared["waba_id"])
    journey.world.fault("/*/phone_numbers", NONE_LISTED, method="GET", times=2)
    journey.walker.take("worker")
    assert journey.progress(key).steps[0].condition == "number_listed"
    journey.walk()
    progress = journey.progress(key)
    assert (progress.state, progress.plan, progress.phone_number_id) == (
        "connected",
        "registered",
        shared["phone_number_ids"][0],
    )


def test_after_ten_minutes_an_empty_list_is_believed(journey: Journey) -> None:
    key = adopt(journey, journey.world.share()["waba_id"])
    journey.world.fault("/*/phone_numbers", NONE_LISTED, method="GET")
    journey.walker.take("worker")
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=True):
        journey.walk()
        assert (journey.progress(key).state, journey.progress(key).plan) == ("connected", "account_only")


def test_an_account_that_had_no_number_is_not_waited_for(journey: Journey) -> None:
    key = adopt(journey, journey.world.share(numbers=[])["waba_id"])
    journey.walker.take("worker")
    assert journey.progress(key).plan == "account_only"


@pytest.mark.parametrize(
    ("path", "subcode", "state", "trouble"),
    [
        # Fetched with the partner's system token; what a token is, is asked with the app's.
        ("/*/system_user_access_tokens", 463, "refused", "system_token_invalid"),
        ("/debug_token", 463, "needs_us", "app_token_refused"),
    ],
)
def test_a_dead_token_of_ours_is_named_and_try_again_goes_on(
    journey: Journey, path: str, subcode: int, state: str, trouble: str
) -> None:
    error = {"error": {"message": "dead", "code": 190, "error_subcode": subcode}}
    key = adopt(journey, journey.world.share()["waba_id"])
    journey.world.fault(path, {"status": 401, "body": error}, times=1)
    journey.walk()
    step = journey.progress(key).steps[0]
    assert step.trouble is not None
    assert (step.state, step.trouble.key, step.trouble.button) == (state, trouble, "try_again")
    with journey.db.write() as session:
        retry_step(session, key, "fetch", actor=SYSTEM, now=clock.now())
    journey.walk()
    assert journey.progress(key).state == "connected"
