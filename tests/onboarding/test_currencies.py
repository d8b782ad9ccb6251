"""Which currency an account is billed in, written by hand from Meta's list."""

from datetime import date
from typing import Any

import pytest

from app.onboarding.currencies import CURRENCIES, NoCurrency, choose_currency

IN_TIME, TOO_LATE = date(2026, 12, 31), date(2027, 1, 1)


def test_the_list_is_metas() -> None:
    assert sorted(CURRENCIES) == ["AUD", "BRL", "EUR", "GBP", "IDR", "INR", "MXN", "USD"]
    countries = [country for row in CURRENCIES.values() for country in row.countries]
    assert len(countries) == len(set(countries))


@pytest.mark.parametrize(
    ("of_account", "country", "usual", "wanted"),
    [
        ("EUR", "US", "USD", "EUR"),
        ("USD", "DE", "EUR", "USD"),
        (None, "DE", "USD", "EUR"),
        (None, "GB", "USD", "GBP"),
        (None, "MX", "USD", "MXN"),
        (None, "ID", "USD", "IDR"),
        (None, "AU", "USD", "AUD"),
        (None, "IN", "USD", "INR"),
        (None, "JP", "USD", "USD"),
        (None, None, "EUR", "EUR"),
        # Meta offers it on approval only: the partner's setting says that it has been given.
        (None, "BR", "USD", "USD"),
        (None, "BR", "BRL", "BRL"),
        ("BRL", "BR", "USD", "BRL"),
        ("USD", "IN", "USD", "USD"),
    ],
)
def test_metas_word_comes_first_then_the_country_then_the_usual_one(
    of_account: str | None, country: str | None, usual: str, wanted: str
) -> None:
    assert choose_currency(of_account=of_account, country=country, usual=usual, today=IN_TIME) == wanted


@pytest.mark.parametrize("given", [{"of_account": "JPY", "usual": "USD"}, {"of_account": None, "usual": "JPY"}])
def test_a_currency_no_line_is_shared_in_is_told_before_any_call(given: dict[str, Any]) -> None:
    found = choose_currency(country="JP", today=IN_TIME, **given)
    assert found == NoCurrency("credit_currency_unknown", {"currency": "JPY"})


def test_indian_accounts_take_rupees_only_from_2027_on() -> None:
    assert choose_currency(of_account="USD", country="IN", usual="USD", today=IN_TIME) == "USD"
    assert choose_currency(of_account=None, country="IN", usual="USD", today=TOO_LATE) == "INR"
    assert choose_currency(of_account="USD", country="IN", usual="USD", today=TOO_LATE) == NoCurrency(
        "credit_currency_must_change",
        {"country": "IN", "wanted": "INR", "since": "1 January 2027", "currency": "USD"},
    )
