"""A share whose answer never came: nobody asks for it again while it may still come to pass.

One try of ours lasts 46.1 seconds at most (twice 3.05 to connect and 20 to read), so 46 seconds are too early.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from sandbox.world import credit_lines
from tests.onboarding.arrivals.test_saga_deaths import killed
from tests.onboarding.conftest import MakeWalker, with_settings
from tests.onboarding.journey import Journey
from tests.onboarding.mortal import Fate
from tests.onboarding.steps.doubt import LOST, look, wait
from tests.onboarding.steps.test_credit import SHARE, credit

BUSY = {"status": 503, "body": {"error": {"message": "(#2) Service temporarily unavailable", "code": 2}}}
TO_PORTFOLIO, ATTACH = "/*/whatsapp_credit_sharing", "/*/whatsapp_credit_attach"
LISTED = "/*/owning_credit_allocation_configs"


@pytest.fixture
def two_calls(journey: Journey, new_walker: MakeWalker) -> Journey:
    return with_settings(journey, new_walker, meta_credit_sharing="two_calls")


def take_effect(journey: Journey, finished: dict[str, Any]) -> None:
    """Meta has come to the request at last: it does what it was asked for, and nobody hears of it."""
    world = journey.world.listener.app.extensions["sandbox"].world
    line = world.records.credit_lines[journey.world.partner.credit_line_id]
    account = world.records.accounts[finished["waba_id"]]
    credit_lines.share(world, line, account.owner_business_id)
    credit_lines.attach(world, line, account, "USD")


def test_a_share_that_meta_makes_after_our_patience_with_its_answer_is_not_asked_for_twice(
    journey: Journey, now: time_machine.Traveller
) -> None:
    journey.world.fault(SHARE, LOST, times=1)
    key, finished = journey.begin()
    journey.walker.take("w")
    assert credit(journey, key).state == "retrying"
    wait(journey, now, seconds=45)
    assert (credit(journey, key).state, credit(journey, key).condition) == ("waiting", "credit_attached")
    take_effect(journey, finished)
    look(journey)
    assert credit(journey, key).state == "done"
    assert journey.world.count(SHARE) == 1


def test_a_share_that_never_came_to_pass_is_asked_for_again_when_a_try_of_ours_has_certainly_ended(
    journey: Journey, now: time_machine.Traveller
) -> None:
    journey.world.fault(SHARE, LOST, times=1)
    key, _ = journey.begin()
    journey.walker.take("w")
    wait(journey, now, seconds=46)
    assert journey.world.count(SHARE) == 1
    # Nobody hurries it: the look is due by itself.
    now.shift(timedelta(seconds=1))
    journey.walker.take("w")
    assert journey.world.count(SHARE) == 2
    assert credit(journey, key).state == "done"
    assert journey.world.effects("credit_attached") == 1


def test_a_share_whose_process_was_killed_may_still_be_on_its_way(
    journey: Journey, new_walker: MakeWalker, now: time_machine.Traveller
) -> None:
    key, finished = journey.begin()
    with killed(journey, new_walker, Fate(at="POST /whatsapp_credit_sharing_and_attach", moment="before")):
        journey.end_leases()
        wait(journey, now, seconds=46)
        assert (credit(journey, key).state, journey.world.count(SHARE)) == ("waiting", 0)
        take_effect(journey, finished)
        look(journey)
    assert (credit(journey, key).state, journey.world.count(SHARE)) == ("done", 0)


def test_a_share_that_was_killed_on_its_way_is_asked_for_again(
    journey: Journey, new_walker: MakeWalker, now: time_machine.Traveller
) -> None:
    key, _ = journey.begin()
    with killed(journey, new_walker, Fate(at="POST /whatsapp_credit_sharing_and_attach", moment="before")):
        journey.end_leases()
        look(journey)
        now.shift(timedelta(seconds=47))
        look(journey)
    assert (credit(journey, key).state, journey.world.count(SHARE)) == ("done", 1)


def test_answers_that_are_lost_again_and_again_are_somebodys_in_the_end(
    journey: Journey, now: time_machine.Traveller
) -> None:
    """Waiting for what became of one is no success: the ninth failure in a row parks the step, as any would."""
    journey.world.fault(SHARE, LOST)
    key, _ = journey.begin()
    for _ in range(60):
        look(journey)
        if credit(journey, key).state == "needs_us":
            break
        now.shift(timedelta(seconds=24))
    trouble = credit(journey, key).trouble
    assert trouble is not None
    assert trouble.key == "kept_failing"
    assert journey.world.count(SHARE) == 9


def test_a_share_that_another_accounts_allocation_may_hide_is_in_doubt_for_ten_minutes(
    journey: Journey, now: time_machine.Traveller
) -> None:
    _, first = journey.connect()
    journey.world.fault(SHARE, LOST, times=1)
    key, _ = journey.begin(business={"id": first["business_id"]})
    journey.walker.take("w")
    wait(journey, now, seconds=599)
    assert (credit(journey, key).state, journey.world.count(SHARE)) == ("waiting", 2)
    now.shift(timedelta(seconds=2))
    journey.walker.take("w")
    assert (credit(journey, key).state, journey.world.count(SHARE)) == ("done", 3)


@pytest.mark.parametrize("call", [TO_PORTFOLIO, ATTACH])
def test_neither_of_two_calls_is_made_again_while_it_is_in_doubt(
    two_calls: Journey, now: time_machine.Traveller, call: str
) -> None:
    two_calls.world.fault(call, LOST, times=1)
    key, finished = two_calls.begin()
    two_calls.walker.take("w")
    wait(two_calls, now, seconds=46)
    assert (credit(two_calls, key).state, two_calls.world.count(call)) == ("waiting", 1)
    take_effect(two_calls, finished)
    look(two_calls)
    assert credit(two_calls, key).state == "done"
    assert two_calls.world.count(call) == 1


def test_the_first_of_two_calls_is_made_again_when_it_never_came_to_pass(
    two_calls: Journey, now: time_machine.Traveller
) -> None:
    two_calls.world.fault(TO_PORTFOLIO, LOST, times=1)
    key, _ = two_calls.begin()
    two_calls.walker.take("w")
    look(two_calls)
    now.shift(timedelta(seconds=47))
    look(two_calls)
    assert credit(two_calls, key).state == "done"
    assert (two_calls.world.count(TO_PORTFOLIO), two_calls.world.count(ATTACH)) == (2, 1)


def test_a_portfolio_that_meta_has_shared_with_and_does_not_list_yet_is_not_shared_with_again(
    two_calls: Journey, now: time_machine.Traveller
) -> None:
    two_calls.world.fault(LISTED, {"status": 200, "body": {"data": []}}, times=2)
    two_calls.world.fault(ATTACH, BUSY, times=1)
    key, _ = two_calls.begin()
    two_calls.walker.take("w")
    assert credit(two_calls, key).state == "retrying"
    now.shift(timedelta(seconds=5))
    two_calls.walk()
    assert credit(two_calls, key).state == "done"
    assert (two_calls.world.count(TO_PORTFOLIO), two_calls.world.count(ATTACH)) == (1, 2)
