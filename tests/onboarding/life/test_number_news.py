"""News of numbers and accounts: what waits for them looks at once, the rest is kept or named."""

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Database
from app.numbers.models import Account, Number
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding
from app.webhooks.envelope import changes_in
from app.webhooks.fields import (
    account_review_update,
    business_capability_update,
    phone_number_name_update,
    phone_number_quality_update,
    security,
)
from app.webhooks.hearing import Heard
from tests.webhooks.conftest import onboarding
from tests.webhooks.fields.test_account_update import AT, account
from tests.webhooks.samples import NOON, WABA, wire

__all__ = ["account", "onboarding"]

RINGS = Heard(rings=frozenset({"onboardings"}))
SHOWN = "15550100170"


def tell(db: Database, field: ModuleType, value: dict[str, Any], *, at: int = AT, entry_id: str = WABA) -> Heard:
    change = {"field": field.FIELD, "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": entry_id, "time": at, "changes": [change]}]}
    with db.write() as session:
        heard = field.handle(session, changes_in(wire(body)), NOON)
        assert isinstance(heard, Heard)
        return heard


def lay(db: Database, key: str, name: str, state: str, *, waits: str | None = None, trouble: str | None = None) -> None:
    with db.write() as session:
        step = ledger.get_step(session, key, name)
        step.state, step.waits_for = state, waits
        step.trouble = {"key": trouble} if trouble else None
        step.next_try_at = NOON + timedelta(hours=1) if state == "waiting" else None


def look(db: Database, key: str, name: str) -> tuple[str, bool, bool]:
    """The step's state, whether its next look is now, and whether the onboarding is due."""
    with db.read() as session:
        step = ledger.get_step(session, key, name)
        return step.state, step.next_try_at == NOON, session.get_one(Onboarding, key).due_at == NOON


@pytest.mark.parametrize("decision", ["APPROVED", "REJECTED"])
def test_a_decision_about_the_name_is_looked_at_at_once(db: Database, account: str, decision: str) -> None:
    lay(db, account, "register", "waiting", waits="name_review")
    assert tell(db, phone_number_name_update, {"display_phone_number": SHOWN, "decision": decision}) == RINGS
    assert look(db, account, "register") == ("waiting", True, True)
    with db.read() as session:
        status = session.scalars(select(Number)).one().name_status
    assert status == {"APPROVED": "APPROVED", "REJECTED": "DECLINED"}[decision]


def test_a_name_that_was_declined_and_is_approved_now_is_looked_at(db: Database, account: str) -> None:
    lay(db, account, "register", "needs_client", trouble="name_declined")
    assert (
        tell(db, phone_number_name_update, {"display_phone_number": "+1 555 010 0170", "decision": "APPROVED"}) == RINGS
    )
    assert look(db, account, "register") == ("not_started", False, True)


@pytest.mark.parametrize(
    ("value", "entry_id"),
    [
        ({"display_phone_number": "15550100171", "decision": "APPROVED"}, WABA),
        ({"display_phone_number": SHOWN, "decision": "APPROVED"}, "1"),
        ({"display_phone_number": "none", "decision": "APPROVED"}, WABA),
    ],
)
def test_news_of_another_number_move_nothing(db: Database, account: str, value: dict[str, Any], entry_id: str) -> None:
    lay(db, account, "register", "waiting", waits="name_review")
    assert tell(db, phone_number_name_update, value, entry_id=entry_id) == Heard()
    assert look(db, account, "register") == ("waiting", False, False)


def test_a_name_news_older_than_what_was_read_changes_no_status(db: Database, account: str) -> None:
    tell(db, phone_number_name_update, {"display_phone_number": SHOWN, "decision": "APPROVED"}, at=AT - 60)
    with db.read() as session:
        assert session.scalars(select(Number)).one().name_status is None


def test_an_onboarded_number_is_looked_at_at_once(db: Database, account: str) -> None:
    lay(db, account, "register", "waiting", waits="number_connected")
    assert tell(db, phone_number_quality_update, {"display_phone_number": SHOWN, "event": "ONBOARDING"}) == RINGS
    assert look(db, account, "register") == ("waiting", True, True)


def test_another_event_of_a_number_is_named(db: Database, account: str) -> None:
    value = {"display_phone_number": SHOWN, "event": "THROUGHPUT_UPGRADE"}
    heard = tell(db, phone_number_quality_update, value)
    assert heard.set_aside == ("phone_number_quality_update THROUGHPUT_UPGRADE",)


@pytest.mark.parametrize("event", ["PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"])
def test_news_of_the_pin_are_a_note_beside_the_step_that_waits_for_it(db: Database, account: str, event: str) -> None:
    lay(db, account, "register", "needs_client", trouble="pin_mismatch")
    assert tell(db, security, {"display_phone_number": SHOWN, "event": event, "requester": "61555"}) == Heard()
    with db.read() as session:
        evidence = ledger.get_step(session, account, "register").evidence
    assert evidence["pin_news"] == {"event": event, "at": "2026-11-20T12:00:00+00:00"}
    assert look(db, account, "register") == ("needs_client", False, False)


def test_older_news_of_the_pin_replace_no_newer_ones(db: Database, account: str) -> None:
    lay(db, account, "register", "needs_client", trouble="pin_mismatch")
    tell(db, security, {"display_phone_number": SHOWN, "event": "PIN_CHANGED"})
    tell(db, security, {"display_phone_number": SHOWN, "event": "PIN_RESET_REQUEST"}, at=AT - 60)
    with db.read() as session:
        assert ledger.get_step(session, account, "register").evidence["pin_news"]["event"] == "PIN_CHANGED"


@pytest.mark.parametrize(("state", "trouble"), [("done", None), ("refused", "registered_too_often")])
def test_news_of_a_pin_that_nobody_waits_for_leave_no_note(
    db: Database, account: str, state: str, trouble: str | None
) -> None:
    lay(db, account, "register", state, trouble=trouble)
    tell(db, security, {"display_phone_number": SHOWN, "event": "PIN_CHANGED"})
    with db.read() as session:
        assert "pin_news" not in ledger.get_step(session, account, "register").evidence


def test_the_newest_word_about_an_account_is_kept(db: Database, account: str) -> None:
    tell(db, account_review_update, {"decision": "APPROVED"})
    tell(db, account_review_update, {"decision": "PENDING"}, at=AT - 60)
    limits = {"max_daily_conversations_per_business": "TIER_2K", "max_phone_numbers_per_business": 2}
    tell(db, business_capability_update, limits)
    with db.read() as session:
        told = session.scalars(select(Account)).one().told
    at = "2026-11-20T12:00:00+00:00"
    assert told == {
        "account_review_update": {"decision": "APPROVED", "at": at},
        "business_capability_update": {
            "max_daily_conversations_per_business": "TIER_2K",
            "max_phone_numbers_per_business": "2",
            "at": at,
        },
    }


@pytest.mark.parametrize(
    ("field", "named"),
    [
        (phone_number_name_update, "phone_number_name_update without number or decision"),
        (phone_number_quality_update, "phone_number_quality_update without event"),
        (security, "security without event"),
        (account_review_update, "account_review_update without decision"),
        (business_capability_update, "business_capability_update without limits"),
    ],
)
def test_what_says_nothing_is_named(db: Database, account: str, field: ModuleType, named: str) -> None:
    assert tell(db, field, {}).set_aside == (named,)
