"""When a notification is looked at again. The table is written from the docstrings' promise."""

from datetime import timedelta

import pytest

from app.webhooks import rules
from tests.webhooks.samples import NOON


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 4), (3, 16), (4, 64), (5, 256), (6, 900), (7, 900)])
def test_each_failed_try_waits_four_times_as_long_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert rules.after_failure(failures, now=NOON) == NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize("failures", [8, 9, 100])
def test_after_eight_failed_tries_there_is_no_other(failures: int) -> None:
    assert rules.after_failure(failures, now=NOON) is None


@pytest.mark.parametrize(
    ("age", "wait"),
    [(0.0, 1.0), (0.4, 1.0), (1.0, 1.0), (2.0, 2.0), (30.0, 30.0), (119.9, 119.9), (-3600.0, 1.0)],
)
def test_an_early_receipt_waits_as_long_as_it_is_old(age: float, wait: float) -> None:
    now = NOON + timedelta(seconds=age)
    assert rules.after_hold(NOON, now=now) == now + timedelta(seconds=wait)


@pytest.mark.parametrize("age", [120.0, 121.0, 86_400.0])
def test_after_two_minutes_nobody_waits_for_a_message_any_more(age: float) -> None:
    assert rules.after_hold(NOON, now=NOON + timedelta(seconds=age)) is None
