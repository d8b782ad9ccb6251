"""The one word for what was asked of a phone app, and how a time is written for staff; by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from app.onboarding.rules import SyncFacts, moment_for_people, sync_state

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TONIGHT = datetime(2026, 11, 2, 22, 0, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("facts", "now", "word"),
    [
        (SyncFacts(TONIGHT), NOON, "to_ask"),
        (SyncFacts(TONIGHT), TONIGHT - A_MOMENT, "to_ask"),
        (SyncFacts(TONIGHT), TONIGHT, "too_late"),
        (SyncFacts(TONIGHT, asked_at=NOON), NOON, "asked"),
        (SyncFacts(TONIGHT, asked_at=NOON), NOON + timedelta(hours=1) - A_MOMENT, "asked"),
        (SyncFacts(TONIGHT, asked_at=NOON), NOON + timedelta(hours=1), "silent"),
        (SyncFacts(TONIGHT, asked_at=NOON), TONIGHT, "silent"),
        (SyncFacts(TONIGHT, asked_at=NOON, seen_at=NOON), TONIGHT, "arriving"),
        # What comes without our asking comes all the same.
        (SyncFacts(TONIGHT, seen_at=NOON), TONIGHT, "arriving"),
        (SyncFacts(TONIGHT, asked_at=NOON, seen_at=NOON, done_at=NOON), TONIGHT, "done"),
        (SyncFacts(TONIGHT, asked_at=NOON, declined_at=NOON), NOON, "declined"),
        (SyncFacts(TONIGHT, asked_at=NOON, seen_at=NOON, done_at=NOON, declined_at=NOON), NOON, "declined"),
    ],
)
def test_a_sync_has_one_word(facts: SyncFacts, now: datetime, word: str) -> None:
    assert sync_state(facts, now=now) == word


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 28, 14, 5, tzinfo=UTC), "28 November 2026, 14:05 UTC"),
        (datetime(2027, 1, 3, 0, 0, tzinfo=UTC), "3 January 2027, 00:00 UTC"),
    ],
)
def test_a_moment_is_written_as_people_read_it(moment: datetime, written: str) -> None:
    assert moment_for_people(moment) == written
