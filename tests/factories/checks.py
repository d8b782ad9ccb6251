"""An account under check, with facts, as rows."""

from datetime import datetime, timedelta
from typing import Any

from app.clients.models import Client
from app.db import Database
from app.kit.ids import new_id, new_reference
from app.numbers.models import Account, Number
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding, Proof
from app.upkeep.check.models import AccountCheck, Fact
from tests.factories.links import CONNECTED

WABA, PHONE, BUSINESS = "524126980791429", "106540352242922", "2729063490586005"


def add_checked(
    db: Database, name: str = "Example Bakery", *, at: datetime, waba_id: str = WABA, connected: bool = True
) -> tuple[str, str]:
    """A connected client's account that was checked at a time; our keys of the account and of its number."""
    with db.write() as session:
        client = Client(id=new_id(), name=name, created_at=at)
        session.add(client)
        session.flush()
        account = Account(
            id=new_id(),
            client_id=client.id,
            waba_id=waba_id,
            business_id=BUSINESS,
            currency="USD",
            name=name,
            seen_at=at,
        )
        run = Onboarding(
            id=new_id(),
            reference=new_reference("onb"),
            client_id=client.id,
            plan="standard",
            waba_id=waba_id,
            phone_number_id=PHONE,
            test_word="K7QX",
            begun_at=at,
        )
        session.add_all([account, run])
        session.flush()
        ledger.lay_steps(session, run)
        number = Number(
            id=new_id(),
            account_id=account.id,
            phone_number_id=PHONE,
            display_phone_number="+55 11 3000-0000",
            is_on_biz_app=False,
            seen_at=at,
        )
        session.add(number)
        for kind in CONNECTED if connected else ():
            session.add(Proof(onboarding_id=run.id, kind=kind, seen_at=at))
        session.add(AccountCheck(account_id=account.id, checked_at=at, due_at=at + timedelta(days=1)))
        return account.id, number.id


def add_fact(
    db: Database,
    account_id: str,
    name: str,
    metas: Any,
    *,
    at: datetime,
    ours: Any = None,
    number_id: str | None = None,
    verdict: str = "drift",
    severity: str = "warning",
    **more: Any,
) -> str:
    """One fact; its key."""
    with db.write() as session:
        row = Fact(
            id=new_id(),
            account_id=account_id,
            subject_kind="number" if number_id else "account",
            subject_id=number_id or account_id,
            name=name,
            ours=ours,
            metas=metas,
            verdict=verdict,
            severity=severity,
            since=at,
            seen_at=at,
            **{"says": [], "was": None, **more},
        )
        session.add(row)
        return row.id
