"""What passes by itself is tried again with growing pauses, only where it failed, and a person is asked at the end."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from app.kit import clock
from app.onboarding.reading.progress import StepView
from tests.onboarding.journey import Journey

PASSING: list[dict[str, Any]] = [
    {"status": 503, "body": {"error": {"message": "(#2) Service temporarily unavailable", "code": 2}}},
    {"status": 500, "body": None},
    {"html": 502},
    {"drop": "before"},
    {"status": 200, "body": '{"success": tr'},
    {"status": 429, "body": None},
    {"status": 400, "body": {"error": {"message": "(#80007) Rate limit", "code": 80007}}},
]


def step(journey: Journey, key: str, name: str) -> StepView:
    found = journey.progress(key).step(name)
    assert found is not None
    return found


@pytest.mark.parametrize("bad_day", PASSING, ids=str)
@pytest.mark.parametrize("path", ["/debug_token", "/*/subscribed_apps"])
def test_a_hiccup_passes_and_the_walk_resumes_where_it_stopped(
    journey: Journey, path: str, bad_day: dict[str, Any]
) -> None:
    journey.world.fault(path, bad_day, times=2)
    key, _ = journey.connect()
    assert journey.progress(key).state == "connected"
    assert journey.world.effects("registered", "subscribed", "credit_attached") == 3


def test_a_hanging_answer_is_given_up_and_tried_again(journey: Journey) -> None:
    journey.rt.meta.graph.timeout = (1.0, 0.4)
    journey.world.fault("/*/owning_credit_allocation_configs", {"hang_s": 1.2}, times=1)
    key, _ = journey.connect()
    assert journey.progress(key).state == "connected"
    assert step(journey, key, "credit").attempts == 2


def test_other_steps_go_on_while_one_fails(journey: Journey) -> None:
    journey.world.fault("/*/assigned_users", {"status": 500, "body": None})
    key, _ = journey.begin()
    journey.walker.take("w")
    assert journey.states(key) == {
        "exchange": "done",
        "subscribe": "done",
        "credit": "retrying",
        "register": "done",
        "test": "needs_client",
    }
    assert journey.progress(key).state == "open"


def test_the_pauses_grow_and_after_the_last_a_person_is_asked(journey: Journey) -> None:
    journey.world.fault("/*/assigned_users", {"status": 500, "body": None})
    key, _ = journey.begin()
    pauses = []
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(8):
            journey.walker.take("w")
            credit = step(journey, key, "credit")
            assert credit.state == "retrying"
            assert credit.next_try_at is not None
            pauses.append(credit.next_try_at - clock.now())
            assert journey.walker.take("w") == 0
            now.move_to(credit.next_try_at)
        journey.walker.take("w")
    expected = [1, 3, 10, 30, 60, 120, 300, 600]
    assert all(
        timedelta(seconds=wanted) <= pause <= timedelta(seconds=wanted * 1.2)
        for wanted, pause in zip(expected, pauses, strict=True)
    )
    credit = step(journey, key, "credit")
    assert (credit.state, credit.failures, credit.next_try_at) == ("needs_us", 9, None)
    assert journey.progress(key).state == "needs_attention"


def test_a_step_given_up_on_names_who_must_act_and_what_can_be_done(journey: Journey) -> None:
    journey.world.fault("/*/assigned_users", {"status": 500, "body": None})
    key, _ = journey.connect()
    trouble = step(journey, key, "credit").trouble
    assert trouble is not None
    assert trouble.who == "partner"
    assert trouble.retry == "by_hand"
    assert "repeats by itself" not in trouble.do


def test_the_wait_meta_asks_for_is_kept(journey: Journey) -> None:
    error = {"message": "(#133015) Please wait", "code": 133015}
    journey.world.fault("/*/register", {"status": 400, "body": {"error": error}}, times=1)
    key, _ = journey.begin()
    journey.walker.take("w")
    at = step(journey, key, "register").next_try_at
    assert at is not None
    assert timedelta(seconds=290) < at - clock.now() <= timedelta(seconds=300)


def test_a_success_ends_the_count_of_failures_in_a_row(journey: Journey) -> None:
    journey.world.fault("/*/subscribed_apps", {"status": 500, "body": None}, times=3)
    key, _ = journey.connect()
    done = step(journey, key, "subscribe")
    assert (done.failures, done.trouble, done.next_try_at) == (0, None, None)
    assert done.attempts == 4
    assert isinstance(done.ended_at, datetime)


def test_an_outage_of_some_minutes_leaves_nothing_to_do_for_a_person(journey: Journey) -> None:
    key, _ = journey.begin()
    fault = journey.world.fault("*", {"status": 503, "body": None})
    with time_machine.travel(clock.now(), tick=False) as now:
        outage_ends = clock.now() + timedelta(minutes=3)
        while clock.now() < outage_ends:
            journey.walker.take("w")
            waits = [one.next_try_at for one in journey.progress(key).steps if one.next_try_at]
            now.move_to(min(waits))
        journey.world._do("DELETE", f"faults/{fault}")
        journey.walk()
    assert journey.progress(key).state == "connected"


def test_an_outage_at_the_register_step_leaves_nothing_to_do_for_a_person(journey: Journey) -> None:
    """Looking at the number spends nothing, so it may fail as often as any other look."""
    key, finished = journey.begin()
    journey.world.fault(f"/{finished['phone_number_id']}", {"status": 503, "body": None}, times=6)
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.world.count("/*/register") == 1
