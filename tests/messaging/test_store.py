"""Keeping inbound messages once, and finding outbound ones."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import select

from app.db import Database
from app.messaging import store
from app.messaging.models import Message
from app.messaging.store import Inbound
from tests.messaging.samples import NOON, OTHER_PHONE, PHONE, add_sent, inbound


def test_new_messages_come_back_in_their_order_and_known_ones_do_not(db: Database) -> None:
    first = [inbound("b"), inbound("a")]
    with db.write() as session:
        assert store.add_inbound(session, first) == first
    with db.write() as session:
        assert store.add_inbound(session, [inbound("c"), inbound("a"), inbound("0")]) == [inbound("c"), inbound("0")]


def test_the_row_holds_all_that_was_read(db: Database) -> None:
    message = Inbound(PHONE, "wamid.1", "BR.13491208655302741918", "image", "Our shop", NOON, "wamid.0")
    with db.write() as session:
        store.add_inbound(session, [message])
    with db.read() as session:
        row = session.scalars(select(Message)).one()
        assert (row.phone_number_id, row.wamid, row.contact) == (PHONE, "wamid.1", "BR.13491208655302741918")
        assert (row.kind, row.text, row.reply_to, row.at) == ("image", "Our shop", "wamid.0", NOON)
        assert (row.direction, row.state, row.test, row.onboarding_id) == ("in", "received", False, None)


def test_of_a_message_given_twice_at_once_the_first_is_kept(db: Database) -> None:
    with db.write() as session:
        twice = [inbound("a", text="first"), inbound("b"), inbound("a", text="second")]
        assert store.add_inbound(session, twice) == twice[:2]
    with db.read() as session:
        assert session.scalars(select(Message.text).order_by(Message.wamid)).all() == ["first", "hi"]


def test_the_same_wamid_at_another_number_is_another_message(db: Database) -> None:
    with db.write() as session:
        assert len(store.add_inbound(session, [inbound("a"), inbound("a", OTHER_PHONE)])) == 2


def test_nothing_given_is_nothing_new(db: Database) -> None:
    with db.write() as session:
        assert store.add_inbound(session, []) == []


def test_a_thousand_messages_at_once_are_kept(db: Database) -> None:
    batch = [inbound(f"wamid.{number}") for number in range(1000)]
    with db.write() as session:
        assert store.add_inbound(session, batch) == batch
        assert store.add_inbound(session, batch) == []


def test_eight_workers_with_overlapping_batches_keep_each_message_once(db: Database) -> None:
    start = Barrier(8)
    wamids = [f"wamid.{number:02}" for number in range(40)]

    def add(worker: int) -> list[str]:
        start.wait(timeout=30)
        mine = wamids[worker:] + wamids[:worker]
        with db.write() as session:
            return [message.wamid for message in store.add_inbound(session, [inbound(wamid) for wamid in mine])]

    with ThreadPoolExecutor(8) as pool:
        new = [wamid for found in pool.map(add, range(8)) for wamid in found]
    assert sorted(new) == wamids


def test_outbound_messages_are_found_by_metas_id_or_by_ours(db: Database) -> None:
    with db.write() as session:
        named, unnamed = add_sent(session, "wamid.1"), add_sent(session, None)
        add_sent(session, "wamid.2")
        add_sent(session, "wamid.in", direction="in")
        found = store.lock_outbound(session, wamids={"wamid.1", "wamid.in", "wamid.nowhere"}, ids={unnamed.id, "x"})
        assert [row.id for row in found] == [named.id, unnamed.id]
        assert store.lock_outbound(session, wamids=set(), ids=set()) == []


def test_a_number_is_sending_while_a_fresh_message_has_no_name(db: Database) -> None:
    since = NOON - timedelta(minutes=10)
    with db.write() as session:
        add_sent(session, None, state="queued", phone_number_id="1")
        add_sent(session, None, state="unknown", phone_number_id="2")
        add_sent(session, None, state="queued", phone_number_id="3", at=since - timedelta(seconds=1))
        add_sent(session, None, state="refused", phone_number_id="4")
        add_sent(session, "named", state="queued", phone_number_id="5")
        add_sent(session, None, state="queued", phone_number_id="6", direction="in")
        add_sent(session, None, state="queued", phone_number_id="7")
        asked = {"1", "2", "3", "4", "5", "6"}
        assert store.list_numbers_sending(session, asked, since=since) == {"1", "2"}
