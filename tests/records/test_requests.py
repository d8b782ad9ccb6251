"""Meta's privacy callbacks, kept and settled."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.audit.store import SYSTEM
from app.db import Database
from app.incidents.models import Incident
from app.kit.errors import Conflict, InvalidInput, NotFound
from app.records.models import PrivacyRequest
from app.records.requests import RequestView, find_request, receive, settle_request

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
