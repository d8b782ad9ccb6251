"""Code and end event in any order, twice, or one of them never; a token is judged before the browser is believed."""

from datetime import timedelta

import pytest
import time_machine

from app.kit import clock
from app.onboarding.window.events import read_end_event
from tests.onboarding.journey import Journey


def test_an_event_that_came_before_the_code_is_used(journey: Journey) -> None:
    client = journey.client()
    assert journey.post_event(client) is None
    key = journey.post_code(client)
    journey.walker.take("w")
    assert journey.progress(key).state == "connected"


def test_an_event_that_comes_after_the_code_wakes_the_walk_at_once(journey: Journey) -> None:
    client = journey.client()
    key = journey.post_code(client)
    journey.walker.take("w")
    assert journey.states(key)["exchange"] == "waiting"
    assert journey.progress(key).state == "waiting"
    assert journey.post_event(client) == key
    journey.walker.take("w")
    assert journey.progress(key).state == "connected"


def test_an_event_that_comes_while_the_first_step_decides_to_wait_is_not_overlooked(journey: Journey) -> None:
    """The step has looked, found no event, and waits; the event is written down before that decision is."""
    client = journey.client()
    key = journey.post_code(client)
    walker, deliver = journey.walker, [lambda: journey.post_event(client)]
    do = walker._do

    def do_then_event(walk: object) -> object:
        outcome = do(walk)  # type: ignore[arg-type]
        if deliver:
            deliver.pop()()
        return outcome

    walker._do = do_then_event  # type: ignore[assignment, method-assign]
    walker.take("w")
    walker.take("w")
    assert journey.progress(key).state == "connected"


def test_without_any_event_the_tokens_own_targets_are_used_after_a_short_wait(journey: Journey) -> None:
    client = journey.client()
    key = journey.post_code(client)
    journey.walker.take("w")
    step = journey.progress(key).step("exchange")
    assert step is not None
    assert step.next_try_at is not None
    assert timedelta(0) < step.next_try_at - journey.progress(key).begun_at <= timedelta(seconds=3.1)
    with time_machine.travel(clock.now() + timedelta(seconds=4)):
        journey.walker.take("w")
        journey.walk()
    progress = journey.progress(key)
    assert progress.state == "connected"
    assert progress.event_kind is None
    assert (progress.waba_id, progress.phone_number_id) == (
        client.finished["waba_id"],
        client.finished["phone_number_id"],
    )


def test_a_phone_app_number_is_recognised_without_any_event(journey: Journey) -> None:
    client = journey.client("coexistence", asked="standard")
    key = journey.post_code(client)
    with time_machine.travel(clock.now() + timedelta(seconds=4)):
        journey.walk()
    assert journey.progress(key).plan == "coexistence"
    assert journey.progress(key).state == "connected"
    assert journey.world.count("/*/register") == 0


@pytest.mark.parametrize(
    "omit", [["phone_number_id"], ["business_id"], ["phone_number_id", "business_id"], ["waba_id"]]
)
def test_ids_that_the_event_leaves_out_are_looked_up(journey: Journey, omit: list[str]) -> None:
    key, finished = journey.connect(omit=omit)
    progress = journey.progress(key)
    assert progress.state == "connected"
    assert (progress.waba_id, progress.phone_number_id, progress.business_id) == (
        finished["waba_id"],
        finished["phone_number_id"],
        finished["business_id"],
    )


def test_the_first_event_counts_and_a_later_one_changes_nothing(journey: Journey) -> None:
    client, other = journey.client(), journey.client()
    journey.post_event(client)
    assert journey.post_event(client, other.event) is None
    key = journey.post_code(client)
    journey.walk()
    assert journey.progress(key).waba_id == client.finished["waba_id"]


def test_a_late_event_does_not_disturb_what_is_connected(journey: Journey) -> None:
    client = journey.client()
    key = journey.post_code(client)
    with time_machine.travel(clock.now() + timedelta(seconds=4)):
        journey.walk()
    assert journey.post_event(client) == key
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.progress(key).event_kind == "FINISH"
    assert journey.world.count("/*/register") == 1


def test_a_cancel_beside_a_good_code_does_not_stop_the_onboarding(journey: Journey) -> None:
    """Closing the window on its last screen may say so: the code is what counts."""
    client = journey.client()
    event = {"type": "WA_EMBEDDED_SIGNUP", "event": "CANCEL", "data": {"current_step": "PERMISSIONS"}}
    key = journey.post_code(client, event=read_end_event(event))
    journey.walk()
    assert journey.progress(key).state == "connected"


def test_of_several_shared_accounts_the_one_named_is_taken(journey: Journey) -> None:
    key, finished = journey.connect("several")
    progress = journey.progress(key)
    assert (progress.state, progress.waba_id) == ("connected", finished["waba_id"])
    assert progress.phone_number_id == finished["phone_number_id"]
