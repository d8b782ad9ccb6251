"""When a letter is tried again, by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from app.mail.rules import after_failure

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 1), (2, 5), (3, 15), (4, 60), (5, 180), (6, 360), (7, 720), (8, 1440), (9, None), (20, None)],
)
def test_pauses_grow_and_end_after_the_ninth_failure(failures: int, minutes: int | None) -> None:
    expected = None if minutes is None else NOON + timedelta(minutes=minutes)
    assert after_failure(failures, for_good=False, until=None, now=NOON) == expected


def test_what_will_never_be_taken_is_not_tried_again() -> None:
    assert after_failure(1, for_good=True, until=None, now=NOON) is None


@pytest.mark.parametrize(("minutes", "again"), [(59, False), (60, True), (61, True)])
def test_nothing_is_tried_after_its_time(minutes: int, again: bool) -> None:
    found = after_failure(4, for_good=False, until=NOON + timedelta(minutes=minutes), now=NOON)
    assert (found is not None) is again
