"""Whose is an account that Meta says was shared with us? Decisions on facts; no session, no call, no clock.

A signup on Meta's own page names nobody: `PARTNER_ADDED` brings an account and its portfolio, and that is all. Either
the portfolio tells whose it is, or only one client can have done it; otherwise nobody guesses, and staff decide.
docs/decisions/0018-whose-is-a-shared-account.md says why.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

# How long an opening that names no portfolio may be taken for the source of a share: a signup takes minutes.
FRESH: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Opening:
    """Somebody went to Meta's own page and nothing has come of it yet.

    `portfolios` are those the client is known by: pre-filled in the link, or seen with an earlier account.
    """

    onboarding_id: str
    client_id: str
    opened_at: datetime
    portfolios: frozenset[str] = field(default_factory=frozenset)


def choose_opening(
    business_id: str | None, openings: Collection[Opening], *, held: bool, others: bool, seen_at: datetime
) -> str | None:
    """The onboarding a shared account belongs to, or None where that is not certain.

    `business_id`: the account's portfolio; `held`: a run of ours has the account already; `others`: somebody is in
    Meta's window, or has just been, and the account may be theirs; `seen_at`: when we first heard of the share.
    """
    named = [opening for opening in openings if business_id is not None and business_id in opening.portfolios]
    if named:
        if len({opening.client_id for opening in named}) > 1:
            return None
        return max(named, key=lambda opening: opening.opened_at).onboarding_id
    if held or others:
        return None
    fresh = [one for one in openings if timedelta(0) <= seen_at - one.opened_at <= FRESH]
    if len(fresh) != 1 or fresh[0].portfolios:
        return None
    return fresh[0].onboarding_id
