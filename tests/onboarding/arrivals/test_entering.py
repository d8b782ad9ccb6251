"""What a token entered by hand is good for; expected words are written by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from app.meta.oauth import Inspection, TokenFault
from app.onboarding.arrivals.entering import account_fault, number_faults, token_faults, token_warnings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BOTH = frozenset({"whatsapp_business_management", "whatsapp_business_messaging"})


def token(
    *,
    valid: bool = True,
    app_id: str = "100",
    kind: str | None = "SYSTEM_USER",
    scopes: frozenset[str] = BOTH,
    targets: tuple[str, ...] | None = ("5241",),
    ends: timedelta | None = None,
    error: TokenFault | None = None,
) -> Inspection:
    reached = dict.fromkeys(scopes, targets) | {"business_management": ("2729",)}
    return Inspection(valid, app_id, kind, scopes, reached, NOW + ends if ends is not None else None, None, None, error)


def rules(found: Inspection) -> list[str]:
    return [f"{fault.field} {fault.rule}" for fault in token_faults(found, app_id="100", now=NOW)]


@pytest.mark.parametrize("found", [token(), token(ends=timedelta(days=60)), token(targets=None), token(kind=None)])
def test_a_good_token_is_taken(found: Inspection) -> None:
    assert rules(found) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            token(valid=False, error=TokenFault(190, 463)),
            "token is not valid: it is expired, revoked, or was not copied whole (Meta’s answer: 190/463)",
        ),
        (token(valid=False), "token is not valid: it is expired, revoked, or was not copied whole"),
        (
            token(valid=False, error=TokenFault(190, None)),
            "token is not valid: it is expired, revoked, or was not copied whole (Meta’s answer: 190)",
        ),
        (
            token(kind="USER"),
            "token is a person’s token, which ends with that person’s session; "
            "make one for a system user in Business settings",
        ),
        (
            token(kind="APP"),
            "token is an app’s own token, which reaches no account; make one for a system user in Business settings",
        ),
        (token(app_id="200"), "token was made for another Meta app than ours"),
        (
            token(scopes=frozenset({"whatsapp_business_management"})),
            "token lacks the permission whatsapp_business_messaging",
        ),
        (
            token(ends=timedelta(hours=23, minutes=59)),
            "token ends within a day; make one that does not end, or lasts 60 days",
        ),
    ],
)
def test_a_token_that_would_break_later_is_refused_now(found: Inspection, said: str) -> None:
    assert rules(found) == [said]


def test_a_token_with_a_day_left_is_taken() -> None:
    assert rules(token(ends=timedelta(days=1))) == []


def test_every_fault_is_told_at_once() -> None:
    assert len(rules(token(app_id="200", scopes=frozenset(), ends=timedelta(0)))) == 3


def test_an_end_and_a_wide_reach_are_worth_a_warning() -> None:
    assert token_warnings(token(), now=NOW) == ()
    assert token_warnings(token(ends=timedelta(days=60)), now=NOW) == (
        "This token ends in 60 days. A new one must be entered before then, or the client goes dark.",
    )
    assert token_warnings(token(targets=None), now=NOW) == (
        "This token reaches every account of its portfolio, not this one alone.",
    )


@pytest.mark.parametrize(
    ("account_id", "is_number", "is_portfolio", "said"),
    [
        ("2729", False, False, "is the id of a business portfolio; the account’s own id stands in WhatsApp Manager"),
        ("2730", False, True, "is the id of a business portfolio; the account’s own id stands in WhatsApp Manager"),
        ("1065", True, False, "is the id of a phone number; the account’s own id stands above it in WhatsApp Manager"),
        ("9999", False, False, "is not among the accounts this token reaches (5241)"),
    ],
)
def test_a_wrong_id_is_told_by_what_it_is(account_id: str, is_number: bool, is_portfolio: bool, said: str) -> None:
    fault = account_fault(token(), account_id, is_number=is_number, is_portfolio=is_portfolio)
    assert (fault.field, fault.rule) == ("account_id", said)


@pytest.mark.parametrize(
    ("number_id", "said"),
    [
        (None, []),
        ("1065", []),
        ("5241", ["is the id of the account, not of a number in it"]),
        ("2729", ["is the id of the business portfolio, not of a number"]),
        ("7", ["is not a number of this account (it has 1065, 1066)"]),
    ],
)
def test_a_number_must_be_of_the_account(number_id: str | None, said: list[str]) -> None:
    faults = number_faults(number_id, waba_id="5241", business_id="2729", numbers=["1066", "1065"])
    assert [fault.rule for fault in faults] == said
