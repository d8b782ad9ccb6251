"""One number, two runs at once: two tabs, two clients, two workers. All is done once, and the newest run counts."""

import threading
from typing import Any

import pytest
from sqlalchemy import select, update

from app.credentials.models import Credential
from app.kit import clock
from app.onboarding.models import Act, Onboarding
from app.onboarding.walker import Walker
from app.runtime import Runtime
from tests.onboarding.conftest import MakeWalker
from tests.onboarding.journey import Client, Journey
from tests.waiting import until

PLANS = ["standard", "coexistence"]
NUMBER = {"standard": "+1 555 010 0110", "coexistence": "+1 555 010 0170"}


def two_tabs(journey: Journey, plan: str) -> tuple[str, str, dict[str, Any]]:
    """The same client finishes Meta's window twice with the same number; nothing has been walked yet."""
    first = journey.client(plan, number=NUMBER[plan])
    older = journey.post_code(first, event=first.event)
    wish = {"business": {"id": first.finished["business_id"]}, "account_id": first.finished["waba_id"]}
    second = Client(first.visit, journey.world.signup(plan, number=NUMBER[plan], **wish))
    assert second.finished["waba_id"] == first.finished["waba_id"]
    return older, journey.post_code(second, event=second.event), second.finished


def sleep(journey: Journey, key: str) -> None:
    """Nobody takes this run up for now."""
    with journey.db.write() as session:
        session.execute(update(Onboarding).where(Onboarding.id == key).values(due_at=None))


def wake(journey: Journey, key: str) -> None:
    with journey.db.write() as session:
        session.execute(update(Onboarding).where(Onboarding.id == key).values(due_at=clock.now()))


def deeds(journey: Journey) -> dict[str, int]:
    names = ("registered", "credit_attached", "contacts_synced", "history_synced")
    return {name: journey.world.effects(name) for name in names}


ONCE = {
    "standard": {"registered": 1, "credit_attached": 1, "contacts_synced": 0, "history_synced": 0},
    "coexistence": {"registered": 0, "credit_attached": 1, "contacts_synced": 1, "history_synced": 1},
}


def check(journey: Journey, older: str, newer: str, plan: str) -> None:
    old, new = journey.progress(older), journey.progress(newer)
    assert (old.state, old.replaced_by) == ("replaced", new.reference)
    assert new.state == "connected"
    assert deeds(journey) == ONCE[plan]
    assert journey.world.count("/*/register") <= 1
    with journey.db.read() as session:
        assert "pending" not in session.scalars(select(Act.outcome)).all()
        left = session.execute(select(Onboarding.due_at, Onboarding.leased_by).where(Onboarding.id == older)).one()
        assert tuple(left) == (None, None)


@pytest.mark.parametrize("plan", PLANS)
def test_two_tabs_that_are_walked_together_do_everything_once(journey: Journey, plan: str) -> None:
    older, newer, _ = two_tabs(journey, plan)
    journey.walk()
    check(journey, older, newer, plan)


@pytest.mark.parametrize("plan", PLANS)
def test_an_older_run_that_is_slower_than_the_newer_one_gives_way(journey: Journey, plan: str) -> None:
    older, newer, finished = two_tabs(journey, plan)
    sleep(journey, older)
    journey.walk()
    assert journey.progress(newer).state == "connected"
    token = current_token(journey, finished)
    wake(journey, older)
    journey.walk()
    check(journey, older, newer, plan)
    assert current_token(journey, finished) == token


def current_token(journey: Journey, finished: dict[str, Any]) -> str:
    scope = Credential.current_scope.is_not(None), Credential.subject == finished["waba_id"]
    with journey.db.read() as session:
        return session.scalars(select(Credential.id).where(Credential.kind == "business_token", *scope)).one()


@pytest.mark.parametrize("plan", PLANS)
def test_an_older_run_that_was_done_first_is_replaced_and_nothing_is_repeated(journey: Journey, plan: str) -> None:
    older, newer, _ = two_tabs(journey, plan)
    sleep(journey, newer)
    journey.walk()
    assert journey.progress(older).state == "connected"
    wake(journey, newer)
    journey.walk()
    check(journey, older, newer, plan)


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("trial", range(3))
def test_two_workers_at_once_do_everything_once(
    journey: Journey, new_walker: MakeWalker, plan: str, trial: int
) -> None:
    older, newer, _ = two_tabs(journey, plan)
    journey.world.fault("/*/register", {"delay_ms": 30 * trial})
    journey.world.fault("/debug_token", {"delay_ms": 20 * trial}, times=1)
    together(journey.rt, new_walker)
    journey.walk()
    check(journey, older, newer, plan)


def together(rt: Runtime, new_walker: MakeWalker) -> None:
    """Two workers take what is due, in threads of their own, starting at the same moment."""
    start, failed = threading.Barrier(2), []

    def work(walker: Walker, name: str) -> None:
        try:
            start.wait(10)
            walker.take(name)
        except BaseException as failure:  # noqa: BLE001 - told to the test
            failed.append(failure)

    threads = [threading.Thread(target=work, args=(new_walker(rt), name)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


def test_a_walker_in_the_middle_of_a_call_loses_the_run_cleanly(journey: Journey, new_walker: MakeWalker) -> None:
    """The older run is registering when the newer one proves the same number: its call counts, and it does no more."""
    older, newer, _ = two_tabs(journey, "standard")
    sleep(journey, newer)
    journey.world.fault("/*/register", {"delay_ms": 400}, times=1)
    slow = threading.Thread(target=new_walker(journey.rt).take, args=("slow",))
    slow.start()
    _until_registering(journey)
    wake(journey, newer)
    new_walker(journey.rt).take("quick")
    slow.join(30)
    journey.walk()
    check(journey, older, newer, "standard")
    with journey.db.read() as session:
        assert session.scalars(select(Act.outcome).where(Act.what == "register")).all() == ["done"]


def _until_registering(journey: Journey) -> None:
    def under_way() -> bool:
        with journey.db.read() as session:
            return session.scalars(select(Act).where(Act.what == "register")).first() is not None

    assert until(under_way)


def test_two_clients_with_one_number_do_everything_once(journey: Journey) -> None:
    first = journey.client("standard", number=NUMBER["standard"])
    wish = {"business": {"id": first.finished["business_id"]}, "account_id": first.finished["waba_id"]}
    other = Client(journey.visit("Example Garage"), journey.world.signup("standard", number=NUMBER["standard"], **wish))
    keys = [journey.post_code(client, event=client.event) for client in (first, other)]
    journey.walk()
    assert [journey.progress(key).state for key in keys] == ["connected", "connected"]
    assert deeds(journey) == ONCE["standard"]
    assert journey.world.count("/*/register") == 1
    assert journey.world.count("/*/whatsapp_credit_sharing_and_attach") == 1
