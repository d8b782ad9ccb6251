"""Rows that somebody else writes at the very moment in which a rotation comes by for the last time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import select

from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.rotation import VAIN_WALKS, Rotation, rotate
from app.credentials.vault import Vault
from app.db import Database
from tests.credentials.samples import NEW, OLD
from tests.credentials.test_rotation import seal_many

# Where a server locks rows. On SQLite whoever writes is alone.
pytestmark = pytest.mark.parametrize("db", ["postgres"], indirect=True)


def beside_a_writer(db: Database, row_id: str, rotating: Callable[[Event], Rotation]) -> Rotation:
    """Rotate while another transaction holds the row, until the event that `rotating` is handed is set."""
    held, over = Event(), Event()

    def hold() -> None:
        with db.write() as session:
            session.execute(select(Credential).where(Credential.id == row_id).with_for_update())
            held.set()
            over.wait(30)

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold)
        try:
            assert held.wait(30)
            return rotating(over)
        finally:
            over.set()
            holder.result(timeout=30)


def test_a_row_that_is_being_written_is_come_back_for(db: Database, bakery: str) -> None:
    ids = seal_many(db, bakery, 3)
    vault, waited = Vault(Keyring([NEW, OLD])), []

    def until_it_is_free(over: Event) -> Rotation:
        def wait() -> None:
            waited.append(True)
            over.set()
            # The writer's transaction ends in its own thread: what is asked for here waits for that.
            with db.write() as session:
                session.execute(select(Credential).where(Credential.id == ids[1]).with_for_update())

        return rotate(db, vault, wait=wait)

    assert beside_a_writer(db, ids[1], until_it_is_free) == Rotation(3, 0, ())
    assert waited == [True]


def test_a_row_that_is_never_let_go_is_counted_as_left_in_the_end(db: Database, bakery: str) -> None:
    ids, waited = seal_many(db, bakery, 3), []
    result = beside_a_writer(
        db, ids[1], lambda _: rotate(db, Vault(Keyring([NEW, OLD])), wait=lambda: waited.append(True))
    )
    assert result == Rotation(2, 1, ())
    assert len(waited) == VAIN_WALKS


def test_rows_that_cannot_be_opened_are_not_waited_for(db: Database, bakery: str) -> None:
    ids = seal_many(db, bakery, 2)
    with db.write() as session:
        session.get_one(Credential, ids[0]).key_id = "00000000"

    def wait() -> None:
        raise AssertionError("nobody writes this row; it will not open later either")

    assert rotate(db, Vault(Keyring([NEW, OLD])), wait=wait) == Rotation(1, 1, (ids[0],))
