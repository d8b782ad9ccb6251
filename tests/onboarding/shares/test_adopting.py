"""What adopting would do, decided on facts alone. Expected steps are written by hand."""

import pytest

from app.meta.accounts import Account
from app.meta.numbers import Number, WebhookConfiguration
from app.onboarding.shares.adopting import Funding, Holder, Offer, plan_adoption, will_pay

FREE = None
HOOKS = WebhookConfiguration(None, None, None)


def number(key: str = "1065", status: str = "CONNECTED", code: str = "VERIFIED", *, on_app: bool = False) -> Number:
    platform = "CLOUD_API" if status == "CONNECTED" else "NOT_APPLICABLE"
    return Number(
        key, f"+1 555 010 {key}", "Example", status, code, platform, on_app, "APPROVED", "GREEN", None, "LIVE", None,
        False, HOOKS,
    )  # fmt: skip


def offer(
    *numbers: Number,
    subscribed: bool | None = False,
    funding: Funding = "nobody",
    holder: Holder | None = FREE,
) -> Offer:
    account = Account(
        "5241", "Example Bakery", "USD", "US", "1", "APPROVED", "verified", "CLIENT_OWNED", "2729", "Example Ltd", None
    )
    return Offer(account, numbers, False, subscribed, funding, holder)


def held(*numbers: str, state: str = "held") -> Holder:
    return Holder(state, "client-1", "Example Bakery", "onb_AAAA-BBBB", frozenset(numbers))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (offer(number()), "free"),
        (offer(number(), holder=held("1065")), "held"),
        (offer(holder=held()), "held"),
        (offer(number(), number("1066"), holder=held("1065")), "new_numbers"),
        (offer(number(), holder=held(state="under_way")), "under_way"),
        (offer(number(), holder=held(state="ended")), "returns"),
    ],
)
def test_there_is_something_to_adopt_where_nobody_has_it(seen: Offer, verdict: str) -> None:
    assert seen.verdict == verdict


def changes(seen: Offer, *, share_credit: bool = False, has_line: bool = True) -> list[tuple[str, bool]]:
    return [(step.step, step.changes) for step in plan_adoption(seen, share_credit=share_credit, has_line=has_line)]


def test_what_is_in_order_already_is_only_read() -> None:
    seen = offer(number(), subscribed=True, funding="ours")
    assert changes(seen) == [("fetch", False), ("subscribe", False), ("credit", False), ("confirm", False)]


def test_what_is_missing_is_done() -> None:
    seen = offer(number(status="PENDING"))
    assert changes(seen, share_credit=True) == [
        ("fetch", False),
        ("subscribe", True),
        ("credit", True),
        ("register", True),
    ]


def test_several_numbers_have_a_line_each_and_connected_ones_are_not_registered() -> None:
    seen = offer(number("1"), number("2", "PENDING"), number("3", "PENDING", "NOT_VERIFIED"), number("4", on_app=True))
    assert changes(seen)[3:] == [("confirm", False), ("register", True), ("verify", True), ("confirm", False)]


def test_an_account_without_a_number_is_taken_without_one() -> None:
    assert changes(offer())[-1] == ("register", False)


@pytest.mark.parametrize("holder", [held("1065"), held(state="under_way")])
def test_nothing_is_planned_for_what_somebody_has(holder: Holder) -> None:
    assert changes(offer(number(), holder=holder)) == []


@pytest.mark.parametrize(
    ("funding", "share", "has_line", "pays", "planned"),
    [
        ("nobody", True, True, True, [("credit", True)]),
        ("nobody", False, True, False, [("credit", False)]),
        ("ours", False, True, True, [("credit", False)]),
        ("ours", True, True, True, [("credit", False)]),
        ("other", True, True, False, [("credit", False)]),
        ("other", False, True, False, [("credit", False)]),
        ("unknown", True, True, True, [("credit", True)]),
        ("unknown", False, True, False, [("credit", False)]),
        ("nobody", True, False, False, []),
    ],
)
def test_our_line_is_shared_only_where_it_was_asked_for_and_nobody_pays(
    funding: Funding, share: bool, has_line: bool, pays: bool, planned: list[tuple[str, bool]]
) -> None:
    seen = offer(number(), funding=funding)
    assert will_pay(seen, share_credit=share, has_line=has_line) is pays
    steps = changes(seen, share_credit=share, has_line=has_line)
    assert [step for step in steps if step[0] == "credit"] == planned
