"""Which numbers of an account come aboard; expectations by hand."""

from datetime import UTC, datetime

import pytest

from app.meta.numbers import Number, WebhookConfiguration
from app.onboarding.arrivals.choosing import choose_numbers

BEGUN = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG_AGO = "2025-01-01T00:00:00+0000"


def number(key: str, onboarded: str = LONG_AGO) -> Number:
    hooks = WebhookConfiguration(None, None, None)
    return Number(
        key, None, None, "CONNECTED", "VERIFIED", "CLOUD_API", None, None, None, None, None, onboarded, None, hooks
    )


LISTED = [number("3"), number("2"), number("1")]


@pytest.mark.parametrize(
    ("named", "held", "chosen"),
    [
        (None, set(), ["3", "2", "1"]),
        (None, {"3"}, ["2", "1"]),
        (None, {"1", "2", "3"}, ["3"]),
        ("2", set(), ["2"]),
        ("2", {"2"}, ["2"]),
        ("9", set(), []),
    ],
)
def test_of_an_account_of_long_standing_every_number_comes_or_the_one_that_was_named(
    named: str | None, held: set[str], chosen: list[str]
) -> None:
    found = choose_numbers(LISTED, named, held, begun_at=BEGUN, whole=True)
    assert [one.id for one in found] == chosen


def test_of_an_account_without_numbers_none_comes() -> None:
    assert choose_numbers([], None, set(), begun_at=BEGUN, whole=True) == []


def test_a_signup_brings_the_newest_and_what_came_in_the_same_visit() -> None:
    numbers = [number("3"), number("2", "2026-11-20T11:30:00+0000"), number("1")]
    assert [one.id for one in choose_numbers(numbers, None, set(), begun_at=BEGUN)] == ["3", "2"]
