"""What pages, programs and commands show of the check."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.incidents.kinds import height
from app.kit.errors import NotFound
from app.numbers.models import Account, Number
from app.upkeep.check.acting import NOT_THERE
from app.upkeep.check.facts import FACTS, FactKind
from app.upkeep.check.models import AccountCheck, Fact
from app.upkeep.check.rules import DRIFT, OK

MOST = 200


@dataclass(frozen=True)
class FactView:
    """One fact, both values in words. `can` is repair, accept, or None where nobody of ours can do anything."""

    id: str
    account_id: str
    client_name: str
    kind: FactKind
    label: str
    ours: str
    metas: str
    verdict: str
    severity: str
    since: datetime
    seen_at: datetime
    says: tuple[str, ...]
    can: str | None
    repair: str | None
    was: str
    repaired_at: datetime | None
    repaired_by: str | None
    repair_trouble: str | None


@dataclass(frozen=True)
class AccountView:
    """One account with all its facts: what is wrong first."""

    account_id: str
    waba_id: str
    name: str
    client_id: str
    client_name: str
    is_gone: bool
    checked_at: datetime | None
    due_at: datetime | None
    trouble: str | None
    facts: tuple[FactView, ...]

    @property
    def drifts(self) -> tuple[FactView, ...]:
        return tuple(fact for fact in self.facts if fact.verdict == DRIFT)


@dataclass(frozen=True)
class Drifts:
    """Everything that is wrong anywhere: the worst first, at most `MOST`. `total` counts them all."""

    rows: tuple[FactView, ...]
    total: int
    accounts: int
    checked: int
    under_check: int


def list_drifts(session: Session, *, repairs: str | None = None) -> Drifts:
    """What is wrong now; with `repairs` (ours, staff, client) only what these put right."""
    found = session.execute(_facts().where(Fact.verdict == DRIFT)).all()
    views = [_view(*row) for row in found]
    chosen = [view for view in views if repairs is None or view.kind.repairs == repairs]
    chosen.sort(key=lambda view: (-height(view.severity), view.since))
    checks = Counter(
        checked_at is not None
        for checked_at in session.scalars(select(AccountCheck.checked_at).where(AccountCheck.due_at.is_not(None)))
    )
    return Drifts(
        tuple(chosen[:MOST]), len(chosen), len({view.account_id for view in chosen}), checks[True], checks.total()
    )


def read_account(session: Session, account_id: str) -> AccountView:
    """One account; raises `NotFound` where none of ours is under check by that key."""
    found = session.execute(
        select(Account, Client, AccountCheck)
        .join(Client, Client.id == Account.client_id)
        .join(AccountCheck, AccountCheck.account_id == Account.id)
        .where(Account.id == account_id)
    ).one_or_none()
    if found is None:
        raise NotFound(NOT_THERE)
    account, client, check = found
    views = [_view(*row) for row in session.execute(_facts().where(Fact.account_id == account_id))]
    order = list(FACTS)
    views.sort(key=lambda view: (view.verdict == OK, -height(view.severity), view.label, order.index(view.kind.name)))
    return AccountView(
        account_id,
        account.waba_id,
        account.name or account.waba_id,
        client.id,
        client.name,
        check.due_at is None,
        check.checked_at,
        check.due_at,
        check.trouble,
        tuple(views),
    )


def account_of(session: Session, client_id: str, waba_id: str | None) -> str | None:
    """Our key of an account that is under check, for whoever wants to lead there."""
    return session.scalar(
        select(Account.id)
        .join(AccountCheck, AccountCheck.account_id == Account.id)
        .where(Account.client_id == client_id, Account.waba_id == waba_id)
    )


def _facts() -> Any:
    return (
        select(Fact, Account, Client.name, Number)
        .join(Account, Account.id == Fact.account_id)
        .join(Client, Client.id == Account.client_id)
        .outerjoin(Number, Number.id == Fact.subject_id)
    )


def _view(row: Fact, account: Account, client_name: str, number: Number | None) -> FactView:
    kind = FACTS[row.name]
    button = {"ours": "repair", "staff": "accept"}.get(kind.repairs) if row.verdict == DRIFT else None
    return FactView(
        id=row.id,
        account_id=account.id,
        client_name=client_name,
        kind=kind,
        label="" if number is None else number.display_phone_number or number.phone_number_id,
        ours=_wanted(kind, row.ours),
        metas=shown(row.metas),
        verdict=row.verdict,
        severity=row.severity,
        since=row.since,
        seen_at=row.seen_at,
        says=tuple(row.says or ()),
        can=button if row.repair not in {"wanted", "begun"} else None,
        repair=row.repair,
        was=shown(row.was),
        repaired_at=row.repaired_at,
        repaired_by=row.repaired_by,
        repair_trouble=row.repair_trouble,
    )


def _wanted(kind: FactKind, ours: Any) -> str:
    """Our side in words: what we hold, or what would be right."""
    if kind.right == "words":
        return _either([*kind.good, *kind.waits])
    if kind.right == "none":
        return f"none of {', '.join(kind.bad)}"
    return shown(ours)


def _either(words: Sequence[str]) -> str:
    return " or ".join(words)


def shown(value: Any) -> str:
    """A value for people."""
    match value:
        case None:
            return "not told"
        case True:
            return "yes"
        case False:
            return "no"
        case "":
            return "none"
        case dict():
            return ", ".join(f"{count} {name}" for name, count in value.items()) or "none"
        case _:
            return str(value)
