"""What the tests of lost answers share: an answer that is lost, and time in which everybody looks again and again."""

from datetime import timedelta

import time_machine

from tests.onboarding.journey import Journey

LOST = {"drop": "before"}


def look(journey: Journey) -> None:
    """Every time that is waited for comes at once, so that only the clock keeps anybody from asking."""
    journey.hurry()
    journey.walker.take("w")


def wait(journey: Journey, now: time_machine.Traveller, seconds: int) -> None:
    """So many seconds, with a look after every fifth of them."""
    for _ in range(5):
        now.shift(timedelta(seconds=seconds / 5))
        look(journey)
