"""The life of accounts as rows: events in any order, several clients, and what may be sent."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from app.clients.store import add_client
from app.db import Database
from app.numbers import life
from app.numbers.models import Account, Number

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
WABA, PHONE = "524126980791429", "106540352242922"


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def add(db: Database, *, phone: str = PHONE, display: str = "+1 555-010-0170", shared_at: datetime = NOON) -> str:
    with db.write() as session:
        client = add_client(
            session, name="X", external_ref=None, contact_name=None, contact_email=None, language=None, now=NOON
        ).id
        account = Account(client_id=client, waba_id=WABA, shared_at=shared_at, seen_at=NOON)
        session.add(account)
        session.flush()
        session.add(Number(account_id=account.id, phone_number_id=phone, display_phone_number=display, seen_at=NOON))
        return client


def happen(db: Database, kind: str, at: datetime, **more: Any) -> bool:
    with db.write() as session:
        new = life.note_event(session, waba_id=WABA, kind=kind, at=at, now=minutes(60), **more)
        life.settle(session, WABA)
        return new


def held(db: Database, client: str, phone: str = PHONE) -> str | None:
    with db.read() as session:
        return life.held_because(session, client_id=client, waba_id=WABA, phone_number_id=phone)


def test_nothing_is_sent_while_the_phone_app_is_off(db: Database) -> None:
    client = add(db)
    assert held(db, client) is None
    happen(db, "offboarded", minutes(1))
    assert held(db, client) == "paused"
    happen(db, "reconnected", minutes(2))
    assert held(db, client) is None


def test_an_unknown_account_holds_nothing_up(db: Database) -> None:
    assert held(db, add(db), "1") is None
    with db.read() as session:
        assert life.held_because(session, client_id="x", waba_id="1", phone_number_id="1") is None


@pytest.mark.parametrize("order", list(permutations(["offboarded", "reconnected", "offboarded again"])))
def test_the_order_of_arrival_changes_nothing(db: Database, order: tuple[str, ...]) -> None:
    client = add(db)
    times = {"offboarded": minutes(1), "reconnected": minutes(2), "offboarded again": minutes(3)}
    for name in order:
        happen(db, name.split()[0], times[name])
    assert held(db, client) == "paused"
    with db.read() as session:
        assert session.query(Account).one().paused_at == minutes(3)


def test_an_event_told_twice_or_an_older_one_is_no_news(db: Database) -> None:
    add(db)
    assert happen(db, "offboarded", minutes(5))
    assert not happen(db, "offboarded", minutes(5))
    assert not happen(db, "offboarded", minutes(4))
    assert happen(db, "offboarded", minutes(6))


def test_the_same_end_with_a_reason_is_news_once(db: Database) -> None:
    add(db)
    assert happen(db, "removed", minutes(5))
    assert happen(db, "removed", minutes(5), because="CHANGE_NUMBER", by="USER")
    assert not happen(db, "removed", minutes(5), because="CHANGE_NUMBER", by="USER")
    with db.read() as session:
        account = session.query(Account).one()
        assert (account.ended_at, account.ended_because, account.ended_by) == (minutes(5), "CHANGE_NUMBER", "USER")


def test_every_client_that_has_the_account_is_meant(db: Database) -> None:
    clients = [add(db), add(db)]
    happen(db, "removed", minutes(1))
    assert [held(db, client) for client in clients] == ["ended", "ended"]


def test_a_client_who_came_after_the_end_is_not_meant(db: Database) -> None:
    before, after = add(db), add(db, shared_at=minutes(61))
    happen(db, "removed", minutes(1))
    assert (held(db, before), held(db, after)) == ("ended", None)


def test_one_number_may_go_alone(db: Database) -> None:
    client = add(db)
    with db.write() as session:
        account = session.query(Account).one()
        session.add(
            Number(account_id=account.id, phone_number_id="2", display_phone_number="+1 555-010-0171", seen_at=NOON)
        )
    happen(db, "removed", minutes(1), digits="15550100171")
    assert (held(db, client, "2"), held(db, client)) == ("ended", None)


def test_a_dead_token_holds_its_own_account_up_and_what_is_graver_comes_first(db: Database) -> None:
    client, other = add(db), add(db)
    with db.write() as session:
        for row in session.scalars(select(Account).where(Account.client_id == client)):
            row.token_dead_at = NOON

    def held(whose: str) -> str | None:
        with db.read() as session:
            return life.held_because(session, client_id=whose, waba_id=WABA, phone_number_id=PHONE)

    assert (held(client), held(other)) == ("token_dead", None)
    happen(db, "offboarded", minutes(1))
    assert held(client) == "paused"
    happen(db, "removed", minutes(2))
    assert held(client) == "ended"
