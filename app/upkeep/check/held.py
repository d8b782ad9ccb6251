"""What we hold of the accounts that are checked, read for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.credentials.models import Credential
from app.credentials.vault import OpenCredential, SealBroken, Vault
from app.incidents.book import Subject, account_subject
from app.numbers.models import Account, Number
from app.onboarding.models import Onboarding, Proof
from app.onboarding.reading.shelf import is_connected
from app.upkeep.check.facts import FACTS, NUMBER
from app.upkeep.check.models import AccountCheck, Fact
from app.upkeep.check.rules import ANYBODY
from config import Settings

Key = tuple[str, str]  # the subject's kind, and our own key of it


@dataclass(frozen=True)
class HeldNumber:
    """A number that is ours, as we have it."""

    id: str
    phone_number_id: str
    label: str
    is_on_biz_app: bool | None
    has_pin: bool


@dataclass(frozen=True)
class Held:
    """An account under check. `run_id` is its newest onboarding; `token` is the client's, None where there is none."""

    account_id: str
    client_id: str
    client_name: str
    waba_id: str
    name: str | None
    business_id: str | None
    currency: str | None
    country: str | None
    is_paused: bool
    run_id: str
    on_our_credit: bool
    funding_id: str | None
    numbers: tuple[HeldNumber, ...]
    token: OpenCredential | None = field(repr=False)
    facts: Mapping[tuple[str, str, str], Fact] = field(repr=False)
    checked_at: datetime | None = None
    failures: int = 0

    @property
    def subject(self) -> Subject:
        return account_subject(
            self.account_id, client=self.client_name, account=self.name or self.waba_id, client_id=self.client_id
        )

    def subject_of(self, number: HeldNumber) -> Subject:
        return Subject(NUMBER, number.id, f"{self.client_name} · {number.label}", self.client_id)

    def ours(self, name: str, key: Key, settings: Settings) -> Any:
        """Our value of a fact; None where we hold none yet, and Meta's first is taken as ours."""
        match name:
            case "subscription" | "system_user" | "number_listed" | "two_step":
                return True
            case "callback" | "number_callback":
                return settings.callback_url
            case "owner":
                return self.business_id
            case "currency":
                return self.currency
            case "credit":
                return (self.funding_id if self.on_our_credit and settings.meta_credit_line_id else None) or ANYBODY
            case "on_phone_app":
                return next(one.is_on_biz_app for one in self.numbers if one.id == key[1])
        row = self.facts.get((*key, name))
        return row.ours if row is not None and FACTS[name].right == "least" else None


def covered(session: Session, accounts: Sequence[Account]) -> dict[tuple[str, str], Onboarding]:
    """The newest connected run of each of these accounts that is still ours, by client and Meta's id."""
    wanted = {(account.client_id, account.waba_id) for account in accounts if account.ended_at is None}
    rows = session.scalars(
        select(Onboarding)
        .where(
            tuple_(Onboarding.client_id, Onboarding.waba_id).in_(wanted),
            Onboarding.ended_at.is_(None),
            is_connected(),
        )
        .order_by(Onboarding.id)
    )
    return {(row.client_id, str(row.waba_id)): row for row in rows}


def hold(session: Session, vault: Vault, keys: Sequence[str]) -> dict[str, Held]:
    """What we hold of these checks' accounts, by the check's key. An account that is no longer ours is left out."""
    found = session.execute(
        select(AccountCheck, Account, Client.name)
        .join(Account, Account.id == AccountCheck.account_id)
        .join(Client, Client.id == Account.client_id)
        .where(AccountCheck.id.in_(keys))
    ).all()
    runs = covered(session, [account for _, account, _ in found])
    ids = [account.id for _, account, _ in found]
    numbers, facts = _numbers(session, ids), _facts(session, ids)
    funding = _funding(session, [run.id for run in runs.values()])
    pins = _pins(session, [(account.client_id, one) for _, account, _ in found for one in numbers[account.id]])
    held = {}
    for check, account, client_name in found:
        run = runs.get((account.client_id, account.waba_id))
        if run is None:
            continue
        held[check.id] = Held(
            account_id=account.id,
            client_id=account.client_id,
            client_name=client_name,
            waba_id=account.waba_id,
            name=account.name,
            business_id=account.business_id or run.business_id,
            currency=account.currency,
            country=account.country,
            is_paused=account.paused_at is not None,
            run_id=run.id,
            on_our_credit=run.on_our_credit,
            funding_id=funding.get(run.id),
            numbers=tuple(
                HeldNumber(
                    one.id,
                    one.phone_number_id,
                    one.display_phone_number or one.phone_number_id,
                    one.is_on_biz_app,
                    (account.client_id, one.phone_number_id) in pins,
                )
                for one in numbers[account.id]
            ),
            token=_token(session, vault, account),
            facts=facts[account.id],
            checked_at=check.checked_at,
            failures=check.failures,
        )
    return held


def _token(session: Session, vault: Vault, account: Account) -> OpenCredential | None:
    try:
        return vault.open_current(session, kind="business_token", client_id=account.client_id, subject=account.waba_id)
    except SealBroken:
        # One row that cannot be opened must not keep the rest of the batch; the doctor names it.
        return None


def _numbers(session: Session, ids: Sequence[str]) -> dict[str, list[Number]]:
    rows: dict[str, list[Number]] = defaultdict(list)
    for row in session.scalars(
        select(Number).where(Number.account_id.in_(ids), Number.ended_at.is_(None)).order_by(Number.id)
    ):
        rows[row.account_id].append(row)
    return rows


def _facts(session: Session, ids: Sequence[str]) -> dict[str, dict[tuple[str, str, str], Fact]]:
    rows: dict[str, dict[tuple[str, str, str], Fact]] = defaultdict(dict)
    for row in session.scalars(select(Fact).where(Fact.account_id.in_(ids))):
        rows[str(row.account_id)][row.subject_kind, row.subject_id, row.name] = row
    return rows


def _funding(session: Session, run_ids: Sequence[str]) -> dict[str, str | None]:
    rows = session.scalars(select(Proof).where(Proof.onboarding_id.in_(run_ids), Proof.kind == "credit_attached"))
    return {row.onboarding_id: row.evidence.get("primary_funding_id") for row in rows}


def _pins(session: Session, wanted: Sequence[tuple[str, Number]]) -> set[tuple[str, str]]:
    scopes = [f"pin:{client_id}:{number.phone_number_id}" for client_id, number in wanted]
    rows = session.execute(select(Credential.client_id, Credential.subject).where(Credential.current_scope.in_(scopes)))
    return {(client_id, subject) for client_id, subject in rows if client_id is not None}
