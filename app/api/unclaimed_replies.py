"""What the API says of unclaimed accounts."""

from datetime import datetime
from typing import Any

from app.api.link_replies import Shown, example
from app.onboarding.shares.unclaimed import Unclaimed

ROW: dict[str, Any] = {
    "id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b777",
    "waba_id": "524126980791429",
    "business_id": "2729063490586005",
    "kind": "PARTNER_ADDED",
    "solution_id": None,
    "told_at": "2026-11-20T12:00:00Z",
    "account_name": "Example Bakery",
    "owner_name": "Example Bakery Ltd",
    "suggestions": [
        {
            "client_id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b001",
            "client_name": "Example Bakery",
            "onboarding": "onb_7Q2F-4KDM",
            "why": "waits on Meta’s own page",
        }
    ],
}


class SuggestionReply(Shown):
    """A client it may belong to; `onboarding` where one waits on Meta's own page."""

    client_id: str
    client_name: str
    onboarding: str | None
    why: str


class UnclaimedReply(Shown):
    """An account somebody must decide about. Names are Meta's, and null until somebody has asked for them."""

    model_config = example(ROW)

    id: str
    waba_id: str
    business_id: str | None
    kind: str
    solution_id: str | None
    told_at: datetime
    account_name: str | None
    owner_name: str | None
    suggestions: list[SuggestionReply]


class UnclaimedListReply(Shown):
    """Accounts somebody must decide about, newest first."""

    model_config = example({"unclaimed": [ROW]})

    unclaimed: list[UnclaimedReply]


class BegunReply(Shown):
    """The onboarding that carries the account on."""

    model_config = example({"onboarding": "onb_7Q2F-4KDM"})

    onboarding: str


def told(row: Unclaimed) -> dict[str, Any]:
    """An entry in the words of `UnclaimedReply`."""
    names = ("id", "waba_id", "business_id", "kind", "solution_id", "told_at", "account_name", "owner_name")
    suggestions = [
        {"client_id": one.client_id, "client_name": one.client_name, "onboarding": one.onboarding, "why": one.why}
        for one in row.suggestions
    ]
    return {name: getattr(row, name) for name in names} | {"suggestions": suggestions}
