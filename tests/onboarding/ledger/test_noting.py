"""What a step came back with becomes its state; what was decided meanwhile stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.clients.store import add_client
from app.db import Database
from app.onboarding.ledger import ledger
from app.onboarding.ledger.noting import note_outcome
from app.onboarding.ledger.outcomes import Done, Outcome, Parked, TryAgain, Waiting, Yielded
from app.onboarding.models import Onboarding

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def key(db: Database) -> str:
    with db.write() as session:
        client = add_client(
            session, name="X", external_ref=None, contact_name=None, contact_email=None, language=None, now=NOON
        )
        row = Onboarding(client_id=client.id, reference="onb_7Q2F-4KDM", test_word="K7QX", begun_at=NOON)
        session.add(row)
        session.flush()
        ledger.lay_steps(session, row)
        return row.id


def note(db: Database, key: str, outcome: Outcome, *, name: str = "register", now: datetime = NOON, **step: Any) -> Any:
    """The step after it has come back with `outcome`; it ran with these values."""
    with db.write() as session:
        row = ledger.get_step(session, key, name)
        for field, value in ({"state": "running"} | step).items():
            setattr(row, field, value)
        session.flush()
        note_outcome(session, ledger.open_pages(session, [key])[key], name, outcome, now=now)
        return row


def test_done_is_done_with_its_proofs(db: Database, key: str) -> None:
    step = note(
        db, key, Done({"a": 1}, {"number_registered": {"status": "CONNECTED"}}), failures=2, trouble={"key": "x"}
    )
    assert (step.state, step.trouble, step.failures, step.ended_at, step.evidence) == ("done", None, 0, NOON, {"a": 1})
    with db.read() as session:
        (proof,) = ledger.list_proofs(session, key)
    assert (proof.kind, proof.seen_at) == ("number_registered", NOON)


def test_a_wait_has_a_next_look_and_an_end(db: Database, key: str) -> None:
    step = note(db, key, Waiting("name_review"))
    assert (step.state, step.waits_for, step.waiting_since, step.polls) == ("waiting", "name_review", NOON, 1)
    assert step.next_try_at == NOON + timedelta(seconds=30)
    assert step.waits_until == NOON + timedelta(days=14)
    again = note(db, key, Waiting("name_review"), now=NOON + timedelta(seconds=30))
    assert (again.waiting_since, again.next_try_at) == (NOON, NOON + timedelta(seconds=75))


def test_a_wait_whose_patience_has_ended_is_somebodys(db: Database, key: str) -> None:
    note(db, key, Waiting("name_review"))
    step = note(db, key, Waiting("name_review"), now=NOON + timedelta(days=14))
    assert (step.state, step.trouble, step.waits_for) == ("needs_us", {"key": "name_review_long"}, None)


def test_another_wait_begins_its_own_patience(db: Database, key: str) -> None:
    note(db, key, Waiting("other_run"))
    step = note(db, key, Waiting("number_connected"), now=NOON + timedelta(minutes=5))
    assert (step.waiting_since, step.polls) == (NOON + timedelta(minutes=5), 1)


@pytest.mark.parametrize(("until", "next_look"), [(1, 1), (30, 2), (-1, 0)])
def test_a_call_in_doubt_is_looked_at_when_that_ends_at_the_latest_and_its_failure_still_counts(
    db: Database, key: str, until: int, next_look: int
) -> None:
    """Otherwise the first look is two seconds later."""
    wait = Waiting("credit_attached", doubt_until=NOON + timedelta(seconds=until))
    step = note(db, key, wait, failures=3, trouble={"key": "x"})
    assert (step.state, step.failures, step.trouble) == ("waiting", 3, None)
    assert step.next_try_at == NOON + timedelta(seconds=next_look)
    assert note(db, key, Waiting("credit_attached"), failures=3).failures == 0


def test_waiting_for_another_run_is_no_answer_of_metas_so_failures_are_counted_on(db: Database, key: str) -> None:
    """Two runs that meet now and then while Meta is down would otherwise begin to count anew for ever."""
    assert note(db, key, Waiting("other_run"), failures=5).failures == 5


def test_a_step_that_gave_way_starts_again_later_without_a_time_of_its_own(db: Database, key: str) -> None:
    step = note(db, key, Yielded({"seen": 1}), failures=2, next_try_at=NOON, trouble={"key": "x"})
    assert (step.state, step.next_try_at, step.trouble, step.failures) == ("not_started", None, None, 0)
    assert step.evidence == {"seen": 1}


def test_a_failure_is_tried_again_and_after_the_last_one_it_is_ours(db: Database, key: str) -> None:
    step = note(db, key, TryAgain({"key": "registration_down"}, not_before=60.0))
    assert (step.state, step.failures) == ("retrying", 1)
    assert step.next_try_at >= NOON + timedelta(seconds=60)
    last = note(db, key, TryAgain({"key": "registration_down"}), failures=8)
    assert (last.state, last.trouble["key"], last.next_try_at) == ("needs_us", "kept_failing", None)


def test_what_was_decided_while_it_ran_stays(db: Database, key: str) -> None:
    step = note(db, key, Parked("needs_us", {"key": "internal"}), state="skipped")
    assert (step.state, step.trouble) == ("skipped", None)


def test_a_client_that_wrote_meanwhile_is_not_asked_to_write(db: Database, key: str) -> None:
    heard = {"heard": {"wamid": "wamid.1"}}
    step = note(db, key, Parked("needs_client", {"key": "say_hi"}), name="test", evidence=heard)
    assert (step.state, step.trouble) == ("not_started", None)


def test_the_window_that_spoke_meanwhile_is_not_waited_for(db: Database, key: str) -> None:
    with db.write() as session:
        session.get_one(Onboarding, key).event_kind = "FINISH"
    assert note(db, key, Waiting("event", 3.0), name="exchange").state == "not_started"


def test_who_asked_for_an_attempt_asked_for_that_one_alone(db: Database, key: str) -> None:
    step = note(db, key, TryAgain({"key": "registration_down"}), evidence={"asked_by": "staff", "pin": "sealed"})
    assert step.evidence == {"pin": "sealed"}
