from datetime import datetime, timedelta

from sqlalchemy import select

from app.access.models import Staff, StaffSession
from app.access.sessions import add_session, find_visitor, list_addresses, revoke_all, sign_out, touch
from app.audit.store import list_of
from app.db import Database
from app.kit.secret import Secret
from tests.access.conftest import NOON


def opened(db: Database, staff: Staff, *, address: str = "203.0.113.7", now: datetime = NOON) -> Secret:
    with db.write() as session:
        return add_session(session, staff, address=address, user_agent="x" * 900, now=now)[1]


def test_a_session_is_found_by_its_secret_only(db: Database, robin: Staff) -> None:
    secret = opened(db, robin)
    with db.read() as session:
        visitor = find_visitor(session, secret.reveal(), now=NOON)
        assert visitor is not None
        assert (visitor.staff_id, visitor.name, visitor.email) == (robin.id, "Robin Example", "robin@partner.example")
        assert find_visitor(session, secret.reveal() + "x", now=NOON) is None
        assert find_visitor(session, visitor.session_id, now=NOON) is None


def test_the_secret_is_not_in_the_table(db: Database, robin: Staff) -> None:
    secret = opened(db, robin)
    with db.read() as session:
        row = session.scalars(select(StaffSession)).one()
        assert len(row.secret_hash) == 64
        assert secret.reveal() not in str(vars(row))
        assert len(row.user_agent or "") == 300


def test_two_sign_ins_have_two_secrets(db: Database, robin: Staff) -> None:
    assert opened(db, robin) != opened(db, robin)


def test_use_keeps_a_session_alive_until_its_seventh_day(db: Database, robin: Staff) -> None:
    secret = opened(db, robin)
    now = NOON
    for _ in range(15):
        now += timedelta(hours=11)
        with db.write() as session:
            visitor = find_visitor(session, secret.reveal(), now=now)
            assert visitor is not None
            touch(session, visitor.session_id, now=now)
    with db.read() as session:
        assert find_visitor(session, secret.reveal(), now=NOON + timedelta(days=7)) is None


def test_signing_out_ends_this_session_on_the_server_and_no_other(db: Database, robin: Staff) -> None:
    secret, other = opened(db, robin), opened(db, robin)
    with db.write() as session:
        visitor = find_visitor(session, secret.reveal(), now=NOON)
        assert visitor is not None
        sign_out(session, visitor, now=NOON)
    with db.read() as session:
        assert find_visitor(session, secret.reveal(), now=NOON) is None
        assert find_visitor(session, other.reveal(), now=NOON) is not None
        actions = [entry.action for entry in list_of(session, "staff", robin.id)]
    assert sorted(actions) == ["staff.signed_in", "staff.signed_in", "staff.signed_out"]


def test_all_sessions_of_a_person_end_together(db: Database, robin: Staff) -> None:
    secrets = [opened(db, robin) for _ in range(3)]
    with db.write() as session:
        revoke_all(session, robin.id, now=NOON)
    with db.read() as session:
        assert [find_visitor(session, secret.reveal(), now=NOON) for secret in secrets] == [None, None, None]


def test_places_count_as_known_for_thirty_days_and_are_then_forgotten(db: Database, robin: Staff) -> None:
    opened(db, robin, address="203.0.113.7", now=NOON - timedelta(days=31))
    opened(db, robin, address="203.0.113.8", now=NOON - timedelta(days=29))
    with db.read() as session:
        assert list_addresses(session, robin.id, now=NOON) == {"203.0.113.8"}
    opened(db, robin, address="203.0.113.9")
    with db.read() as session:
        assert len(session.scalars(select(StaffSession)).all()) == 2
