"""Noting receipts on messages: any order, any repeats, and receipts faster than Meta's answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import Database
from app.messaging.models import Message
from app.messaging.receipts import Noted, Receipt, note_receipts
from tests.messaging.samples import NOON, OTHER_PHONE, add_sent, receipt

SECONDS = [NOON + timedelta(seconds=number) for number in range(10)]
NOTHING = Noted((), (), ())


def note(db: Database, receipts: Sequence[Receipt]) -> Noted:
    with db.write() as session:
        return note_receipts(session, receipts, now=NOON)


def sent(db: Database, wamid: str | None = "wamid.1", *, test: bool = False, state: str = "accepted") -> str:
    with db.write() as session:
        row = add_sent(session, wamid, state=state)
        row.test = test
        return row.id


def row(db: Database, row_id: str) -> Message:
    with db.read() as session:
        return session.get_one(Message, row_id)


def outcome(db: Database, row_id: str) -> tuple[object, ...]:
    kept = row(db, row_id)
    return kept.state, kept.sent_at, kept.delivered_at, kept.read_at, kept.failed_at, kept.error_code


def test_each_receipt_leaves_its_time(db: Database) -> None:
    message = sent(db)
    note(db, [receipt("sent", SECONDS[1]), receipt("delivered", SECONDS[2]), receipt("read", SECONDS[3])])
    assert outcome(db, message) == ("read", SECONDS[1], SECONDS[2], SECONDS[3], None, None)


def test_a_failure_leaves_its_time_and_its_code(db: Database) -> None:
    message = sent(db)
    note(db, [receipt("failed", SECONDS[4], code=131026)])
    assert outcome(db, message) == ("failed", None, None, None, SECONDS[4], 131026)


def test_a_message_that_failed_and_was_delivered_after_all_is_delivered_and_keeps_both_facts(db: Database) -> None:
    message = sent(db)
    note(db, [receipt("failed", SECONDS[4], code=131026)])
    note(db, [receipt("delivered", SECONDS[5])])
    assert outcome(db, message) == ("delivered", None, SECONDS[5], None, SECONDS[4], 131026)


def test_receipts_of_test_messages_are_handed_on_and_others_are_not(db: Database) -> None:
    sent(db, "wamid.1", test=True)
    sent(db, "wamid.2")
    told = [receipt("sent"), receipt("sent", wamid="wamid.2"), receipt("read")]
    assert note(db, told).tests == (told[0], told[2])


@pytest.mark.parametrize("stranger", [receipt("sent", wamid="wamid.other"), replace(receipt("sent"), tag="0192-other")])
def test_a_receipt_for_nothing_of_ours_is_a_strangers(db: Database, stranger: Receipt) -> None:
    assert note(db, [stranger]) == Noted((), (), (stranger,))


def test_a_receipt_at_another_number_is_a_strangers_even_if_the_ids_fit(db: Database) -> None:
    named, unnamed = sent(db), sent(db, None, state="unknown")
    foreign = [
        replace(receipt("read"), phone_number_id=OTHER_PHONE),
        replace(receipt("read", wamid="wamid.9"), phone_number_id=OTHER_PHONE, tag=unnamed),
    ]
    assert note(db, foreign).strangers == tuple(foreign)
    assert (row(db, named).state, row(db, unnamed).wamid) == ("accepted", None)


def test_an_inbound_message_takes_no_receipts(db: Database) -> None:
    with db.write() as session:
        add_sent(session, direction="in", state="received")
    assert note(db, [receipt("read")]).strangers == (receipt("read"),)


def test_a_receipt_without_our_key_that_overtakes_the_answer_is_early(db: Database) -> None:
    sent(db, None, state="queued")
    assert note(db, [receipt("sent")]) == Noted((), (receipt("sent"),), ())


def test_a_receipt_with_our_key_names_the_message_and_settles_what_became_of_it(db: Database) -> None:
    unknown = sent(db, None, test=True, state="unknown")
    told = [replace(receipt("sent", SECONDS[1]), tag=unknown), replace(receipt("delivered", SECONDS[2]), tag=unknown)]
    assert note(db, told) == Noted(tuple(told), (), ())
    assert row(db, unknown).wamid == "wamid.1"
    assert outcome(db, unknown) == ("delivered", SECONDS[1], SECONDS[2], None, None, None)


def test_a_key_names_no_message_that_has_another_name_already(db: Database) -> None:
    message = sent(db, "wamid.0")
    told = replace(receipt("failed"), tag=message)
    assert note(db, [told]).strangers == (told,)
    assert outcome(db, message) == ("accepted", None, None, None, None, None)


def test_a_key_names_a_message_once(db: Database) -> None:
    message = sent(db, None, state="unknown")
    first = replace(receipt("sent", wamid="wamid.1"), tag=message)
    second = replace(receipt("read", wamid="wamid.2"), tag=message)
    assert note(db, [first, second]).strangers == (second,)
    assert (row(db, message).wamid, row(db, message).state) == ("wamid.1", "sent")


def test_no_receipts_are_nothing(db: Database) -> None:
    assert note(db, []) == NOTHING


RECEIPTS = st.lists(
    st.builds(
        receipt,
        st.sampled_from(["sent", "delivered", "read", "failed"]),
        st.sampled_from(SECONDS),
        code=st.sampled_from([None, 131026, 131047]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(receipts=RECEIPTS, data=st.data())
def test_any_order_with_any_repeats_ends_as_the_ordered_single_delivery(
    db: Database, receipts: list[Receipt], data: st.DataObject
) -> None:
    ordered, shuffled = sent(db, None, state="unknown"), sent(db, None, state="unknown")
    wamids = {ordered: f"wamid.{ordered}", shuffled: f"wamid.{shuffled}"}
    mixed = data.draw(st.permutations(receipts * data.draw(st.integers(1, 3))))
    note(db, [replace(each, wamid=wamids[ordered], tag=ordered) for each in sorted(receipts, key=lambda one: one.at)])
    for each in mixed:
        note(db, [replace(each, wamid=wamids[shuffled], tag=shuffled)])
    assert outcome(db, shuffled) == outcome(db, ordered)
