"""Chats of a phone app are counted, chunk by chunk, and are no messages of ours."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Database
from app.messaging.models import Message
from app.onboarding.ledger import ledger
from app.onboarding.life import syncs
from app.onboarding.models import Onboarding, Sync
from app.onboarding.reading.progress import SyncView, read_progress
from app.webhooks.envelope import changes_in
from app.webhooks.fields import history
from app.webhooks.hearing import Heard
from tests.webhooks.samples import NOON, PHONE, WABA, wire


def body(*items: Any, phone: str = PHONE, entry_id: str = WABA, **more: Any) -> bytes:
    about = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": phone}}
    value = about | ({"history": list(items)} if items else {}) | more
    change = {"field": "history", "value": value}
    return wire({"object": "whatsapp_business_account", "entry": [{"id": entry_id, "changes": [change]}]})


def chunk(phase: int, order: int, progress: int) -> dict[str, Any]:
    said = {
        "from": "15550100201",
        "id": "wamid.OLD",
        "timestamp": "1739230955",
        "type": "text",
        "text": {"body": "K7QX"},
    }
    threads = [{"id": "15550100201", "messages": [said]}]
    return {"metadata": {"phase": phase, "chunk_order": order, "progress": progress}, "threads": threads}


def tell(db: Database, notification: bytes) -> Heard:
    with db.write() as session:
        return history.handle(session, changes_in(notification), NOON)


@pytest.fixture
def asked(db: Database, onboarding: str) -> str:
    with db.write() as session:
        run = session.get_one(Onboarding, onboarding)
        run.plan = "coexistence"
        ledger.lay_steps(session, run)
        for kind in syncs.KINDS:
            syncs.note_asked(session, onboarding, kind, begun_at=NOON, now=NOON)
    return onboarding


def seen(db: Database, key: str) -> SyncView:
    with db.read() as session:
        return next(sync for sync in read_progress(session, key).syncs if sync.kind == "history")


CHUNKS = [chunk(0, 1, 20), chunk(0, 2, 55), chunk(1, 1, 100)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_chunks_count_once_in_any_order(db: Database, asked: str, order: tuple[int, ...]) -> None:
    for place in (*order, order[0]):
        assert tell(db, body(CHUNKS[place])) == Heard()
    view = seen(db, asked)
    assert (view.state, view.chunks, view.progress, view.seen_at) == ("done", 3, 100, NOON)


def test_history_that_is_still_coming_says_so(db: Database, asked: str) -> None:
    tell(db, body(CHUNKS[0], CHUNKS[1]))
    assert (seen(db, asked).state, seen(db, asked).progress) == ("arriving", 55)


def test_history_is_no_message_of_ours_and_no_proof(db: Database, asked: str) -> None:
    tell(db, body(*CHUNKS))
    media = {"from": "15550100201", "id": "wamid.OLD", "timestamp": "1739230955", "type": "image", "image": {"id": "1"}}
    tell(db, body(messages=[media]))
    with db.read() as session:
        assert session.scalars(select(Message)).all() == []
        proofs = {proof.kind: proof.seen_at for proof in read_progress(session, asked).proofs}
    assert (proofs["message_in"], proofs["message_out"]) == (None, None)


def test_an_owner_may_keep_the_history_back(db: Database, asked: str) -> None:
    errors = [{"code": 2593109, "title": "History sync is turned off by the business from the WhatsApp Business App"}]
    assert tell(db, body({"errors": errors})) == Heard()
    assert seen(db, asked).state == "declined"


def test_another_error_is_named_and_declines_nothing(db: Database, asked: str) -> None:
    assert tell(db, body({"errors": [{"code": 131000}]})).set_aside == ("history error 131000",)
    assert seen(db, asked).state == "arriving"


@pytest.mark.parametrize(
    "notification",
    [body(CHUNKS[0], phone="1"), body(CHUNKS[0], entry_id="1")],
    ids=["another number", "another account"],
)
def test_history_of_a_stranger_is_named(db: Database, asked: str, notification: bytes) -> None:
    assert tell(db, notification).set_aside == ("history of a stranger",)
    with db.read() as session:
        assert [row.chunks for row in session.scalars(select(Sync))] == [{}, {}]


@pytest.mark.parametrize("value", [{}, {"metadata": {}}, {"metadata": {"phone_number_id": PHONE}}], ids=str)
def test_what_cannot_be_read_is_named(db: Database, asked: str, value: dict[str, Any]) -> None:
    change = {"field": "history", "value": value}
    odd = wire({"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [change]}]})
    assert tell(db, odd).set_aside == ("history unreadable",)


@pytest.mark.parametrize("item", [7, None, {"metadata": 7}, {"metadata": {"phase": "x"}}, {"threads": []}], ids=str)
def test_a_misshapen_chunk_is_counted_as_none(db: Database, asked: str, item: object) -> None:
    assert tell(db, body(item, CHUNKS[0])) == Heard()
    assert seen(db, asked).chunks == 1
