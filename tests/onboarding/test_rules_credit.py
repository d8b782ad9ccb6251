"""When our credit line may be shared; decided by hand."""

from typing import Any

import pytest

from app.onboarding.rules import may_share

ASKED: dict[str, Any] = {"kind": "SHARED", "more": {"share_credit": True}}
NOT_ASKED: dict[str, Any] = {"kind": "SHARED"}


@pytest.mark.parametrize(
    ("way", "event", "is_paid", "by_hand", "may"),
    [
        ("popup", {}, False, False, True),
        ("popup", {}, True, False, True),
        ("by_hand", {}, False, False, True),
        ("adopted", ASKED, False, False, True),
        ("adopted", ASKED, True, False, False),
        ("adopted", NOT_ASKED, False, False, False),
        ("adopted", NOT_ASKED, True, False, False),
        ("adopted", NOT_ASKED, True, True, True),
    ],
)
def test_an_adopted_account_is_paid_for_only_where_staff_asked_and_nobody_pays(
    way: str, event: dict[str, Any], is_paid: bool, by_hand: bool, may: bool
) -> None:
    assert may_share(way, event, is_paid=is_paid, by_hand=by_hand) is may
