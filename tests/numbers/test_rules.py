"""What the events of an account come to, whatever their order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from app.numbers.rules import Event, Standing, concerns, digits_of, end_of, standing_of

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def at(minutes: float, **more: str) -> Event:
    moment = NOON + timedelta(minutes=minutes)
    return Event(moment, moment + timedelta(seconds=2), **more)


BEGUN = NOON - timedelta(days=1)


@pytest.mark.parametrize(
    ("events", "paused"),
    [
        ({}, None),
        ({"offboarded": at(0)}, NOON),
        ({"offboarded": at(0), "reconnected": at(5)}, None),
        ({"offboarded": at(5), "reconnected": at(0)}, NOON + timedelta(minutes=5)),
        ({"offboarded": at(0), "reconnected": at(0)}, None),
        ({"reconnected": at(0)}, None),
    ],
)
def test_the_newer_of_off_and_back_counts(events: dict[str, Event], paused: datetime | None) -> None:
    assert standing_of(events, BEGUN) == Standing(paused_at=paused)


def test_an_end_is_final_whatever_came_before_or_after() -> None:
    told = [("offboarded", at(0)), ("reconnected", at(9)), ("removed", at(5, because="CHANGE_NUMBER", by="USER"))]
    for order in permutations(told):
        assert standing_of(dict(order), BEGUN) == Standing(
            ended_at=NOON + timedelta(minutes=5), ended_because="CHANGE_NUMBER", ended_by="USER"
        )


def test_of_two_words_for_one_end_the_one_with_a_reason_is_told() -> None:
    events = {"removed": at(0, because="PRIMARY_INACTIVITY", by="SYSTEM"), "uninstalled": at(1)}
    assert standing_of(events, BEGUN).ended_because == "PRIMARY_INACTIVITY"


@pytest.mark.parametrize("kind", ["offboarded", "removed", "uninstalled"])
def test_what_happened_before_a_signup_says_nothing_of_it(kind: str) -> None:
    assert standing_of({kind: at(0)}, NOON + timedelta(minutes=1)) == Standing()
    assert standing_of({kind: at(0)}, None) != Standing()


def test_within_one_second_our_own_order_decides() -> None:
    """Meta's time has no fractions: 12:00:00 may be before or after 12:00:00.4."""
    begun = NOON + timedelta(milliseconds=400)
    assert concerns(Event(NOON, NOON + timedelta(milliseconds=700)), begun)
    assert not concerns(Event(NOON, NOON + timedelta(milliseconds=200)), begun)


def test_an_event_of_a_clock_that_is_ahead_says_nothing_of_a_signup_that_began_after_it_was_heard() -> None:
    ahead = Event(NOON + timedelta(hours=1), NOON)
    assert concerns(ahead, NOON - timedelta(seconds=1))
    assert not concerns(ahead, NOON + timedelta(seconds=1))


def test_the_end_of_one_number_is_no_end_of_its_neighbours() -> None:
    events = {"15550100170": {"removed": at(0)}}
    assert end_of(events, "15550100170", BEGUN) == Standing(ended_at=NOON)
    assert end_of(events, "15550100171", BEGUN) is None
    assert end_of(events, "", BEGUN) is None


def test_the_end_of_an_account_is_that_of_all_its_numbers() -> None:
    assert end_of({"": {"removed": at(0)}}, "15550100170", BEGUN) == Standing(ended_at=NOON)


@pytest.mark.parametrize(
    ("written", "digits"),
    [("+1 555-010-0170", "15550100170"), ("15550100170", "15550100170"), ("", ""), (None, ""), ("٣", "")],
)
def test_a_number_is_its_digits_however_it_is_written(written: str | None, digits: str) -> None:
    assert digits_of(written) == digits
