from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.access.models import SignInTry
from app.access.tries import account_of, add_try, forgive, network_of, refuse_floods
from app.db import Database
from app.kit.errors import TooMany
from tests.access.conftest import NOON

ROBIN = account_of("robin@partner.example")


def tried(db: Database, times: int, *, account: str = ROBIN, network: str = "203.0.113.7", ago: int = 0) -> None:
    for _ in range(times):
        with db.write() as session:
            add_try(session, account, network, now=NOON - timedelta(seconds=ago))


def may_try(db: Database, *, account: str = ROBIN, network: str = "203.0.113.7", known: bool = False) -> bool:
    with db.read() as session:
        try:
            refuse_floods(session, account, network, known=known, counted=0, now=NOON)
        except TooMany:
            return False
    return True


def test_the_sixth_wrong_password_from_one_place_is_refused(db: Database) -> None:
    tried(db, 4)
    assert may_try(db)
    tried(db, 1)
    assert not may_try(db)


def test_another_place_is_not_refused_with_it(db: Database) -> None:
    tried(db, 5)
    assert may_try(db, network="203.0.113.8")


def test_one_place_trying_many_people_is_refused(db: Database) -> None:
    for number in range(30):
        tried(db, 1, account=account_of(f"person{number}@partner.example"))
    assert not may_try(db, account=account_of("somebody-else@partner.example"))


def test_a_person_attacked_from_everywhere_still_signs_in_from_a_known_place(db: Database) -> None:
    for number in range(20):
        tried(db, 1, network=f"198.51.100.{number}")
    assert not may_try(db, network="192.0.2.1", known=False)
    assert may_try(db, network="203.0.113.7", known=True)


def test_tries_are_forgotten_after_fifteen_minutes(db: Database) -> None:
    tried(db, 5, ago=900)
    assert may_try(db)


def test_the_wait_is_told_to_the_second(db: Database) -> None:
    tried(db, 1, ago=600)
    tried(db, 4, ago=30)
    with pytest.raises(TooMany) as refused, db.read() as session:
        refuse_floods(session, ROBIN, "203.0.113.7", known=False, counted=0, now=NOON)
    assert refused.value.retry_after == 301
    assert refused.value.detail == "Too many wrong passwords. Wait 6 minutes, then try again."


def test_the_right_password_forgives_only_the_one_who_gave_it_there(db: Database) -> None:
    other = account_of("sam@partner.example")
    tried(db, 5)
    tried(db, 5, account=other)
    with db.write() as session:
        forgive(session, ROBIN, "203.0.113.7")
    assert may_try(db)
    assert not may_try(db, account=other)


def test_old_tries_leave_the_table_when_new_ones_come(db: Database) -> None:
    tried(db, 3, ago=1200)
    tried(db, 1)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(SignInTry)) == 1


def test_an_account_is_the_same_however_its_e_mail_is_typed() -> None:
    assert account_of(" Robin@Partner.Example ") == ROBIN


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("not an address", "unknown"),
        (None, "unknown"),
    ],
)
def test_one_subscriber_is_one_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses())
def test_every_network_fits_its_column(address: object) -> None:
    assert 1 <= len(network_of(str(address))) <= 64
