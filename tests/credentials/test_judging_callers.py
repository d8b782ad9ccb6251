"""Whoever calls Meta with a token that is dead, the token's own row hears of it, and the incident opens at once."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app.audit.store import SYSTEM
from app.credentials.partner import SUBJECT
from app.credentials.watches import DEAD, PARTNER
from app.kit import clock
from app.kit.errors import AppError
from app.kit.secret import Secret
from app.meta.errors import MetaError
from app.onboarding.ledger.partner import Partner
from app.onboarding.life.verification import request_code
from app.onboarding.models import UnclaimedAccount
from app.onboarding.shares import unclaimed
from app.onboarding.shares.shared_accounts import list_shared, look_at
from app.runtime import Runtime
from app.upkeep.check.asking import Asking
from app.upkeep.check.held import hold
from app.upkeep.check.jobs import Checks, make_rows
from app.upkeep.check.models import AccountCheck
from app.upkeep.doctor.examination import examine
from tests.conftest import Rings
from tests.upkeep.tokens.calendar import Calendar
from tests.upkeep.tokens.conftest import (
    calendar,
    journey,
    meta_world,
    new_walker,
    rt,
    traveller,
    walker,
    world_settings,
)

__all__ = ["calendar", "journey", "meta_world", "new_walker", "rt", "traveller", "walker", "world_settings"]


def shared_list(rt: Runtime, _waba_id: str) -> None:
    with pytest.raises(AppError):
        list_shared(rt)


def shared_one(rt: Runtime, waba_id: str) -> None:
    assert look_at(rt, [waba_id]) == {waba_id: "no_token"}


def unclaimed_names(rt: Runtime, waba_id: str) -> None:
    with rt.db.write() as session:
        row = UnclaimedAccount(waba_id=waba_id, kind="PARTNER_ADDED", told_at=clock.now(), seen_at=clock.now())
        session.add(row)
        session.flush()
        key = row.id
    assert unclaimed.ask_names(rt, key).account_name is None


def doctor(rt: Runtime, _waba_id: str) -> None:
    examine(rt, now=clock.now())


def role(rt: Runtime, _waba_id: str) -> None:
    with pytest.raises(MetaError):
        Partner(rt).role(rt.meta)


def daily_check(rt: Runtime, _waba_id: str) -> None:
    make_rows(rt)
    with rt.db.write() as session:
        session.execute(update(AccountCheck).values(due_at=clock.now()))
    checks = Checks(rt)
    checks.take("worker-1")
    checks.close()


CALLERS = [shared_list, shared_one, unclaimed_names, doctor, role, daily_check]


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.__name__)
def test_our_own_dead_token_is_heard_of_by_whichever_call_meets_it(
    calendar: Calendar, rings: Rings, caller: Callable[[Runtime, str], None]
) -> None:
    run = calendar.connect()
    calendar.rt.partner_token()
    calendar.look()
    calendar.world.change("tokens", user_id=calendar.world.partner.admin_user_id, revoked_subcode=467)
    rings.rung.clear()
    caller(calendar.rt, str(run.waba_id))
    assert (calendar.watch(None).state, calendar.watch(None).suspected) == (DEAD, "190/467")
    assert "tokens" in rings.rung
    calendar.look()
    assert calendar.incidents() == [("partner_token_dead", "critical", "", True)]


def test_a_code_asked_for_with_a_dead_token_stops_what_is_sent_for_its_client_alone(calendar: Calendar) -> None:
    other = calendar.connect()
    key, _ = calendar.journey.connect("unverified", token_ttl="60d")
    calendar.look()
    run = calendar.onboarding(key)
    calendar.refuse(exchange=True, fetch=True)
    calendar.world.change("tokens", account_id=run.waba_id, revoked_subcode=460)
    with pytest.raises(AppError):
        request_code(calendar.rt, key, method="SMS", actor=SYSTEM)
    assert calendar.watch(run.waba_id).state == DEAD
    assert calendar.account(run).token_dead_at is not None
    assert calendar.watch(other.waba_id).state == "waiting"
    calendar.look()
    assert [one[:2] for one in calendar.incidents()] == [("token_dead", "urgent")]


def test_the_check_asks_with_the_token_in_use_and_not_with_the_setting_that_seeded_it(calendar: Calendar) -> None:
    calendar.connect()
    calendar.rt.partner_token()
    newer = Secret(calendar.world.partner.employee_token)
    with calendar.rt.db.write() as session:
        calendar.rt.vault.seal(session, kind=PARTNER, client_id=None, subject=SUBJECT, secret=newer, now=clock.now())
    calendar.rt.partner.forget()
    make_rows(calendar.rt)
    with calendar.rt.db.read() as session:
        held = hold(session, calendar.rt.vault, session.scalars(select(AccountCheck.id)).all())
    (one,) = held.values()
    asking = Asking(calendar.rt.meta, calendar.rt.settings, Partner(calendar.rt), replace(one, token=None))
    assert (asking.system_token, asking.token) == (newer, newer)
