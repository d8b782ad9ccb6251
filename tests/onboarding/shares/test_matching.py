"""Whose a shared account is: the rules by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from app.onboarding.shares.matching import Opening, choose_opening

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
BAKERY = Opening("run-bakery", "bakery", NOON - timedelta(minutes=5), frozenset({"1001"}))
SHOES = Opening("run-shoes", "shoes", NOON - timedelta(minutes=4))
FLOWERS = Opening("run-flowers", "flowers", NOON - timedelta(minutes=3))
OLD_BAKERY = Opening("run-old", "bakery", NOON - timedelta(days=3), frozenset({"1001"}))
RIVAL = Opening("run-rival", "rival", NOON - timedelta(minutes=2), frozenset({"1001"}))
LATE = Opening("run-late", "late", NOON - timedelta(minutes=61))
ON_THE_HOUR = Opening("run-hour", "hour", NOON - timedelta(minutes=60))
LATER = Opening("run-later", "later", NOON + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("business", "openings", "held", "others", "whose"),
    [
        # By the portfolio, whoever else waits, whoever is in the window, whoever has the account.
        ("1001", [BAKERY], False, False, "run-bakery"),
        ("1001", [BAKERY, SHOES], True, True, "run-bakery"),
        ("1001", [OLD_BAKERY], False, True, "run-old"),
        ("1001", [OLD_BAKERY, BAKERY], False, False, "run-bakery"),
        # Two clients of one portfolio: nobody guesses.
        ("1001", [BAKERY, RIVAL], False, False, None),
        # By being the only one.
        ("2002", [SHOES], False, False, "run-shoes"),
        (None, [SHOES], False, False, "run-shoes"),
        ("2002", [ON_THE_HOUR], False, False, "run-hour"),
        # Not the only one, or perhaps not.
        ("2002", [SHOES, FLOWERS], False, False, None),
        ("2002", [SHOES, BAKERY], False, False, None),
        ("2002", [SHOES], False, True, None),
        ("2002", [SHOES], True, False, None),
        # Known by another portfolio than the one that shared.
        ("2002", [BAKERY], False, False, None),
        (None, [BAKERY], False, False, None),
        # Too long ago, or opened only after the share was told.
        ("2002", [LATE], False, False, None),
        ("2002", [LATE, SHOES], False, False, "run-shoes"),
        ("2002", [LATER], False, False, None),
        ("2002", [], False, False, None),
    ],
)
def test_an_account_is_joined_only_where_it_is_certain(
    business: str | None, openings: list[Opening], held: bool, others: bool, whose: str | None
) -> None:
    assert choose_opening(business, openings, held=held, others=others, seen_at=NOON) == whose
