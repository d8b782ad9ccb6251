"""What people do about drifts, without any call to Meta."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.audit.store import Actor
from app.db import Database
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.numbers.models import Account, Number
from app.upkeep.check.acting import check_now, repair
from app.upkeep.check.models import AccountCheck, Fact
from tests.factories.checks import add_checked, add_fact

ROBIN = Actor("staff", "robin")


def test_an_account_is_due_at_once_when_somebody_asks(db: Database) -> None:
    now = clock.now()
    account_id, _ = add_checked(db, at=now - timedelta(hours=2))
    with db.write() as session:
        check_now(session, account_id, actor=ROBIN, now=now)
    with db.read() as session:
        row = session.scalars(select(AccountCheck)).one()
        assert (row.due_at, row.asked_at) == (now, now)
        assert session.scalars(select(AuditEntry.action)).all() == ["account.check_asked"]
    with db.write() as session, pytest.raises(NotFound):
        check_now(session, "nobody", actor=ROBIN, now=now)


def test_what_is_ours_is_wanted_and_due_at_once(db: Database) -> None:
    now = clock.now()
    account_id, _ = add_checked(db, at=now - timedelta(hours=2))
    fact = add_fact(db, account_id, "subscription", False, ours=True, at=now, repair="refused", repair_trouble="no")
    with db.write() as session:
        assert repair(session, account_id, fact, actor=ROBIN, now=now) == "wanted"
    with db.read() as session:
        row = session.get_one(Fact, fact)
        assert (row.verdict, row.repair, row.repaired_by, row.repair_trouble) == (
            "drift",
            "wanted",
            "staff robin",
            None,
        )
        assert session.scalars(select(AccountCheck.due_at)).one() == now


@pytest.mark.parametrize("name", ["owner", "currency", "on_phone_app", "limit"])
def test_metas_value_becomes_ours_where_a_person_says_it_is_meant(db: Database, name: str) -> None:
    now = clock.now()
    account_id, number_id = add_checked(db, at=now - timedelta(hours=2))
    metas = {"owner": "2730", "currency": "EUR", "on_phone_app": True, "limit": "TIER_250"}[name]
    on_number = number_id if name == "on_phone_app" else None
    fact = add_fact(db, account_id, name, metas, ours="TIER_2K", number_id=on_number, at=now)
    with db.write() as session:
        assert repair(session, account_id, fact, actor=ROBIN, now=now) == "accepted"
    with db.read() as session:
        row = session.get_one(Fact, fact)
        account, number = session.get_one(Account, account_id), session.get_one(Number, number_id)
    assert (row.verdict, row.ours, row.was, row.repaired_by) == ("ok", metas, "TIER_2K", "staff robin")
    held = {"owner": account.business_id, "currency": account.currency, "on_phone_app": number.is_on_biz_app}
    assert held.get(name, metas) == metas


def test_what_only_others_can_put_right_and_what_is_right_is_refused(db: Database) -> None:
    now = clock.now()
    account_id, number_id = add_checked(db, at=now)
    quality = add_fact(db, account_id, "quality", "RED", number_id=number_id, at=now)
    right = add_fact(db, account_id, "subscription", True, ours=True, at=now, verdict="ok")
    for fact, code in ((quality, "not_ours_to_repair"), (right, "no_drift")):
        with db.write() as session, pytest.raises(Conflict) as refused:
            repair(session, account_id, fact, actor=ROBIN, now=now)
        assert refused.value.code == code
    with db.write() as session, pytest.raises(NotFound):
        repair(session, account_id, "nothing", actor=ROBIN, now=now)
