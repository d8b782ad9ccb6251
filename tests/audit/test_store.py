from datetime import UTC, datetime, timedelta

import pytest

from app.audit.store import SYSTEM, Actor, add_entry, find_newest, list_of
from app.db import Database

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_a_deed_is_kept_with_who_when_and_what(db: Database) -> None:
    with db.write() as session:
        add_entry(session, Actor("staff", "s-1"), "test.waived", "onboarding", "o-1", now=NOON, reason="no phone")
    with db.read() as session:
        (entry,) = list_of(session, "onboarding", "o-1")
    assert (entry.actor_kind, entry.actor_id, entry.action, entry.at) == ("staff", "s-1", "test.waived", NOON)
    assert entry.facts == {"reason": "no phone"}


def test_the_newest_deed_comes_first_and_others_subjects_do_not(db: Database) -> None:
    with db.write() as session:
        for minutes, action in ((0, "first"), (2, "third"), (1, "second"), (2, "fourth")):
            add_entry(session, SYSTEM, action, "link", "l-1", now=NOON + timedelta(minutes=minutes))
            session.flush()
        add_entry(session, SYSTEM, "other", "link", "l-2", now=NOON)
        add_entry(session, SYSTEM, "other", "client", "l-1", now=NOON)
    with db.read() as session:
        assert [entry.action for entry in list_of(session, "link", "l-1")] == ["fourth", "third", "second", "first"]


def test_the_newest_deed_of_a_kind_is_found(db: Database) -> None:
    with db.write() as session:
        for minutes, action in ((0, "checked"), (2, "checked"), (1, "checked"), (3, "mended")):
            add_entry(session, SYSTEM, action, "setup", "meta", now=NOON + timedelta(minutes=minutes))
        add_entry(session, SYSTEM, "checked", "setup", "other", now=NOON + timedelta(hours=1))
    with db.read() as session:
        newest = find_newest(session, "setup", "meta", "checked")
        assert newest is not None
        assert newest.at == NOON + timedelta(minutes=2)
        assert find_newest(session, "setup", "meta", "ended") is None


def test_neither_deed_nor_entry_is_kept_without_the_other(db: Database) -> None:
    def fail() -> None:
        with db.write() as session:
            add_entry(session, SYSTEM, "link.created", "link", "l-1", now=NOON)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()
    with db.read() as session:
        assert list_of(session, "link", "l-1") == []


def test_the_system_acts_without_a_name() -> None:
    assert (SYSTEM.kind, SYSTEM.id) == ("system", None)
