from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app.access.door import recognise, sign_in
from app.access.models import Staff, StaffSession
from app.access.staff import disable_staff, get_by_email
from app.db import Database, transaction_is_open
from app.kit.errors import AppError, NotAllowed, TooMany
from app.kit.secret import Secret
from tests.access.conftest import NOON, RIGHT


def knock(
    db: Database,
    password: str = RIGHT,
    *,
    email: str = "robin@partner.example",
    address: str = "203.0.113.7",
    now: datetime = NOON,
) -> Secret:
    return sign_in(db, email=email, password=Secret(password), address=address, user_agent="Browser", now=now)


def refusal(db: Database, password: str, **who: str) -> AppError:
    with pytest.raises(AppError) as refused:
        knock(db, password, **who)  # type: ignore[arg-type]
    return refused.value


def test_the_right_password_opens_a_session(db: Database, robin: Staff) -> None:
    visitor = recognise(db, knock(db).reveal(), now=NOON)
    assert visitor is not None
    assert visitor.staff_id == robin.id


def test_wrong_unknown_and_disabled_look_the_same(db: Database, robin: Staff) -> None:
    wrong = refusal(db, "not-the-password")
    unknown = refusal(db, RIGHT, email="nobody@partner.example")
    with db.write() as session:
        disable_staff(session, get_by_email(session, robin.email), NOON)
    disabled = refusal(db, RIGHT)
    for each in (wrong, unknown, disabled):
        assert (type(each), each.status, each.detail, each.code) == (
            NotAllowed,
            401,
            "This e-mail address and password do not fit together.",
            "wrong_password",
        )


def test_too_many_wrong_passwords_refuse_the_right_one_too_and_unknown_people_alike(db: Database, robin: Staff) -> None:
    for email in ("robin@partner.example", "nobody@partner.example"):
        address = f"2001:db8:{len(email)}::1"
        for _ in range(5):
            assert isinstance(refusal(db, "not-the-password", email=email, address=address), NotAllowed)
        assert isinstance(refusal(db, RIGHT, email=email, address=address), TooMany)


def test_the_limit_outlives_a_restart(db: Database, robin: Staff) -> None:
    for _ in range(5):
        refusal(db, "not-the-password")
    db.engine.dispose()
    assert isinstance(refusal(db, RIGHT), TooMany)


def test_many_at_once_get_no_more_tries_than_one_after_the_other(db: Database, robin: Staff) -> None:
    with ThreadPoolExecutor(12) as pool:
        refusals = list(pool.map(lambda _: refusal(db, "not-the-password"), range(12)))
    assert sum(isinstance(each, NotAllowed) for each in refusals) <= 5
    assert sum(isinstance(each, TooMany) for each in refusals) >= 7


def test_others_cannot_lock_a_person_out_of_a_known_place(db: Database, robin: Staff) -> None:
    knock(db, address="203.0.113.7")
    for number in range(20):
        refusal(db, "not-the-password", address=f"198.51.100.{number}")
    assert isinstance(refusal(db, RIGHT, address="192.0.2.55"), TooMany)
    assert knock(db, address="203.0.113.7")


def test_a_right_password_after_four_wrong_ones_starts_afresh(db: Database, robin: Staff) -> None:
    for _ in range(2):
        for _ in range(4):
            refusal(db, "not-the-password")
        knock(db)


def test_an_outdated_hash_is_made_anew_at_sign_in(db: Database) -> None:
    old = PasswordHasher(memory_cost=8192, time_cost=1).hash(RIGHT)
    with db.write() as session:
        session.add(Staff(email="robin@partner.example", name="Robin Example", password_hash=old, created_at=NOON))
    knock(db)
    with db.read() as session:
        stored = get_by_email(session, "robin@partner.example").password_hash
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert knock(db)


def test_whoever_is_disabled_while_the_password_is_looked_at_stays_outside(
    db: Database, robin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_verify = PasswordHasher.verify

    def disable_meanwhile(self: PasswordHasher, stored: str, password: str) -> bool:
        with db.write() as session:
            disable_staff(session, get_by_email(session, robin.email), NOON)
        return bool(plain_verify(self, stored, password))

    monkeypatch.setattr(PasswordHasher, "verify", disable_meanwhile)
    assert isinstance(refusal(db, RIGHT), NotAllowed)
    with db.read() as session:
        assert session.scalars(select(StaffSession)).all() == []


def test_passwords_are_hashed_outside_of_transactions(
    db: Database, robin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    plain_verify = PasswordHasher.verify

    def watched(self: PasswordHasher, stored: str, password: str) -> bool:
        seen.append(transaction_is_open())
        return bool(plain_verify(self, stored, password))

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    knock(db)
    assert seen == [False]


def test_last_use_is_written_after_a_minute(db: Database, robin: Staff) -> None:
    secret = knock(db).reveal()
    later = NOON + timedelta(seconds=90)
    assert recognise(db, secret, now=NOON + timedelta(seconds=59)) is not None
    assert recognise(db, secret, now=later) is not None
    again = recognise(db, secret, now=later)
    assert again is not None
    assert again.seen_at == later


def test_a_page_that_refreshes_itself_does_not_keep_a_session_alive(db: Database, robin: Staff) -> None:
    secret = knock(db).reveal()
    for minutes in range(10, 720, 10):
        assert recognise(db, secret, now=NOON + timedelta(minutes=minutes), by_hand=False) is not None
    assert recognise(db, secret, now=NOON + timedelta(hours=12), by_hand=False) is None


def test_garbage_in_the_cookie_is_nobody(db: Database, robin: Staff) -> None:
    assert recognise(db, "", now=NOON) is None
    assert recognise(db, "\x00" * 50, now=NOON) is None
