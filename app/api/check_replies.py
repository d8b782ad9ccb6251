"""What the API says of the daily check."""

from datetime import datetime
from typing import Any, Literal

from app.api.link_replies import Shown, example
from app.upkeep.check.reading import AccountView, Drifts, FactView

FACT: dict[str, Any] = {
    "id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b101",
    "account_id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b100",
    "client": "Example Bakery",
    "name": "quality",
    "title": "Quality",
    "number": "+55 11 3000-0000",
    "ours": "GREEN or UNKNOWN or NA",
    "metas": "RED",
    "verdict": "drift",
    "severity": "urgent",
    "since": "2026-11-20T12:00:00Z",
    "seen_at": "2026-11-21T04:11:00Z",
    "says": [],
    "means": "People block or report what this number sends.",
    "do": "Look at what was sent last, and send less of it.",
    "repairs": "client",
    "can": None,
    "repair": None,
    "repaired_at": None,
    "repair_trouble": None,
}


class FactReply(Shown):
    """One fact: what we hold, what Meta says, since when. `can` names what the repair door does with it."""

    model_config = example(FACT)

    id: str
    account_id: str
    client: str
    name: str
    title: str
    number: str | None
    ours: str
    metas: str
    verdict: Literal["ok", "drift", "unknown"]
    severity: str
    since: datetime
    seen_at: datetime
    says: list[str]
    means: str
    do: str
    repairs: str
    can: Literal["repair", "accept"] | None
    repair: str | None
    repaired_at: datetime | None
    repair_trouble: str | None


class DriftsReply(Shown):
    """What is wrong now, the worst first, at most 200 of `total`; and how many accounts have been compared."""

    model_config = example({"drifts": [FACT], "total": 1, "accounts": 1, "checked": 12, "under_check": 12})

    drifts: list[FactReply]
    total: int
    accounts: int
    checked: int
    under_check: int


class AccountCheckReply(Shown):
    """One account with all its facts, what is wrong first."""

    model_config = example(
        {
            "account_id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b100",
            "waba_id": "524126980791429",
            "client_id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b001",
            "checked_at": "2026-11-21T04:11:00Z",
            "due_at": "2026-11-22T04:11:00Z",
            "trouble": None,
            "facts": [FACT],
        }
    )

    account_id: str
    waba_id: str
    client_id: str
    checked_at: datetime | None
    due_at: datetime | None
    trouble: str | None
    facts: list[FactReply]


class RepairReply(Shown):
    """What became of the wish: wanted (a worker does it now) or accepted (Meta's value is ours)."""

    model_config = example({"repair": "wanted"})

    repair: Literal["wanted", "accepted"]


def told_fact(fact: FactView) -> FactReply:
    """A fact in the words of the API."""
    names = ("id", "account_id", "ours", "metas", "severity", "since", "seen_at", "repair", "repaired_at")
    return FactReply(
        **{name: getattr(fact, name) for name in names},
        client=fact.client_name,
        name=fact.kind.name,
        title=fact.kind.title,
        number=fact.label or None,
        verdict=fact.verdict,  # type: ignore[arg-type]  # a word of the check's rules
        says=list(fact.says),
        means=fact.kind.wrong,
        do=fact.kind.do,
        repairs=fact.kind.repairs,
        can=fact.can,  # type: ignore[arg-type]  # one of the two, as the reader gives them
        repair_trouble=fact.repair_trouble,
    )


def told_drifts(drifts: Drifts) -> DriftsReply:
    """All drifts in the words of the API."""
    return DriftsReply(
        drifts=[told_fact(fact) for fact in drifts.rows],
        total=drifts.total,
        accounts=drifts.accounts,
        checked=drifts.checked,
        under_check=drifts.under_check,
    )


def told_account(account: AccountView) -> AccountCheckReply:
    """An account in the words of the API."""
    names = ("account_id", "waba_id", "client_id", "checked_at", "due_at", "trouble")
    return AccountCheckReply(
        **{name: getattr(account, name) for name in names}, facts=[told_fact(fact) for fact in account.facts]
    )
