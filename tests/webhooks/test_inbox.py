"""Keeping the same bytes once, from however many processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import select

from app.db import Database
from app.webhooks import inbox
from app.webhooks.models import Notification
from tests.webhooks.samples import NOON, payload, wire

EMPTY = b'{"object":"whatsapp_business_account","entry":[]}'


def test_the_digest_is_the_sha256_of_the_bytes(db: Database) -> None:
    with db.write() as session:
        assert inbox.keep(session, b"abc", now=NOON) is True
    with db.read() as session:
        row = session.scalars(select(Notification)).one()
        # FIPS 180-4, the example of one block
        assert row.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        assert (row.body, row.received_at, row.due_at) == (b"abc", NOON, NOON)
        assert (row.repeats, row.failures, row.claims) == (0, 0, 0)


def test_a_repeat_changes_nothing_but_the_count(db: Database) -> None:
    with db.write() as session:
        assert inbox.keep(session, EMPTY, now=NOON) is True
    with db.write() as session:
        session.scalars(select(Notification)).one().done_at = NOON
    for day in range(1, 8):
        with db.write() as session:
            assert inbox.keep(session, EMPTY, now=NOON + timedelta(days=day)) is False
    with db.read() as session:
        row = session.scalars(select(Notification)).one()
        assert (row.repeats, row.received_at, row.done_at) == (7, NOON, NOON)


def test_other_bytes_with_the_same_meaning_are_another_notification(db: Database) -> None:
    with db.write() as session:
        assert inbox.keep(session, EMPTY, now=NOON) is True
        assert inbox.keep(session, EMPTY + b" ", now=NOON) is True


def test_eight_processes_given_the_same_bytes_in_the_same_moment_keep_one_row(db: Database) -> None:
    start = Barrier(8)

    def keep(body: bytes) -> bool:
        start.wait(timeout=30)
        with db.write() as session:
            return inbox.keep(session, body, now=NOON)

    for turn in range(20):
        body = wire(payload("message_text") | {"turn": turn})
        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(keep, [body] * 8)) == [False] * 7 + [True]
    with db.read() as session:
        assert [row.repeats for row in session.scalars(select(Notification))] == [7] * 20
