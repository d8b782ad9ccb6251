"""Several walkers: each onboarding is walked by one, and who has lost the lease writes nothing any more."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import update

from app.onboarding import walker as walker_module
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding
from app.onboarding.walker import Walker
from tests.onboarding.conftest import MakeWalker
from tests.onboarding.journey import Journey
from tests.onboarding.mortal import Fate, mortal
from tests.waiting import until


def test_two_walkers_at_once_walk_each_onboarding_once(journey: Journey, new_walker: MakeWalker) -> None:
    keys = [journey.begin("coexistence" if turn % 2 else "standard")[0] for turn in range(6)]
    walkers, start = [journey.walker, new_walker(journey.rt)], threading.Barrier(2)

    def work(place: int) -> int:
        start.wait(10)
        return walkers[place].take(f"worker-{place}")

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(work, [0, 1]))
    assert sum(taken) == 6
    assert [journey.progress(key).state for key in keys] == ["connected"] * 6
    assert journey.world.effects("registered") == 3
    assert journey.world.effects("credit_attached") == 6
    assert journey.world.count("/*/register") == 3
    assert journey.world.count("/*/smb_app_data") == 6
    assert [step.attempts for step in journey.progress(keys[0]).steps] == [1, 1, 1, 1, 1]


def steal(journey: Journey, key: str) -> None:
    with journey.db.write() as session:
        session.execute(update(Onboarding).where(Onboarding.id == key).values(leased_by="somebody else"))


def everything(journey: Journey, key: str) -> tuple[Any, ...]:
    progress = journey.progress(key)
    steps = [(s.name, s.state, s.attempts, s.failures, s.trouble, dict(s.evidence)) for s in progress.steps]
    return steps, journey.proofs(key), progress.plan, progress.waba_id, progress.phone_number_id


@pytest.mark.parametrize("call", ["GET /debug_token", "GET /subscribed_apps", "GET /owning_credit_allocation_configs"])
def test_who_loses_the_lease_in_the_middle_of_a_step_writes_nothing(
    journey: Journey, new_walker: MakeWalker, call: str
) -> None:
    key, finished = journey.begin()
    seen: list[Any] = []

    def lose(name: str) -> None:
        if name == call and not seen:
            steal(journey, key)
            seen.append(everything(journey, key))

    rt = mortal(journey.rt, Fate(on_call=lose))
    sleeper = Journey(rt, journey.world, new_walker(rt))
    sleeper.walker.take("sleeper")
    sleeper.walker.close()
    rt.close()
    assert everything(journey, key) == seen[0]
    with journey.db.write() as session:
        session.execute(update(Onboarding).where(Onboarding.id == key).values(leased_by=None, leased_until=None))
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.progress(key).phone_number_id == finished["phone_number_id"]
    assert journey.world.count("/*/whatsapp_credit_sharing_and_attach") == 1
    assert journey.world.count("/*/register") == 1


def test_who_loses_the_lease_before_the_answer_does_not_send_it(journey: Journey, new_walker: MakeWalker) -> None:
    key, finished = journey.connect()
    journey.write_in(finished, journey.progress(key).test_word)
    rt = mortal(journey.rt, Fate())
    sleeper = Journey(rt, journey.world, new_walker(rt))
    do = sleeper.walker._do

    def lose_then_do(walk: Any) -> Any:
        steal(journey, key)
        return do(walk)

    sleeper.walker._do = lose_then_do  # type: ignore[method-assign]
    sleeper.walker.take("sleeper")
    sleeper.walker.close()
    rt.close()
    assert journey.world.count("/*/messages") == 0


def test_a_process_that_slept_through_its_lease_is_not_mistaken_for_its_own_successor(
    journey: Journey, new_walker: MakeWalker
) -> None:
    """All threads of a worker share its name; a lease must tell a walk from the one a sibling thread takes up later."""
    key, _ = journey.begin()
    outcome: list[int] = []

    def take_over() -> bool:
        journey.end_leases()
        outcome.append(journey.walker.take("the same process"))
        return outcome[-1] == 1

    def overslept(name: str) -> None:
        if name == "GET /subscribed_apps" and not outcome:
            outcome.append(-1)
            until(take_over)  # a row that is being looked at right now is passed by: once more, then

    rt = mortal(journey.rt, Fate(on_call=overslept))
    sleeper = Journey(rt, journey.world, new_walker(rt))
    sleeper.walker.take("the same process")
    assert until(lambda: outcome[-1] == 1)
    assert journey.progress(key).state == "connected"
    steps = {step.name: step.attempts for step in journey.progress(key).steps}
    sleeper.walker.close()
    rt.close()
    assert {step.name: step.attempts for step in journey.progress(key).steps} == steps
    assert journey.world.count("/*/register") == 1
    assert journey.world.count("/*/whatsapp_credit_sharing_and_attach") == 1


def test_a_call_that_outlives_its_own_lease_is_not_made_again_beside_itself(
    journey: Journey, new_walker: MakeWalker
) -> None:
    """A machine so busy that nothing was prolonged in time: the process lives, and so does its call."""
    key, _ = journey.begin()
    with hanging(journey, new_walker, "POST /whatsapp_credit_sharing_and_attach") as (walker, _taken):
        assert until(lambda: journey.states(key)["register"] == "done")
        journey.end_leases()
        second, _ = journey.begin()
        walker.take("w")
        assert until(lambda: journey.progress(second).state == "connected")
        assert journey.states(key)["credit"] == "running"
        assert journey.world.count("/*/whatsapp_credit_sharing_and_attach") == 1
    assert journey.progress(key).state == "connected"
    assert journey.world.count("/*/whatsapp_credit_sharing_and_attach") == 2


@contextmanager
def hanging(
    journey: Journey, new_walker: MakeWalker, call: str = "GET /owning_credit_allocation_configs"
) -> Iterator[tuple[Walker, list[int]]]:
    """A walker at work, whose first such call Meta answers when the block ends; and what it took."""
    asked, taken, meta_answers = list[str](), list[int](), threading.Event()

    def hang(name: str) -> None:
        if name == call and not asked:
            asked.append(name)
            meta_answers.wait(60)

    rt = mortal(journey.rt, Fate(on_call=hang))
    walker = new_walker(rt)
    walking = threading.Thread(target=lambda: taken.append(walker.take("w")))
    walking.start()
    try:
        yield walker, taken
    finally:
        meta_answers.set()
        walking.join()
        rt.close()


def test_a_message_is_answered_while_another_step_hangs(journey: Journey, new_walker: MakeWalker) -> None:
    key, finished = journey.begin()
    with hanging(journey, new_walker):
        assert until(lambda: journey.states(key)["test"] == "needs_client")
        journey.write_in(finished, journey.progress(key).test_word)
        assert until(lambda: journey.world.count("/*/messages") == 1)
        assert journey.states(key)["credit"] == "running"
    assert journey.progress(key).state == "connected"


def test_more_than_a_worker_can_carry_are_all_walked(journey: Journey) -> None:
    keys = [journey.begin()[0] for _ in range(5)]
    assert journey.rt.settings.worker_threads == 2
    assert journey.walker.take("w") == 5
    assert [journey.progress(key).state for key in keys] == ["connected"] * 5


def test_who_rings_while_the_walker_walks_is_free_at_once_and_heard(journey: Journey, new_walker: MakeWalker) -> None:
    first, _ = journey.begin()
    with hanging(journey, new_walker) as (walker, taken):
        assert until(lambda: journey.states(first)["credit"] == "running")
        second, _ = journey.begin()
        assert walker.take("w") == 0
        assert until(lambda: journey.progress(second).state == "connected")
        assert journey.states(first)["credit"] == "running"
    assert taken == [2]
    assert journey.progress(first).state == "connected"


def test_one_that_cannot_be_written_down_keeps_no_other_waiting(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = journey.begin()[0], journey.begin()[0]
    note_outcome = walker_module.note_outcome

    def refuse(session: Any, page: Any, *given: Any, **more: Any) -> None:
        if page.onboarding.id == bad:
            raise ValueError("cannot be written down")
        note_outcome(session, page, *given, **more)

    monkeypatch.setattr(walker_module, "note_outcome", refuse)
    journey.walker.take("w")
    assert journey.progress(good).state == "connected"
    assert journey.progress(bad).state == "open"
    monkeypatch.undo()
    journey.end_leases()
    journey.walk()
    assert journey.progress(bad).state == "connected"
    assert journey.world.effects("registered") == 2


def test_what_is_due_at_once_is_begun_in_one_transaction(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = {journey.begin()[0] for _ in range(2)}
    strokes: list[set[str]] = []
    open_pages = ledger.open_pages

    def counted(session: Any, keys: Any) -> Any:
        strokes.append(set(keys))
        return open_pages(session, keys)

    monkeypatch.setattr(ledger, "open_pages", counted)
    journey.walker.take("w")
    assert strokes[0] == begun
