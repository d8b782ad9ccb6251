"""The one answer of a two-way test: written before it is sent, and sent at most once unless a person decides."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.db import Database
from app.messaging.answers import find_answer, note_accepted, note_not_accepted, take_answer
from app.messaging.models import Message

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(seconds=3)


def take(db: Database, *, by_hand: bool = False, onboarding: str = "o-1") -> tuple[str, bool]:
    with db.write() as session:
        message, may_send = take_answer(
            session,
            onboarding,
            phone_number_id="106540352242922",
            contact="15550009001",
            text="Hi!",
            reply_to="wamid.IN",
            now=NOON,
            by_hand=by_hand,
        )
        return message.id, may_send


def note(db: Database, key: str, *, known: bool, code: int | None = None) -> None:
    with db.write() as session:
        note_not_accepted(session, key, outcome_known=known, code=code)


def accept(db: Database, key: str, wamid: str = "wamid.OUT") -> None:
    with db.write() as session:
        note_accepted(session, key, wamid, now=LATER)


def get(db: Database, key: str) -> Message:
    with db.read() as session:
        return session.get_one(Message, key)


def test_who_makes_the_row_may_send_it(db: Database) -> None:
    key, may_send = take(db)
    assert may_send
    row = get(db, key)
    assert (row.state, row.direction, row.test, row.reply_to, row.wamid) == ("queued", "out", True, "wamid.IN", None)


def test_an_answer_found_queued_was_cut_off_and_is_unknown(db: Database) -> None:
    key, _ = take(db)
    assert take(db) == (key, False)
    assert get(db, key).state == "unknown"
    assert take(db) == (key, False)


def test_an_accepted_answer_is_never_sent_again_not_even_by_hand(db: Database) -> None:
    key, _ = take(db)
    accept(db, key)
    assert (get(db, key).state, get(db, key).wamid, get(db, key).sent_at) == ("accepted", "wamid.OUT", LATER)
    assert take(db) == (key, False)
    assert take(db, by_hand=True) == (key, False)


def test_a_refused_answer_is_sent_again_as_another_message(db: Database) -> None:
    key, _ = take(db)
    note(db, key, known=True, code=131047)
    assert (get(db, key).state, get(db, key).error_code) == ("refused", 131047)
    second, may_send = take(db)
    assert may_send
    assert second != key
    assert get(db, key).onboarding_id is None


@pytest.mark.parametrize("cut_off", [False, True])
def test_an_unknown_answer_is_sent_again_only_by_hand(db: Database, cut_off: bool) -> None:
    key, _ = take(db)
    if not cut_off:
        note(db, key, known=False)
        assert get(db, key).state == "unknown"
        assert take(db) == (key, False)
    second, may_send = take(db, by_hand=True)
    assert may_send
    assert second != key


def test_a_receipt_that_was_faster_than_metas_answer_stays(db: Database) -> None:
    key, _ = take(db)
    with db.write() as session:
        row = session.get_one(Message, key)
        row.state, row.wamid = "delivered", "wamid.EARLY"
    accept(db, key, "wamid.OUT")
    assert (get(db, key).state, get(db, key).wamid, get(db, key).sent_at) == ("delivered", "wamid.EARLY", None)
    note(db, key, known=True, code=1)
    assert (get(db, key).state, get(db, key).error_code) == ("delivered", None)


def test_an_answer_that_was_unknown_and_accepted_after_all_is_accepted(db: Database) -> None:
    key, _ = take(db)
    note(db, key, known=False)
    accept(db, key)
    assert get(db, key).state == "accepted"


def test_each_onboarding_has_its_own_answer(db: Database) -> None:
    first, _ = take(db)
    second, may_send = take(db, onboarding="o-2")
    assert may_send
    assert first != second
    with db.write() as session:
        found = find_answer(session, "o-2")
        assert found is not None
        assert found.id == second
        assert find_answer(session, "o-3") is None


def test_of_two_who_take_it_at_once_one_sends(db: Database) -> None:
    start = threading.Barrier(2)

    def work(_turn: int) -> bool:
        start.wait(10)
        return take(db)[1]

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(work, turn) for turn in range(2)]
        # On PostgreSQL the second may find the row being made and fail: then it has sent nothing either.
        sent = [future.exception() is None and future.result() for future in futures]
    assert sent.count(True) == 1
