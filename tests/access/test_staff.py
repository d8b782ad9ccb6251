import pytest

from app.access.models import Staff
from app.access.passwords import matches
from app.access.sessions import add_session, find_visitor
from app.access.staff import add_staff, disable_staff, get_by_email, list_staff, set_password
from app.audit.store import list_of
from app.db import Database
from app.kit.errors import Conflict, InvalidInput, NotFound
from app.kit.secret import Secret
from tests.access.conftest import NOON, RIGHT


def test_a_person_is_added_with_a_folded_address_and_a_hash(db: Database) -> None:
    with db.write() as session:
        staff = add_staff(session, " Sam@Partner.Example ", "Sam   Sample", Secret(RIGHT), NOON)
    assert (staff.email, staff.name, staff.created_at) == ("sam@partner.example", "Sam Sample", NOON)
    assert RIGHT not in staff.password_hash
    assert matches(staff.password_hash, Secret(RIGHT))
    with db.read() as session:
        assert [entry.action for entry in list_of(session, "staff", staff.id)] == ["staff.added"]


def test_every_broken_rule_is_named_at_once(db: Database) -> None:
    with pytest.raises(InvalidInput) as refused, db.write() as session:
        add_staff(session, "not an address", "  ", Secret("short"), NOON)
    assert {fault.field for fault in refused.value.faults} == {"email", "name", "password"}
    assert "short" not in str(refused.value).replace("shorter", "")


def test_an_address_is_taken_once_whatever_its_case(db: Database, robin: Staff) -> None:
    with pytest.raises(Conflict), db.write() as session:
        add_staff(session, "ROBIN@partner.example", "Another", Secret(RIGHT), NOON)


def test_a_new_password_signs_the_person_out_everywhere(db: Database, robin: Staff) -> None:
    with db.write() as session:
        _, secret = add_session(session, robin, address=None, user_agent=None, now=NOON)
    with db.write() as session:
        set_password(session, get_by_email(session, robin.email), Secret("seven-quiet-herons"), NOON)
    with db.read() as session:
        assert find_visitor(session, secret.reveal(), now=NOON) is None
        assert matches(get_by_email(session, robin.email).password_hash, Secret("seven-quiet-herons"))


def test_a_weak_new_password_changes_nothing(db: Database, robin: Staff) -> None:
    with pytest.raises(InvalidInput), db.write() as session:
        set_password(session, get_by_email(session, robin.email), Secret("robin"), NOON)
    with db.read() as session:
        assert get_by_email(session, robin.email).password_hash == robin.password_hash


def test_a_disabled_person_loses_open_sessions_at_once(db: Database, robin: Staff) -> None:
    with db.write() as session:
        _, secret = add_session(session, robin, address=None, user_agent=None, now=NOON)
    for _ in range(2):
        with db.write() as session:
            disable_staff(session, get_by_email(session, robin.email), NOON)
    with db.read() as session:
        assert find_visitor(session, secret.reveal(), now=NOON) is None
        assert [entry.action for entry in list_of(session, "staff", robin.id)].count("staff.disabled") == 1


def test_staff_are_listed_by_address_and_strangers_are_not_found(db: Database, robin: Staff) -> None:
    with db.write() as session:
        add_staff(session, "alex@partner.example", "Alex Example", Secret(RIGHT), NOON)
    with db.read() as session:
        assert [staff.email for staff in list_staff(session)] == ["alex@partner.example", "robin@partner.example"]
        with pytest.raises(NotFound):
            get_by_email(session, "nobody@partner.example")
