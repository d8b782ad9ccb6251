"""Which currency an account is billed in; the table is `currencies.toml`, written by hand.

Meta's word for the account comes first, then the client's country, then the partner's usual currency. Changing it later
means that Meta clones the account, so what cannot be right is told before anything is sent.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True)
class Currency:
    """One row of the table."""

    countries: frozenset[str]
    approval: bool = False
    only_from: date | None = None


@dataclass(frozen=True)
class NoCurrency:
    """No currency can be right: a finding of the catalogue with its facts."""

    finding: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def _read() -> dict[str, Currency]:
    table = tomllib.loads((Path(__file__).parent / "currencies.toml").read_text(encoding="utf-8"))
    return {
        code: Currency(frozenset(row["countries"]), row.get("approval", False), row.get("only_from"))
        for code, row in table.items()
    }


CURRENCIES: Final = _read()


def choose_currency(*, of_account: str | None, country: str | None, usual: str, today: date) -> str | NoCurrency:
    """The currency to share the line in. `of_account`: Meta's word for the account; `usual`: the partner's setting."""
    local = next((code for code, row in CURRENCIES.items() if country in row.countries), None)
    wanted = of_account or _of_country(local, usual)
    if wanted not in CURRENCIES:
        return NoCurrency("credit_currency_unknown", {"currency": wanted})
    since = CURRENCIES[local].only_from if local is not None else None
    if since is not None and today >= since and wanted != local:
        facts = {"country": country, "wanted": local, "since": f"{since.day} {since:%B %Y}", "currency": wanted}
        return NoCurrency("credit_currency_must_change", facts)
    return wanted


def _of_country(local: str | None, usual: str) -> str:
    if local is None or (CURRENCIES[local].approval and usual != local):
        return usual
    return local
