"""What happens to accounts: PARTNER_ADDED reaches its onboarding, the rest is named and set aside."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.db import Database
from app.onboarding.models import Step
from app.webhooks.envelope import changes_in
from app.webhooks.fields import account_update
from app.webhooks.hearing import Heard
from tests.webhooks.samples import NOON, payload, wire


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


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("partner_removed_by_inactivity", "PARTNER_REMOVED"),
        ("account_restriction", "ACCOUNT_RESTRICTION"),
        ("account_disabled", "DISABLED_UPDATE"),
        ("account_offboarded", "ACCOUNT_OFFBOARDED"),
    ],
)
def test_other_events_are_named_and_change_nothing(db: Database, onboarding: str, name: str, event: str) -> None:
    assert handle(db, name) == Heard(set_aside=(f"account_update {event}",))
    assert partner_added(db) is None


def test_a_change_without_an_event_is_named_so(db: Database) -> None:
    (change,) = changes_in(wire(payload("partner_added")))
    with db.write() as session:
        heard = account_update.handle(session, [account_update.split(change)[0]] * 2, NOON)
        assert heard == Heard()
        change.value.clear()
        assert account_update.handle(session, [change], NOON).set_aside == ("account_update without event",)
