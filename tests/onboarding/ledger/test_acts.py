"""Calls that must not happen twice: seen by every run of the steps, whoever's it is."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from app.db import Database
from app.onboarding.ledger import acts
from app.onboarding.ledger.acts import InDoubt, UnderWay, begin_act, end_act, list_acts
from app.onboarding.models import Act
from tests.work.rows import add_rows

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
NUMBER = "106540352242922"


@pytest.fixture
def runs(db: Database) -> list[str]:
    return list(add_rows(db, NOON, NOON))


def begin(db: Database, run: str, *, subject: str = NUMBER, what: str = "register", at: datetime = NOON) -> str:
    with db.write() as session:
        return begin_act(session, subject=subject, what=what, onboarding_id=run, now=at)


def outcomes(db: Database) -> list[str]:
    with db.read() as session:
        return [act.outcome for act in session.query(Act).order_by(Act.at, Act.id)]


def test_two_runs_never_make_the_same_call_at_once(db: Database, runs: list[str]) -> None:
    first = begin(db, runs[0])
    with pytest.raises(UnderWay):
        begin(db, runs[1], at=NOON + timedelta(seconds=89))
    with db.write() as session:
        end_act(session, first, acts.DONE)
    begin(db, runs[1], at=NOON + timedelta(seconds=89))
    assert outcomes(db) == ["done", "pending"]


def test_a_call_that_begins_and_ends_while_another_run_reads_the_books_is_seen_by_it(
    db: Database, runs: list[str]
) -> None:
    made: list[str] = []

    def make_once(run: str) -> None:
        with suppress(UnderWay):
            with db.write() as session:
                key = begin_act(session, subject=NUMBER, what="share", onboarding_id=run, looked_at=NOON, now=NOON)
            made.append(run)
            with db.write() as session:
                end_act(session, key, acts.DONE)

    other = threading.Thread(target=make_once, args=(runs[1],))

    @event.listens_for(db.engine, "before_cursor_execute")
    def let_the_other_be_quicker(*given: object) -> None:
        if str(given[2]).startswith("INSERT INTO acts") and other.ident is None:
            other.start()
            # It has either made its whole call by then, or waits until this run has written its line.
            other.join(0.5)

    try:
        make_once(runs[0])
        other.join(20)
    finally:
        event.remove(db.engine, "before_cursor_execute", let_the_other_be_quicker)
    assert len(made) == 1


def test_other_subjects_and_other_calls_do_not_stand_in_the_way(db: Database, runs: list[str]) -> None:
    begin(db, runs[0])
    begin(db, runs[1], subject="another number")
    begin(db, runs[1], what="history")
    assert outcomes(db) == ["pending"] * 3


def test_who_holds_a_call_longer_than_one_lasts_has_died(db: Database, runs: list[str]) -> None:
    begin(db, runs[0])
    begin(db, runs[1], at=NOON + timedelta(seconds=90))
    assert outcomes(db) == ["unknown", "pending"]


def test_a_run_that_died_in_a_call_goes_on_at_once(db: Database, runs: list[str]) -> None:
    begin(db, runs[0])
    begin(db, runs[0], at=NOON + timedelta(seconds=1))
    assert outcomes(db) == ["unknown", "pending"]


@pytest.mark.parametrize("fate", ["pending", "unknown"])
@pytest.mark.parametrize(("seconds", "blocked"), [(0, True), (46, True), (47, False)])
def test_a_run_that_looks_makes_no_call_again_that_may_come_to_pass_yet(
    db: Database, runs: list[str], fate: str, seconds: int, blocked: bool
) -> None:
    """One try lasts 46.1 seconds at most: a look that begins before that may have come too early."""
    key = begin(db, runs[0])
    with db.write() as session:
        end_act(session, key, fate)
    look = NOON + timedelta(seconds=seconds)
    late = look + timedelta(seconds=20)

    def begin_again() -> None:
        with db.write() as session:
            begin_act(session, subject=NUMBER, what="register", onboarding_id=runs[0], looked_at=look, now=late)

    if blocked:
        with pytest.raises(InDoubt) as doubt:
            begin_again()
        assert doubt.value.until == NOON + timedelta(seconds=46.1)
        assert outcomes(db) == [fate]
    else:
        begin_again()
        assert outcomes(db) == ["unknown", "pending"]


def test_the_database_itself_lets_one_be_pending(db: Database, runs: list[str]) -> None:
    def add(run: str) -> Act:
        return Act(subject=NUMBER, what="register", onboarding_id=run, at=NOON, outcome="pending")

    with db.write() as session:
        session.add(add(runs[0]))
    with pytest.raises(Exception, match=r"(?i)unique"), db.write() as session:
        session.add(add(runs[1]))


def test_the_list_knows_everybodys_without_those_that_never_left_us(db: Database, runs: list[str]) -> None:
    for place, (run, outcome) in enumerate(
        [(runs[0], acts.REFUSED), (runs[1], acts.WITHDRAWN), (runs[1], acts.DONE), (runs[0], acts.UNKNOWN)]
    ):
        key = begin(db, run, at=NOON + timedelta(hours=place))
        with db.write() as session:
            end_act(session, key, outcome)
    with db.read() as session:
        found = list_acts(session, subject=NUMBER, what="register")
        assert [act.outcome for act in found] == ["refused", "done", "unknown"]
        late = list_acts(session, subject=NUMBER, what="register", since=NOON)
        assert [act.outcome for act in late] == ["done", "unknown"]


@pytest.mark.parametrize(
    ("outcome", "seconds", "blocked"),
    [("done", 5, True), ("unknown", 5, True), ("refused", 5, False), ("withdrawn", 5, False), ("done", 95, False)],
)
def test_what_another_run_did_since_the_look_has_not_been_seen(
    db: Database, runs: list[str], outcome: str, seconds: int, blocked: bool
) -> None:
    """The look was before the other's call ended: asking now could be asking twice."""
    key = begin(db, runs[0])
    with db.write() as session:
        end_act(session, key, outcome)
    look = NOON + timedelta(seconds=seconds)
    with db.write() as session:
        if blocked:
            with pytest.raises(UnderWay):
                begin_act(session, subject=NUMBER, what="register", onboarding_id=runs[1], looked_at=look, now=look)
        else:
            begin_act(session, subject=NUMBER, what="register", onboarding_id=runs[1], looked_at=look, now=look)
        # One's own calls are no secret to oneself.
    with db.write() as session:
        begin_act(session, subject=NUMBER, what="history", onboarding_id=runs[0], looked_at=look, now=look)
