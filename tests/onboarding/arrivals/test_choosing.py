"""Which accounts and numbers a signup brought, from what Meta shows; every expectation by hand."""

from datetime import UTC, datetime

import pytest

from app.meta.numbers import Number, WebhookConfiguration
from app.onboarding.arrivals.choosing import choose_accounts, choose_numbers

BEGUN = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def number(key: str, onboarded: str | None = None) -> Number:
    words = dict.fromkeys(
        ["display_phone_number", "verified_name", "status", "code_verification_status", "platform_type", "name_status"]
    )
    more = dict.fromkeys(["quality_rating", "throughput", "account_mode", "is_on_biz_app", "is_preverified_number"])
    hooks = WebhookConfiguration(None, None, None)
    return Number(id=key, last_onboarded_time=onboarded, webhook_configuration=hooks, **words, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "targets", "held", "wanted"),
    [
        (["1"], ["9", "1"], [], ["1"]),
        (["1", "2", "1"], None, [], ["1", "2"]),
        ([], ["3", "2", "1"], [], ["3", "2", "1"]),
        ([], ["3", "2", "1"], ["2"], ["3", "1"]),
        ([], ["3", "2"], ["3"], ["3", "2"]),
        ([], None, [], []),
        ([], [], [], []),
    ],
)
def test_accounts_are_those_the_window_named_else_the_tokens_newest_and_what_is_not_ours(
    told: list[str], targets: list[str] | None, held: list[str], wanted: list[str]
) -> None:
    assert choose_accounts(told, targets, held) == wanted


IN_THE_VISIT, LONG_AGO = "2026-11-02T11:30:00+0000", "2026-11-02T10:59:59+0000"


@pytest.mark.parametrize(
    ("numbers", "named", "held", "wanted"),
    [
        ([number("1"), number("2")], None, [], ["1"]),
        ([number("1"), number("2")], "2", [], ["2"]),
        ([number("1")], "7", [], []),
        ([], None, [], []),
        ([number("1"), number("2", IN_THE_VISIT)], "1", [], ["1", "2"]),
        ([number("1"), number("2", "2026-11-02T11:00:00+0000")], "1", [], ["1", "2"]),
        ([number("1"), number("2", LONG_AGO)], "1", [], ["1"]),
        ([number("1"), number("2", "yesterday")], "1", [], ["1"]),
        ([number("1"), number("2", IN_THE_VISIT)], "1", ["2"], ["1"]),
        ([number("1", LONG_AGO)], "1", ["1"], ["1"]),
    ],
)
def test_numbers_are_the_one_named_and_those_of_the_same_visit(
    numbers: list[Number], named: str | None, held: list[str], wanted: list[str]
) -> None:
    assert [one.id for one in choose_numbers(numbers, named, held, begun_at=BEGUN)] == wanted
