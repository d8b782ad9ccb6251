from datetime import UTC, datetime, timedelta

import pytest

from app.access.rules import is_worth_noting, password_faults, session_is_over

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def rules_broken_by(password: str) -> list[str]:
    faults = password_faults(password, email="robin.sample@partner.example", name="Robin Sample")
    assert {fault.field for fault in faults} <= {"password"}
    return [fault.rule for fault in faults]


@pytest.mark.parametrize(
    "password",
    ["coral-harbour-lamp-42", "vier blaue Enten", "Zx8#qLw0!pT4", "ünïcödé-pässphräsé", "12 geese, 34 ducks"],
)
def test_long_and_unusual_passwords_may_be_used(password: str) -> None:
    assert rules_broken_by(password) == []


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("short-9-char"[:11], "needs at least 12 characters"),
        ("x1" * 129, "may have at most 256 characters"),
        ("ababababababab", "needs at least 5 different characters"),
        ("robin-went-home-42", "must not hold your name or e-mail address"),
        ("my SAMPLE sentence", "must not hold your name or e-mail address"),
        ("partner.example-4-me", "must not hold your name or e-mail address"),
        ("Password1234!", "is one of the passwords that are tried first"),
        ("!!QWERTYUIOP123", "is one of the passwords that are tried first"),
        ("294857130495871", "must not be digits and signs alone"),
    ],
)
def test_each_weak_password_is_refused_with_its_reason(password: str, rule: str) -> None:
    assert rule in rules_broken_by(password)


def test_exactly_twelve_characters_are_enough() -> None:
    assert rules_broken_by("kd83nd-lq0xm") == []


def test_exactly_256_characters_are_allowed_and_one_more_is_not() -> None:
    longest = "coral-harbour-42" * 16
    assert rules_broken_by(longest) == []
    assert rules_broken_by(longest + "x") == ["may have at most 256 characters"]


def test_five_different_characters_are_enough_and_four_are_not() -> None:
    assert rules_broken_by("kq-7w" * 3) == []
    assert rules_broken_by("kq-7" * 3) == ["needs at least 5 different characters"]


def test_short_words_of_a_name_do_not_spoil_good_passwords() -> None:
    assert password_faults("analog-banana-77", email="an@partner.example", name="Ana Li") == ()


@pytest.mark.parametrize(
    ("password", "email", "name"),
    [
        ("sample-goes-home-42", "robin.sample@partner.example", "Kim"),
        ("robin goes home 42", "rs@partner.example", "Robin Sample"),
        ("anna-goes-home-42", "al@partner.example", "Anna Li"),
        ("we meet at partner.example", "kim@partner.example", "Kim"),
    ],
)
def test_every_word_of_four_letters_that_says_who_it_is_spoils_a_password(password: str, email: str, name: str) -> None:
    faults = [fault.rule for fault in password_faults(password, email=email, name=name)]
    assert faults == ["must not hold your name or e-mail address"]


def test_a_part_of_the_mail_hosts_name_spoils_no_password() -> None:
    assert rules_broken_by("example-of-a-duck-7") == []


def over(*, seen: timedelta = timedelta(), made: timedelta = timedelta(), revoked: bool = False) -> bool:
    expires_at = NOON - made + timedelta(days=7)
    revoked_at = NOON if revoked else None
    return session_is_over(seen_at=NOON - seen, expires_at=expires_at, revoked_at=revoked_at, now=NOON)


def test_a_session_lives_while_it_is_used() -> None:
    assert not over(seen=timedelta(hours=11, minutes=59), made=timedelta(days=6, hours=23))


def test_a_session_ends_after_twelve_idle_hours() -> None:
    assert over(seen=timedelta(hours=12))


def test_a_session_ends_after_seven_days_even_when_used() -> None:
    assert over(made=timedelta(days=7))


def test_a_revoked_session_is_over_at_once() -> None:
    assert over(revoked=True)


@pytest.mark.parametrize(("seconds", "worth"), [(0, False), (59, False), (60, True), (3600, True)])
def test_last_use_is_written_once_a_minute(seconds: int, worth: bool) -> None:
    assert is_worth_noting(NOON - timedelta(seconds=seconds), NOON) is worth


def test_a_first_use_is_always_written() -> None:
    assert is_worth_noting(None, NOON)
