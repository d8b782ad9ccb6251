"""What happens to accounts reaches the onboardings of that account; the rest is named and set aside."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Database
from app.numbers.models import Account, Number
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding, Step
from app.onboarding.reading.progress import read_progress
from app.webhooks.envelope import changes_in
from app.webhooks.fields import account_update
from app.webhooks.hearing import Heard
from tests.webhooks.samples import NOON, PHONE, WABA, payload, wire


def handle(db: Database, name: str) -> Heard:
    with db.write() as session:
        return account_update.handle(session, changes_in(wire(payload(name))), NOON)


def partner_added(db: Database) -> object:
    with db.read() as session:
        return session.scalars(select(Step).where(Step.name == "exchange")).one().evidence.get("partner_added")


@pytest.mark.parametrize("name", ["partner_added", "partner_added_with_numbers_as_ids"])
def test_a_partner_added_is_noted_on_the_onboarding_of_its_account(db: Database, onboarding: str, name: str) -> None:
    assert handle(db, name) == Heard()
    noted = partner_added(db)
    assert isinstance(noted, dict)
    assert noted["at"] == datetime(2026, 9, 21, 14, 31, 51, tzinfo=UTC).isoformat()
    assert noted["business_id"] in {"2729063490586005", "27290634905860052729063490586005"}


def test_a_partner_added_before_any_signup_of_ours_is_harmless(db: Database) -> None:
    assert handle(db, "partner_added") == Heard()


def test_a_partner_added_without_an_account_is_set_aside(db: Database, onboarding: str) -> None:
    assert handle(db, "partner_added_without_account").set_aside == ("account_update PARTNER_ADDED without waba_id",)
    assert partner_added(db) is None


@pytest.mark.parametrize("name", ["account_restriction", "account_disabled"])
def test_what_meta_did_to_an_account_that_is_not_under_check_changes_nothing(
    db: Database, onboarding: str, name: str
) -> None:
    assert handle(db, name) == Heard()
    assert partner_added(db) is None


def state_of(db: Database, key: str) -> str:
    with db.read() as session:
        return read_progress(session, key).state


def tell(db: Database, *, entry_id: str, time: int, **value: Any) -> Heard:
    change = {"field": "account_update", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": entry_id, "time": time, "changes": [change]}]}
    with db.write() as session:
        return account_update.handle(session, changes_in(wire(body)), NOON)


AT = 1795176000  # 20 November 2026, 12:00:00 UTC
OURS = "35602282435505"


@pytest.fixture
def account(db: Database, onboarding: str) -> str:
    with db.write() as session:
        run = session.get_one(Onboarding, onboarding)
        row = Account(client_id=run.client_id, waba_id=WABA, shared_at=NOON, seen_at=NOON)
        session.add(row)
        session.flush()
        number = {"phone_number_id": PHONE, "display_phone_number": "+1 555-010-0170", "seen_at": NOON}
        session.add(Number(account_id=row.id, **number))
    return onboarding


@pytest.mark.parametrize(
    ("entry_id", "value", "state"),
    [
        (WABA, {"event": "ACCOUNT_OFFBOARDED"}, "paused"),
        (OURS, {"event": "PARTNER_REMOVED", "waba_info": {"waba_id": WABA}}, "removed"),
        (WABA, {"event": "PARTNER_REMOVED", "waba_info": {"waba_id": WABA}}, "removed"),
        (WABA, {"event": "PARTNER_REMOVED"}, "removed"),
        (WABA, {"event": "PARTNER_REMOVED", "phone_number": "15550100170"}, "removed"),
        (WABA, {"event": "PARTNER_REMOVED", "phone_number": 15550100170}, "removed"),
        (WABA, {"event": "PARTNER_REMOVED", "phone_number": "15550100171"}, "open"),
        (OURS, {"event": "PARTNER_REMOVED"}, "open"),
        (OURS, {"event": "PARTNER_APP_UNINSTALLED", "waba_info": {"waba_id": WABA}}, "removed"),
        (OURS, {"event": "ACCOUNT_OFFBOARDED"}, "open"),
        ("1" * 65, {"event": "ACCOUNT_OFFBOARDED"}, "open"),
        ("", {"event": "ACCOUNT_OFFBOARDED"}, "open"),
    ],
    ids=str,
)
def test_each_event_reaches_the_account_it_speaks_of(
    db: Database, account: str, entry_id: str, value: dict[str, Any], state: str
) -> None:
    tell(db, entry_id=entry_id, time=AT, **value)
    assert state_of(db, account) == state


def test_the_reason_of_an_end_is_kept_and_one_too_long_is_none(db: Database, account: str) -> None:
    info = {"reason": "CHANGE_NUMBER", "initiated_by": "USER" * 9}
    tell(db, entry_id=OURS, time=AT, event="PARTNER_REMOVED", waba_info={"waba_id": WABA}, disconnection_info=info)
    with db.read() as session:
        gone = read_progress(session, account).removal
    assert gone is not None
    assert (gone.because, gone.by, gone.at) == ("CHANGE_NUMBER", None, NOON)


def test_coming_back_rings_for_what_waited(db: Database, account: str) -> None:
    tell(db, entry_id=WABA, time=AT, event="ACCOUNT_OFFBOARDED")
    with db.write() as session:
        step = ledger.get_step(session, account, "test")
        step.state, step.waits_for = "waiting", "account_paused"
    assert tell(db, entry_id=WABA, time=AT + 5, event="ACCOUNT_RECONNECTED") == Heard(rings=frozenset({"onboardings"}))
    assert state_of(db, account) == "waiting"


def test_a_change_without_an_event_is_named_so(db: Database) -> None:
    (change,) = changes_in(wire(payload("partner_added")))
    with db.write() as session:
        heard = account_update.handle(session, [account_update.split(change)[0]] * 2, NOON)
        assert heard == Heard()
        change.value.clear()
        assert account_update.handle(session, [change], NOON).set_aside == ("account_update without event",)
