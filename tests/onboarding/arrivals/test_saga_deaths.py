"""The worker is killed at every boundary of both plans; the next one goes on when the lease ends, and nothing is done
twice that must happen once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine

from app.kit import clock
from tests.onboarding.conftest import MakeWalker
from tests.onboarding.journey import Journey
from tests.onboarding.mortal import Death, Fate, mortal

READS = [
    "GET /debug_token",
    "GET /phone_numbers",
    "GET /subscribed_apps",
    "GET /owning_credit_allocation_configs",
    "GET /assigned_users",
    "GET /system_users",
    "GET /",
]
ONCE = {
    "standard": ["POST /subscribed_apps", "POST /register", "POST /whatsapp_credit_sharing_and_attach"],
    "coexistence": ["POST /subscribed_apps", "POST /smb_app_data", "POST /whatsapp_credit_sharing_and_attach"],
}
BOUNDARIES = [
    *[("standard", call, "after") for call in READS],
    *[(plan, call, moment) for plan, calls in ONCE.items() for call in calls for moment in ("before", "after")],
]


@contextmanager
def killed(journey: Journey, new_walker: MakeWalker, fate: Fate) -> Iterator[None]:
    """Walk in a process with this fate, and end what is left of it."""
    rt = mortal(journey.rt, fate)
    doomed = Journey(rt, journey.world, new_walker(rt))
    try:
        with pytest.raises(Death):
            doomed.walk(worker="doomed")
        doomed.walker.close()
        yield
    finally:
        rt.close()


def go_on(journey: Journey) -> None:
    """The next worker finds nothing while the lease lasts, and goes on by itself when it ends."""
    assert journey.walker.take("next") == 0
    take_over(journey, "next")


def take_over(journey: Journey, worker: str) -> None:
    """The leases end, and another worker goes on with what was begun.

    What died with a call under way is asked for again 47 seconds later, when that call can no longer come to pass.
    """
    journey.end_leases()
    journey.walk(worker=worker)
    with time_machine.travel(clock.now() + timedelta(seconds=47), tick=True):
        journey.walk(worker=worker)


def assert_done_once(journey: Journey, key: str, plan: str) -> None:
    progress = journey.progress(key)
    assert progress.state == "connected", journey.states(key)
    assert journey.states(key)["test"] == "needs_client"
    effects = {name: journey.world.effects(name) for name in ("registered", "credit_attached", "subscribed")}
    assert effects == {"registered": 1 if plan == "standard" else 0, "credit_attached": 1, "subscribed": 1}
    assert journey.world.effects("contacts_synced") == journey.world.effects("history_synced")
    assert journey.world.effects("history_synced") == (1 if plan == "coexistence" else 0)
    assert journey.world.count("/*/register") <= 1
    assert journey.world.count("/*/whatsapp_credit_sharing_and_attach") == 1


@pytest.mark.parametrize(("plan", "call", "moment"), BOUNDARIES)
def test_a_death_around_a_call_loses_and_repeats_nothing(
    journey: Journey, new_walker: MakeWalker, plan: str, call: str, moment: str
) -> None:
    key, _ = journey.begin(plan)
    with killed(journey, new_walker, Fate(at=call, moment=moment)):
        go_on(journey)
    assert_done_once(journey, key, plan)
    if call == "POST /smb_app_data" and moment == "after":
        # The answer was lost: asking again is the only way to see that it was asked, and Meta says so.
        assert journey.world.count("/*/smb_app_data") in {3, 4}
    elif plan == "coexistence":
        assert journey.world.count("/*/smb_app_data") in {2, 3, 4}


@pytest.mark.parametrize("plan", ["standard", "coexistence"])
def test_a_death_instead_of_any_commit_loses_and_repeats_nothing(
    journey: Journey, new_walker: MakeWalker, plan: str
) -> None:
    """Every write of a walk in turn is the one that is not committed: before a note, after an effect."""
    deaths = 0
    while True:
        key, finished = journey.begin(plan)
        before = journey.world.effects("registered", "history_synced", "credit_attached")
        fate = Fate(at_write=deaths + 1)
        rt = mortal(journey.rt, fate)
        doomed = Journey(rt, journey.world, new_walker(rt))
        try:
            doomed.walk(worker=f"doomed-{deaths}")
        except Death:
            deaths += 1
        doomed.walker.close()
        rt.close()
        if not fate.dead:
            break
        take_over(journey, f"next-{deaths}")
        assert journey.progress(key).state == "connected", (deaths, journey.states(key))
        assert journey.world.effects("registered", "history_synced", "credit_attached") - before == 2
        number = finished["phone_number_id"] or journey.number_of(finished)
        assert journey.world.count(f"/{number}/register") == (1 if plan == "standard" else 0)
    assert deaths >= 8


@pytest.mark.parametrize(("moment", "asked"), [("before", 0), ("after", 1)])
def test_the_answer_of_a_killed_worker_is_never_sent_again(
    journey: Journey, new_walker: MakeWalker, moment: str, asked: int
) -> None:
    key, finished = journey.connect()
    journey.write_in(finished, journey.progress(key).test_word)
    with killed(journey, new_walker, Fate(at="POST /messages", moment=moment)):
        go_on(journey)
    assert journey.world.count("/*/messages") == asked
    assert journey.states(key)["test"] == "waiting"
    assert journey.progress(key).state == "connected"
