"""A client that was live is handed out and erased; its neighbour loses nothing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.store import SYSTEM
from app.clients.models import Client
from app.db import Database
from app.incidents.book import Problem, Subject, report
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, NotFound
from app.numbers.models import Account
from app.records.client_data import erase_client, export_client, read_held
from app.records.holdings import HOLDINGS
from app.records.models import PrivacyRequest
from app.runtime import Runtime
from app.webhooks import inbox
from app.webhooks.models import Notification
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]

OURS = {"credentials": 1, "token_watches": 1}
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def count_all(db: Database) -> dict[str, int]:
    with db.read() as session:
        return {
            holding.table.__tablename__: session.scalar(select(func.count()).select_from(holding.table)) or 0
            for holding in HOLDINGS
        }


def erase(session: Session, client_id: str, *, reason: str = "They asked.", also_live: bool = True) -> dict[str, int]:
    return erase_client(
        session,
        client_id,
        reason=reason,
        also_live=also_live,
        forget_notifications=inbox.forget,
        actor=SYSTEM,
        now=clock.now(),
    ).rows


@pytest.fixture
def two(journey: Journey) -> tuple[str, str]:
    """Two clients that are connected, by their ids, each with an incident and with a notification of its account."""
    found = []
    for _ in range(2):
        key, _ = journey.connect()
        progress = journey.progress(key)
        with journey.db.write() as session:
            row = session.scalars(select(Account).where(Account.waba_id == progress.waba_id)).one()
            subject = Subject("account", row.id, "An example", row.client_id)
            report(session, subject, Problem("credit_missing", ["none"]), now=NOON)
            body = {"object": "whatsapp_business_account", "entry": [{"id": row.waba_id, "changes": []}]}
            inbox.keep(session, json.dumps(body, separators=(",", ":")).encode(), now=NOON)
            session.query(Notification).update({"due_at": None})
            found.append(row.client_id)
    return found[0], found[1]


def test_one_of_two_is_erased_to_the_last_row_and_the_other_keeps_every_one(
    journey: Journey, two: tuple[str, str]
) -> None:
    before = count_all(journey.db)
    with journey.db.write() as session:
        gone = erase(session, two[0])
    after = count_all(journey.db)
    assert gone["notifications"] == 1
    for name, count in before.items():
        # Our own token stands among those of the clients, and stays.
        ours = OURS.get(name, 0)
        expected = count + 1 if name == "privacy_requests" else (count - ours) // 2 + ours
        assert after[name] == expected, name
    for name in [
        "clients",
        "links",
        "onboardings",
        "steps",
        "step_calls",
        "proofs",
        "accounts",
        "numbers",
        "credentials",
        "incidents",
    ]:
        assert before[name] > 0, name
    with journey.db.read() as session:
        assert session.get(Client, two[1]) is not None
        with_other = export_names(session, two[1])
    assert with_other >= {"onboardings", "credentials", "accounts"}


def export(session: Session, client_id: str, *, reason: str = "They asked.") -> dict[str, Any]:
    given = {"reason": reason, "partner": "Example Partner", "actor": SYSTEM, "now": clock.now()}
    return export_client(session, client_id, **given)  # type: ignore[arg-type]


def export_names(session: Session, client_id: str) -> set[str]:
    told = export(session, client_id)
    session.rollback()
    return {name for name, rows in told["tables"].items() if rows}


def test_the_record_of_an_erasure_says_how_much_why_and_names_no_one(journey: Journey, two: tuple[str, str]) -> None:
    with journey.db.write() as session:
        erase(session, two[0], reason="They asked  for it.")
    with journey.db.read() as session:
        row = session.scalars(select(PrivacyRequest)).one()
        deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "client.erased")).one()
    assert (row.kind, row.state, row.reason, row.client_id) == ("erasure", "done", "They asked for it.", two[0])
    assert row.facts["rows"]["clients"] == 1
    assert "Example" not in json.dumps(row.facts)
    assert deed.facts == {"code": row.code}


def test_what_is_handed_out_is_whole_and_holds_no_secret(journey: Journey, two: tuple[str, str]) -> None:
    with journey.db.write() as session:
        told = export(session, two[0])
    text = json.dumps(told)
    assert told["client"] == "Example Bakery"
    (client,) = told["tables"]["clients"]
    assert client["id"] == two[0]
    assert two[1] not in text
    for word in ("sealed_secret", "sealed_data_key", "token_hash", "secret_hash", "state_hash"):
        assert word not in text
    assert all(row["client_id"] == two[0] for row in told["tables"]["credentials"])
    with journey.db.read() as session:
        assert session.scalars(select(PrivacyRequest.kind)).all() == ["export"]


def test_a_client_that_is_still_with_us_is_erased_only_when_that_is_said(
    journey: Journey, two: tuple[str, str]
) -> None:
    with journey.db.write() as session, pytest.raises(Conflict):
        erase(session, two[0], also_live=False)
    with journey.db.write() as session:
        session.query(Account).update({"ended_at": NOON})
    with journey.db.write() as session:
        assert erase(session, two[0], also_live=False)["clients"] == 1


@pytest.mark.parametrize("reason", ["", " ", "x" * 501])
def test_nothing_is_erased_without_a_reason(db: Database, rt: Runtime, reason: str) -> None:
    with db.write() as session, pytest.raises(InvalidInput):
        erase(session, "nobody", reason=reason)


def test_nobody_is_not_found(db: Database, rt: Runtime) -> None:
    with db.write() as session, pytest.raises(NotFound):
        erase(session, "nobody")
    with db.write() as session, pytest.raises(NotFound):
        export(session, "nobody")


@pytest.mark.parametrize("reason", ["", " ", "x" * 501])
def test_nothing_is_handed_out_without_a_reason(db: Database, rt: Runtime, reason: str) -> None:
    with db.write() as session, pytest.raises(InvalidInput):
        export(session, "nobody", reason=reason)


def test_a_consent_is_handed_out_with_the_words_that_were_shown(journey: Journey, two: tuple[str, str]) -> None:
    with journey.db.write() as session:
        told = export(session, two[0])
    (consent,) = told["consents"]
    (row,) = told["tables"]["consents"]
    assert (consent["id"], consent["terms_version"]) == (row["id"], "2026-11-01")
    assert "Example Partner" in " ".join(consent["clauses"])


def test_what_goes_and_what_stays_is_counted_beforehand_as_it_then_happens(
    journey: Journey, two: tuple[str, str]
) -> None:
    with journey.db.write() as session:
        export(session, two[0])
    with journey.db.read() as session:
        held = read_held(session, two[0])
        assert dict(held.goes)["client and contact"] == 1
        assert (held.stays, held.is_live) == ((("requests about data", 1),), True)
    with journey.db.write() as session:
        rows = erase(session, two[0])
    assert sum(count for _, count in held.goes) == sum(rows.values()) - rows["notifications"]


@pytest.mark.parametrize(("named", "erased"), [("example bakery", False), ("", False), (" Example  Bakery ", True)])
def test_a_typed_name_must_be_the_clients(journey: Journey, two: tuple[str, str], named: str, erased: bool) -> None:
    def try_it() -> None:
        with journey.db.write() as session:
            given = {"reason": "They asked.", "also_live": True, "forget_notifications": inbox.forget}
            erase_client(session, two[0], named=named, actor=SYSTEM, now=clock.now(), **given)  # type: ignore[arg-type]

    if erased:
        try_it()
    else:
        with pytest.raises(InvalidInput):
            try_it()
    with journey.db.read() as session:
        assert (session.get(Client, two[0]) is None) == erased
