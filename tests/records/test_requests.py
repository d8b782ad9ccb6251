"""Meta's privacy callbacks, kept and settled."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.audit.store import SYSTEM
from app.db import Database
from app.incidents.models import Incident
from app.kit.errors import Conflict, InvalidInput, NotFound
from app.records.models import PrivacyRequest
from app.records.requests import (
    RequestView,
    count_open,
    find_request,
    list_requests,
    match_request,
    read_request,
    receive,
    settle_request,
)
from app.runtime import Runtime
from tests.factories.onboardings import add_onboarding

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def ask(db: Database, kind: str = "deletion", user_id: str = "218471", now: datetime = NOON) -> RequestView:
    with db.write() as session:
        return receive(session, kind, user_id=user_id, issued_at=NOON, now=now)  # type: ignore[arg-type]


def settle(db: Database, code: str, *, refused: bool = False, reason: str = "We erased your contact.") -> RequestView:
    with db.write() as session:
        return settle_request(session, code, refused=refused, reason=reason, actor=SYSTEM, now=NOON + timedelta(1))


def incidents(db: Database) -> list[datetime | None]:
    with db.read() as session:
        return list(session.scalars(select(Incident.closed_at)))


def test_a_deletion_is_open_for_thirty_days_and_somebody_must_know(db: Database) -> None:
    asked = ask(db)
    assert (asked.state, asked.due_by) == ("open", NOON + timedelta(days=30))
    assert incidents(db) == [None]


def test_the_same_person_asking_again_has_one_request_until_it_is_settled(db: Database) -> None:
    first = ask(db)
    assert ask(db, now=NOON + timedelta(hours=1)).code == first.code
    assert ask(db, user_id="99").code != first.code
    settle(db, first.code)
    assert ask(db, now=NOON + timedelta(days=2)).code != first.code


def test_the_id_of_the_person_is_kept_as_a_digest_only(db: Database) -> None:
    ask(db)
    with db.read() as session:
        row = session.scalars(select(PrivacyRequest)).one()
    assert "218471" not in str(vars(row))


@pytest.mark.parametrize(("refused", "state"), [(False, "done"), (True, "refused")])
def test_what_was_done_or_why_not_is_told_and_the_incident_closes(db: Database, refused: bool, state: str) -> None:
    code = ask(db).code
    settle(db, code, refused=refused, reason=" The law  asks us to keep it. ")
    with db.read() as session:
        found = find_request(session, code)
    assert found is not None
    assert (found.state, found.reason) == (state, "The law asks us to keep it.")
    assert incidents(db) == [NOON + timedelta(1)]
    with pytest.raises(Conflict):
        settle(db, code)


def test_a_deauthorisation_is_kept_and_asks_nothing(db: Database) -> None:
    asked = ask(db, "deauthorize")
    assert (asked.state, asked.due_by) == ("done", None)
    assert incidents(db) == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_without_words_for_the_person_nothing_is_settled(db: Database, reason: str) -> None:
    code = ask(db).code
    with pytest.raises(InvalidInput):
        settle(db, code, reason=reason)
    assert incidents(db) == [None]


def test_what_nobody_asked_is_not_there(db: Database) -> None:
    with pytest.raises(NotFound):
        settle(db, "AAAABBBBCCCCDDDD")


def test_a_request_is_matched_with_a_client_until_it_is_settled(db: Database, rt: Runtime) -> None:
    run, other = add_onboarding(rt, "Example Bakery"), add_onboarding(rt, "Example Florist")
    code = ask(db).code
    for client_id in (other.client_id, run.client_id, run.client_id):
        with db.write() as session:
            match_request(session, code, client_id, actor=SYSTEM, now=NOON)
    with db.write() as session, pytest.raises(NotFound):
        match_request(session, code, "nobody", actor=SYSTEM, now=NOON)
    with db.read() as session:
        row = read_request(session, code)
        assert (row.client_name, row.by, row.settled_by, count_open(session)) == ("Example Bakery", "Meta", None, 1)
        deeds = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "privacy.matched")).all()
    assert len(deeds) == 2
    settle(db, code)
    with db.write() as session, pytest.raises(Conflict):
        match_request(session, code, other.client_id, actor=SYSTEM, now=NOON)
    with db.read() as session:
        assert read_request(session, code).settled_by == "the command line"
        assert (count_open(session), list_requests(session, only_open=True)) == (0, [])
        assert [one.code for one in list_requests(session)] == [code]


def test_what_nobody_asked_cannot_be_read(db: Database) -> None:
    with db.read() as session, pytest.raises(NotFound):
        read_request(session, "AAAABBBBCCCCDDDD")
