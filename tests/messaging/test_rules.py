"""What receipts do to a message's state. The tables are written from the fact sheet, statuses section."""

from datetime import timedelta
from itertools import permutations

import pytest

from app.messaging import rules
from tests.messaging.samples import NOON


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("played", "read"),
        ("failed", "failed"),
        ("deleted", None),
        ("warning", None),
        ("", None),
        ("READ", None),
    ],
)
def test_a_status_of_metas_stands_for_a_state_of_ours(status: str, state: str | None) -> None:
    assert rules.state_told(status) == state


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        ("queued", "sent", "sent"),
        ("unknown", "sent", "sent"),
        ("accepted", "sent", "sent"),
        ("accepted", "read", "read"),
        ("queued", "failed", "failed"),
        ("sent", "sent", "sent"),
        ("sent", "delivered", "delivered"),
        ("sent", "read", "read"),
        ("sent", "failed", "failed"),
        ("delivered", "sent", "delivered"),
        ("delivered", "read", "read"),
        ("delivered", "failed", "delivered"),
        ("read", "sent", "read"),
        ("read", "delivered", "read"),
        ("read", "failed", "read"),
        ("failed", "sent", "failed"),
        ("failed", "failed", "failed"),
        ("failed", "delivered", "delivered"),
        ("failed", "read", "read"),
        ("refused", "failed", "refused"),
        ("refused", "delivered", "delivered"),
        ("a state to come", "sent", "sent"),
    ],
)
def test_a_message_only_climbs_and_failed_ends_it_unless_it_was_delivered(before: str, told: str, after: str) -> None:
    assert rules.after_receipt(before, told) == after


@pytest.mark.parametrize(
    ("told", "final"),
    [
        (("sent", "delivered", "read"), "read"),
        (("sent", "failed"), "failed"),
        (("sent", "failed", "delivered"), "delivered"),
        (("sent", "failed", "delivered", "read"), "read"),
    ],
)
def test_every_order_of_the_same_receipts_ends_the_same(told: tuple[str, ...], final: str) -> None:
    for order in permutations(told + told[:1]):
        state = "accepted"
        for each in order:
            state = rules.after_receipt(state, each)
        assert state == final


def test_of_repeated_receipts_the_earliest_time_counts() -> None:
    later = NOON + timedelta(seconds=5)
    assert rules.earlier(None, later) == later
    assert rules.earlier(later, NOON) == NOON
    assert rules.earlier(NOON, later) == NOON
