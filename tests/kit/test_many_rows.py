"""Many rows in one statement: what arrives is what SQLAlchemy itself would have written, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, insert, select, update

from app.audit.models import AuditEntry
from app.db import Database
from app.kit.many_rows import ManyRows

AT = datetime(2026, 3, 29, 1, 30, 0, 250, tzinfo=UTC)
KEYS = AuditEntry.__table__.columns.keys()
ADD = ManyRows(insert(AuditEntry.__table__), KEYS)
TELL = ManyRows(
    update(AuditEntry.__table__).where(AuditEntry.id == bindparam("key")).values(facts=bindparam("told")),
    ("key", "told"),
)
ROW = {
    "actor_kind": "system",
    "actor_id": None,
    "action": "looked",
    "subject_kind": "client",
    "subject_id": "one",
    "facts": {"much": ["of", 1, None, "ü"]},
}


def kept(db: Database) -> list[AuditEntry]:
    with db.read() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_moments_json_and_nothing_arrive_as_they_were(db: Database) -> None:
    with db.write() as session:
        ADD.write(session.connection(), [ROW | {"id": str(place), "at": AT} for place in range(3)])
    rows = kept(db)
    assert [row.id for row in rows] == ["0", "1", "2"]
    assert all((row.at, row.actor_id, row.facts) == (AT, None, ROW["facts"]) for row in rows)


def test_a_row_is_found_by_what_it_was_written_with(db: Database) -> None:
    """On SQLite a moment is a text: written otherwise than a query asks, it would be later or earlier than itself."""
    with db.write() as session:
        ADD.write(session.connection(), [ROW | {"id": "many", "at": AT}])
        session.add(AuditEntry(id="single", at=AT, **ROW))
    with db.read() as session:
        assert session.scalars(select(AuditEntry.id).where(AuditEntry.at == AT).order_by(AuditEntry.id)).all() == [
            "many",
            "single",
        ]


def test_each_row_is_changed_to_its_own(db: Database) -> None:
    with db.write() as session:
        ADD.write(session.connection(), [ROW | {"id": str(place), "at": AT} for place in range(3)])
        TELL.write(session.connection(), [{"key": "2", "told": {"is": 2}}, {"key": "0", "told": {"is": 0}}])
    assert [row.facts for row in kept(db)] == [{"is": 0}, ROW["facts"], {"is": 2}]


def test_no_rows_are_no_statement(db: Database) -> None:
    with db.write() as session:
        TELL.write(session.connection(), [])
    assert kept(db) == []


def test_a_row_without_one_of_its_keys_is_refused_and_nothing_is_written(db: Database) -> None:
    with db.write() as session, pytest.raises(KeyError, match="at"):
        ADD.write(session.connection(), [ROW | {"id": "0", "at": AT}, ROW | {"id": "1"}])
    assert kept(db) == []


def test_a_statement_that_has_other_places_is_refused(db: Database) -> None:
    wrong = ManyRows(insert(AuditEntry.__table__), ["action", "subject_id"])
    with db.write() as session, pytest.raises(ValueError, match="places without a key or keys without a place"):
        wrong.write(session.connection(), [{"action": "looked", "subject_id": "one"}])
