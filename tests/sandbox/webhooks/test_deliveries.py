"""When a delivery is tried again."""

import pytest

from sandbox.webhooks.deliveries import plan_retry

DAY = 24 * 3600


@pytest.mark.parametrize(("attempts", "wait"), [(1, 1), (2, 5), (3, 30), (4, 120), (9, 14400), (30, 14400)])
def test_retries_come_less_and_less_often(attempts: int, wait: int) -> None:
    assert plan_retry(attempts, since=1000.0, now=1010.0) == 1010.0 + wait


def test_nobody_tries_after_seven_days() -> None:
    assert plan_retry(20, since=0.0, now=7 * DAY - 14400) == 7 * DAY
    assert plan_retry(20, since=0.0, now=7 * DAY - 14399) is None
