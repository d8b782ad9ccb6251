import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from app.clients import store
from app.db import Database
from app.kit.errors import NotFound

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_a_client_is_added_and_got_again(db: Database) -> None:
    with db.write() as session:
        key = store.add_client(
            session,
            name="Example Bakery",
            external_ref="crm-7",
            contact_name="Alex Example",
            contact_email="alex@example.com",
            language="es",
            now=NOON,
        ).id
    with db.read() as session:
        client = store.get_client(session, key)
    assert (client.name, client.external_ref, client.contact_name) == ("Example Bakery", "crm-7", "Alex Example")
    assert (client.contact_email, client.language, client.created_at) == ("alex@example.com", "es", NOON)


def test_a_client_that_is_not_there_is_not_found(db: Database) -> None:
    with db.read() as session, pytest.raises(NotFound):
        store.get_client(session, "nobody")


def test_of_many_who_ask_for_one_reference_at_once_all_get_the_same_client(db: Database) -> None:
    start = threading.Barrier(4)

    def hold(name: str) -> str:
        start.wait(10)
        with db.write() as session:
            return store.hold_by_external_ref(session, "crm-7", name=name, now=NOON).id

    with ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(hold, ["Ann", "Bob", "Cat", "Dan"]))
    assert len(keys) == 1
    with db.read() as session:
        assert store.get_client(session, keys.pop()).name in {"Ann", "Bob", "Cat", "Dan"}
