from datetime import UTC, datetime, timedelta

import time_machine

from app.kit import clock


@time_machine.travel(datetime(2026, 11, 2, 12, 0, tzinfo=UTC), tick=False)
def test_now_is_aware_and_in_utc() -> None:
    assert clock.now() == datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_spans_are_measured_by_a_clock_that_never_goes_back() -> None:
    first = clock.monotonic()
    assert clock.monotonic() >= first
