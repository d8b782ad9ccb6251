"""Links: made, opened, come back to, ended; nothing that opens one is kept, and nothing can be probed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.store import Actor, list_of
from app.clients.models import Client
from app.db import Database
from app.kit.digests import digest
from app.kit.errors import NotFound
from app.onboarding.links import links
from app.onboarding.links.links import LinkOrder, NewLink, Opened, Visit
from app.onboarding.models import ConnectSession, Link

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
PARTNER = Actor("key", "key-1")


def create(db: Database, *, now: datetime = NOON, **order: Any) -> NewLink:
    with db.write() as session:
        return links.create_link(
            session, LinkOrder(**{"client_name": "Example Bakery"} | order), actor=PARTNER, now=now
        )


def open_it(db: Database, token: str, *, now: datetime = NOON) -> Opened:
    with db.write() as session:
        return links.open_link(session, token, address="192.0.2.7", user_agent="E" * 400, now=now)


def come_back(db: Database, link_id: str, secret: str, *, now: datetime = NOON) -> Visit:
    with db.read() as session:
        return links.visit(session, link_id, secret, now=now)


def state(db: Database, link_id: str, now: datetime = NOON) -> str:
    with db.read() as session:
        return links.state_of(links.get_link(session, link_id), now=now)


def test_a_link_lives_thirty_days_unless_said_otherwise(db: Database) -> None:
    assert create(db).link.expires_at == NOON + timedelta(days=30)
    assert create(db, life=timedelta(days=2)).link.expires_at == NOON + timedelta(days=2)


def test_tokens_and_cookies_are_kept_as_hashes_only(db: Database) -> None:
    made = create(db)
    opened = open_it(db, made.token.reveal())
    with db.read() as session:
        link = session.scalars(select(Link)).one()
        browser = session.scalars(select(ConnectSession)).one()
    assert link.token_hash == digest(made.token.reveal())
    assert browser.secret_hash == digest(opened.secret.reveal())
    kept = str([getattr(link, column.key) for column in Link.__table__.columns])
    kept += str([getattr(browser, column.key) for column in ConnectSession.__table__.columns])
    assert made.token.reveal() not in kept
    assert opened.secret.reveal() not in kept
    assert made.token.reveal() not in repr(made)
    assert (browser.address, browser.user_agent) == ("192.0.2.7", "E" * 300)


def test_opening_is_remembered_the_first_time(db: Database) -> None:
    made = create(db)
    open_it(db, made.token.reveal())
    open_it(db, made.token.reveal(), now=NOON + timedelta(hours=1))
    with db.read() as session:
        assert links.get_link(session, made.link.id).opened_at == NOON


def test_every_browser_that_opens_a_link_gets_a_cookie_of_its_own(db: Database) -> None:
    made = create(db)
    first, second = open_it(db, made.token.reveal()), open_it(db, made.token.reveal())
    assert first.secret != second.secret
    visits = [come_back(db, made.link.id, one.secret.reveal()) for one in (first, second)]
    assert visits[0].session_id != visits[1].session_id
    assert {visit.client.name for visit in visits} == {"Example Bakery"}
    assert {visit.onboarding_id for visit in visits} == {None}


@pytest.mark.parametrize(
    ("after", "there"),
    [(timedelta(days=30) - A_MOMENT, True), (timedelta(days=30), False), (timedelta(days=31), False)],
)
def test_an_expired_link_neither_opens_nor_lets_anybody_back(db: Database, after: timedelta, there: bool) -> None:
    made = create(db)
    secret = open_it(db, made.token.reveal()).secret.reveal()
    assert state(db, made.link.id, NOON + after) == ("open" if there else "expired")
    if there:
        open_it(db, made.token.reveal(), now=NOON + after)
        come_back(db, made.link.id, secret, now=NOON + after)
    else:
        with pytest.raises(NotFound):
            open_it(db, made.token.reveal(), now=NOON + after)
        with pytest.raises(NotFound):
            come_back(db, made.link.id, secret, now=NOON + after)


def test_expired_revoked_and_unknown_look_the_same(db: Database) -> None:
    expired, revoked = create(db, life=timedelta(days=1)), create(db)
    with db.write() as session:
        links.revoke_link(session, revoked.link.id, actor=PARTNER, now=NOON)
    said = set()
    for token in (expired.token.reveal(), revoked.token.reveal(), "unknown", ""):
        with pytest.raises(NotFound) as missing:
            open_it(db, token, now=NOON + timedelta(days=2))
        said.add((str(missing.value), missing.value.code))
    assert len(said) == 1


def test_a_revoked_link_lets_nobody_back_and_revoking_twice_changes_nothing(db: Database) -> None:
    made = create(db)
    secret = open_it(db, made.token.reveal()).secret.reveal()
    for minutes in (0, 1):
        with db.write() as session:
            links.revoke_link(session, made.link.id, actor=PARTNER, now=NOON + timedelta(minutes=minutes))
    with pytest.raises(NotFound):
        come_back(db, made.link.id, secret)
    with db.read() as session:
        link = links.get_link(session, made.link.id)
        actions = [entry.action for entry in list_of(session, "link", made.link.id)]
    assert (link.revoked_at, link.revoked_because) == (NOON, "revoked")
    assert sorted(actions) == ["link.created", "link.revoked"]
    assert state(db, made.link.id, NOON + timedelta(days=99)) == "revoked"


def test_a_cookie_opens_no_other_link(db: Database) -> None:
    mine, other = create(db), create(db, client_name="Example Garage")
    secret = open_it(db, mine.token.reveal()).secret.reveal()
    for link_id, cookie in ((other.link.id, secret), (mine.link.id, "forged"), ("unknown", secret), (mine.link.id, "")):
        with pytest.raises(NotFound):
            come_back(db, link_id, cookie)


def test_a_newer_link_of_the_same_client_ends_the_older_one(db: Database) -> None:
    older = create(db, external_ref="crm-7")
    newer = create(db, external_ref="crm-7", now=NOON + timedelta(hours=1))
    other = create(db, external_ref="crm-8")
    assert newer.client.id == older.client.id != other.client.id
    assert [state(db, made.link.id) for made in (older, newer, other)] == ["revoked", "open", "open"]
    with db.read() as session:
        assert links.get_link(session, older.link.id).revoked_because == "replaced"


def test_without_a_reference_every_order_is_a_client_of_its_own(db: Database) -> None:
    assert create(db).client.id != create(db).client.id


def test_a_known_client_is_renewed_and_keeps_what_the_order_leaves_out(db: Database) -> None:
    create(db, external_ref="crm-7", contact_name="Alex Example", contact_email="alex@example.com", language="es")
    renewed = create(db, external_ref="crm-7", client_name="Example Bakery 2", contact_name="Sam Example").client
    assert (renewed.name, renewed.contact_name, renewed.contact_email, renewed.language) == (
        "Example Bakery 2",
        "Sam Example",
        "alex@example.com",
        "es",
    )


def test_two_orders_for_one_client_at_once_leave_one_open_link(db: Database) -> None:
    for reference, known in (("crm-7", False), ("crm-7", True)):
        assert known is (len(clients(db)) > 0)
        start = threading.Barrier(2)

        def order(_turn: int, reference: str = reference, start: threading.Barrier = start) -> str:
            start.wait(10)
            return create(db, external_ref=reference).link.id

        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(order, range(2)))
        assert sorted(state(db, link_id) for link_id in made) == ["open", "revoked"]
        assert len(clients(db)) == 1


def clients(db: Database) -> list[Client]:
    with db.read() as session:
        return list(session.scalars(select(Client)))


def test_the_contact_the_page_asked_for_is_kept(db: Database) -> None:
    made = create(db, language="es")
    visitor = come_back(db, made.link.id, open_it(db, made.token.reveal()).secret.reveal())
    with db.write() as session:
        links.set_contact(session, visitor, name="Alex Example", email="a@example.com", language=None, now=NOON)
    (client,) = clients(db)
    assert (client.contact_name, client.contact_email, client.language) == ("Alex Example", "a@example.com", "es")
    with db.read() as session:
        assert [entry.action for entry in list_of(session, "client", client.id)] == ["client.contact_given"]


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://wa.me", "https://wa.me/15550100110?text=hi%2C%20test%20K7QX"),
        ("http://localhost:5001", "http://localhost:5001/?to=15550100110&text=hi%2C%20test%20K7QX"),
        ("https://wa.me.example", "https://wa.me.example/?to=15550100110&text=hi%2C%20test%20K7QX"),
    ],
)
def test_a_chat_opens_at_whatsapp_or_its_stand_in(base: str, address: str) -> None:
    assert links.chat_link(base, "15550100110", "hi, test K7QX") == address
