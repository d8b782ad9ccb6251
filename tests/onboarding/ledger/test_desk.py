"""What staff may do: try a step again, and waive the test message with a reason."""

from typing import Any

import pytest

from app.audit.store import Actor, list_of
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, NotFound
from app.onboarding.ledger import desk
from tests.onboarding.journey import Journey

STAFF = Actor("staff", "staff-1")
DENIED: dict[str, Any] = {"status": 403, "body": {"error": {"message": "(#200)", "code": 200}}}


def retry(journey: Journey, which: str, step: str) -> str:
    with journey.db.write() as session:
        return desk.retry_step(session, which, step, actor=STAFF, now=clock.now())


def waive(journey: Journey, which: str, reason: str = "The shop has no phone.") -> str:
    with journey.db.write() as session:
        return desk.waive_test(session, which, reason=reason, actor=STAFF, now=clock.now())


def actions(journey: Journey, key: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    with journey.db.read() as session:
        return [(entry.action, entry.actor_id, entry.facts) for entry in list_of(session, "onboarding", key)]


SAY_HI, OTHER, PIN, LOCKED = "say_hi", "permission_denied", "pin_mismatch", "pin_tries_used_up"


@pytest.mark.parametrize(
    ("state", "trouble", "may"),
    [
        ("not_started", None, False),
        ("running", None, False),
        ("done", None, False),
        ("skipped", None, False),
        ("retrying", OTHER, True),
        ("waiting", None, True),
        ("refused", OTHER, True),
        ("needs_us", OTHER, True),
        ("needs_client", OTHER, True),
        ("needs_client", None, True),
        ("needs_client", SAY_HI, False),
        ("refused", SAY_HI, True),
        ("needs_client", PIN, False),
        ("needs_us", PIN, False),
        ("refused", PIN, False),
        ("needs_client", LOCKED, False),
        ("retrying", PIN, True),
    ],
)
def test_try_again_is_offered_where_it_makes_sense(state: str, trouble: str | None, may: bool) -> None:
    assert desk.may_retry(state, trouble) is may


def test_a_refused_step_runs_again_at_once_and_that_is_written_down(journey: Journey) -> None:
    journey.world.fault("/*/whatsapp_credit_sharing_and_attach", DENIED, times=1)
    key, _ = journey.connect()
    assert retry(journey, journey.progress(key).reference, "credit") == key
    assert journey.states(key)["credit"] == "not_started"
    journey.walker.take("w")
    assert journey.progress(key).state == "connected"
    assert actions(journey, key)[0] == ("step.retried", "staff-1", {"step": "credit"})


def test_a_wait_can_be_cut_short_and_the_count_of_failures_begins_anew(journey: Journey) -> None:
    journey.world.fault("/*/assigned_users", {"status": 500, "body": None}, times=1)
    key, _ = journey.begin()
    journey.walker.take("w")
    assert journey.states(key)["credit"] == "retrying"
    retry(journey, key, "credit")
    step = journey.progress(key).step("credit")
    assert step is not None
    assert (step.failures, step.next_try_at) == (0, None)
    journey.walker.take("w")
    assert journey.states(key)["credit"] == "done"


@pytest.mark.parametrize("step", ["exchange", "register", "test"])
def test_what_is_done_or_only_waits_for_the_client_cannot_be_tried_again(journey: Journey, step: str) -> None:
    key, _ = journey.connect()
    with pytest.raises(Conflict):
        retry(journey, key, step)
    assert [action for action, _, _ in actions(journey, key)] == ["onboarding.begun"]


def test_what_is_not_there_is_not_found(journey: Journey) -> None:
    key, _ = journey.begin()
    for which, step in (("nothing", "credit"), (key, "sync"), (key, "nothing")):
        with pytest.raises(NotFound):
            retry(journey, which, step)
    with pytest.raises(NotFound):
        waive(journey, "nothing")


def test_a_waived_test_is_skipped_with_its_reason_and_never_makes_it_live(journey: Journey) -> None:
    key, _ = journey.connect()
    assert waive(journey, key, "  The shop has no phone.  ") == key
    journey.walk()
    step = journey.progress(key).step("test")
    assert step is not None
    assert (step.state, step.trouble) == ("skipped", None)
    assert step.evidence["waived"]["reason"] == "The shop has no phone."
    assert step.evidence["waived"]["by"] == "staff-1"
    assert journey.progress(key).state == "connected"
    assert journey.progress(key).live_at is None
    assert actions(journey, key)[0] == ("test.waived", "staff-1", {"reason": "The shop has no phone."})
    with pytest.raises(Conflict):
        waive(journey, key)


@pytest.mark.parametrize(
    ("reason", "good"),
    [("", False), ("    x    ", False), ("abcd", False), ("abcde", True), ("x" * 500, True), ("x" * 501, False)],
)
def test_a_reason_has_five_to_five_hundred_characters(journey: Journey, reason: str, good: bool) -> None:
    key, _ = journey.begin()
    if good:
        waive(journey, key, reason)
        assert journey.states(key)["test"] == "skipped"
    else:
        with pytest.raises(InvalidInput) as refused:
            waive(journey, key, reason)
        assert [fault.field for fault in refused.value.faults] == ["reason"]
        assert journey.states(key)["test"] == "not_started"
