"""Writing the ledger: the rows of a plan, and proofs that are seen once and added to."""

from datetime import UTC, datetime, timedelta

import pytest

from app.db import Database
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding
from app.onboarding.reading.progress import read_progress
from tests.work.rows import add_rows

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def key(db: Database) -> str:
    return add_rows(db, NOON)[0]


def lay(db: Database, key: str, **facts: str) -> None:
    with db.write() as session:
        onboarding = session.get_one(Onboarding, key)
        for name, value in facts.items():
            setattr(onboarding, name, value)
        ledger.lay_steps(session, onboarding)


@pytest.mark.parametrize(
    ("plan", "asked", "expected"),
    [
        (None, None, "standard"),
        (None, "coexistence", "coexistence"),
        (None, "a plan of tomorrow", "standard"),
        ("standard", "coexistence", "standard"),
        ("coexistence", "standard", "coexistence"),
    ],
)
def test_the_plan_decided_beats_the_one_asked_for(plan: str | None, asked: str | None, expected: str) -> None:
    assert ledger.plan_of(Onboarding(plan=plan, plan_asked=asked, way="popup", on_our_credit=True)).name == expected


def test_another_plan_takes_its_own_steps_and_leaves_what_was_done(db: Database, key: str) -> None:
    lay(db, key, plan_asked="coexistence")
    with db.write() as session:
        ledger.get_step(session, key, "exchange").state = "done"
    lay(db, key, plan="standard")
    with db.read() as session:
        steps = read_progress(session, key).steps
    assert [(step.name, step.state, step.position) for step in steps] == [
        ("exchange", "done", 1),
        ("subscribe", "not_started", 2),
        ("credit", "not_started", 3),
        ("register", "not_started", 4),
        ("test", "not_started", 5),
    ]


def test_laying_the_same_steps_twice_changes_nothing(db: Database, key: str) -> None:
    lay(db, key)
    with db.read() as session:
        before = [step.id for step in ledger.list_steps(session, key)]
    lay(db, key)
    with db.read() as session:
        assert [step.id for step in ledger.list_steps(session, key)] == before


def test_a_proof_keeps_when_it_was_first_seen_and_learns_more(db: Database, key: str) -> None:
    for minutes, evidence in ((0, {"a": 1}), (5, {"b": 2})):
        with db.write() as session:
            ledger.note_proofs(session, key, {"token_valid": evidence}, now=NOON + timedelta(minutes=minutes))
    with db.read() as session:
        (proof,) = ledger.list_proofs(session, key)
    assert (proof.seen_at, proof.evidence) == (NOON, {"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("state", "moved"), [("waiting", True), ("retrying", False), ("done", False), ("refused", False)]
)
def test_only_a_waiting_step_is_hurried(db: Database, key: str, state: str, moved: bool) -> None:
    lay(db, key)
    with db.write() as session:
        step = ledger.get_step(session, key, "exchange")
        step.state, step.next_try_at = state, NOON + timedelta(minutes=1)
    with db.write() as session:
        ledger.hurry(session, key, "exchange", now=NOON)
    with db.read() as session:
        expected = NOON if moved else NOON + timedelta(minutes=1)
        assert ledger.get_step(session, key, "exchange").next_try_at == expected


def test_there_is_no_page_of_what_is_not_there(db: Database) -> None:
    with db.write() as session:
        assert ledger.open_pages(session, ["nothing"]) == {}
