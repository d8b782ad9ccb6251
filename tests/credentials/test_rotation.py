"""Putting all rows under a new master key: at rest, beside sealers and readers, killed and started again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.credentials.errors import SealBroken
from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.rotation import Rotation, list_key_counts, rotate
from app.credentials.vault import KeyMissing, Rewrapped, Vault
from app.db import Database
from app.kit.secret import Secret
from tests.credentials.samples import NEW, NEXT_TOKEN, NOON, OLD, WABA

OLD_ID, NEW_ID = Keyring([OLD]).key_id, Keyring([NEW]).key_id


def seal_many(db: Database, client: str, count: int, key: bytes = OLD) -> list[str]:
    vault = Vault(Keyring([key]))
    with db.write() as session:
        return [
            vault.seal(
                session,
                kind="business_token",
                client_id=client,
                subject=str(number),
                secret=Secret(f"EAAtoken-{number}"),
                now=NOON,
            ).id
            for number in range(count)
        ]


def counts(db: Database) -> dict[str, int]:
    with db.read() as session:
        return list_key_counts(session)


def test_after_a_rotation_the_old_key_may_be_thrown_away(db: Database, bakery: str) -> None:
    ids = seal_many(db, bakery, 25)
    batches: list[Rewrapped] = []
    assert rotate(db, Vault(Keyring([NEW, OLD])), most=10, after_batch=batches.append) == Rotation(25, 0, ())
    assert [batch.done for batch in batches] == [10, 10, 5]
    assert counts(db) == {NEW_ID: 25}
    with db.read() as session:
        secrets = [Vault(Keyring([NEW])).open_one(session, row_id).reveal() for row_id in ids]
        assert secrets == [f"EAAtoken-{number}" for number in range(25)]
        with pytest.raises(KeyMissing):
            Vault(Keyring([OLD])).open_one(session, ids[0])


def test_a_rotation_leaves_sealed_secrets_versions_and_facts_as_they_were(db: Database, bakery: str) -> None:
    seal_many(db, bakery, 1)
    before = _only_row(db)
    rotate(db, Vault(Keyring([NEW, OLD])))
    after = _only_row(db)
    assert {name for name in before if before[name] != after[name]} == {"sealed_data_key", "key_id"}


def test_a_rotation_back_brings_every_row_under_the_old_key_again(db: Database, bakery: str) -> None:
    seal_many(db, bakery, 7)
    rotate(db, Vault(Keyring([NEW, OLD])))
    assert rotate(db, Vault(Keyring([OLD, NEW]))) == Rotation(7, 0, ())
    assert counts(db) == {OLD_ID: 7}


def test_a_rotation_with_nothing_to_do_does_nothing(db: Database, bakery: str) -> None:
    assert rotate(db, Vault(Keyring([NEW, OLD]))) == Rotation(0, 0, ())
    seal_many(db, bakery, 3, key=NEW)
    assert rotate(db, Vault(Keyring([NEW, OLD]))) == Rotation(0, 0, ())


def test_rows_that_cannot_be_opened_are_named_once_and_hold_up_nobody(db: Database, bakery: str) -> None:
    ids = seal_many(db, bakery, 9)
    with db.write() as session:
        session.execute(update(Credential).where(Credential.id == ids[0]).values(key_id="00000000"))
        session.execute(update(Credential).where(Credential.id == ids[4]).values(sealed_data_key=b"\x01rubbish"))
    result = rotate(db, Vault(Keyring([NEW, OLD])), most=2)
    assert result == Rotation(7, 2, (ids[0], ids[4]))
    assert counts(db) == {"00000000": 1, OLD_ID: 1, NEW_ID: 7}


def test_a_rotation_killed_in_the_middle_of_a_batch_resumes_where_it_stopped(db: Database, bakery: str) -> None:
    ids = seal_many(db, bakery, 10)
    with pytest.raises(KeyboardInterrupt):
        rotate(db, Vault(KilledAt(8)), most=3)
    assert counts(db) == {NEW_ID: 6, OLD_ID: 4}
    with db.read() as session:
        both = Vault(Keyring([NEW, OLD]))
        assert [both.open_one(session, row_id).reveal() for row_id in ids] == [f"EAAtoken-{n}" for n in range(10)]
    assert rotate(db, Vault(Keyring([NEW, OLD])), most=3) == Rotation(4, 0, ())


@pytest.mark.parametrize("written", [{"key_id": "00000000"}, {"sealed_data_key": b"\x01rubbish"}])
def test_a_row_changed_between_look_and_write_is_left_for_the_next_walk(
    db: Database, bakery: str, written: dict[str, object]
) -> None:
    """Another process wrote one column of it in between: whichever it was, its word stands."""
    (row_id,) = seal_many(db, bakery, 1)
    with db.write() as session:
        assert Vault(Meddling(session, row_id, written)).rewrap_batch(session, most=5) == Rewrapped(0, (), row_id)
    kept = _only_row(db)
    assert {name: kept[name] for name in written} == written


def test_a_row_that_holds_anothers_data_key_is_not_written_along_with_it(db: Database, bakery: str) -> None:
    mine, copy = seal_many(db, bakery, 2)
    with db.write() as session:
        data_key = session.get_one(Credential, mine).sealed_data_key
        session.execute(update(Credential).where(Credential.id == copy).values(sealed_data_key=data_key))
    with db.write() as session:
        assert Vault(Keyring([NEW, OLD])).rewrap_batch(session, most=1) == Rewrapped(1, (), mine)
    with db.read() as session:
        row = session.get_one(Credential, copy)
        assert (row.key_id, row.sealed_data_key) == (OLD_ID, data_key)


def test_a_session_that_rotates_sees_its_rows_as_they_are_now(db: Database, bakery: str) -> None:
    (row_id,) = seal_many(db, bakery, 1)
    with db.write() as session:
        row = session.get_one(Credential, row_id)
        Vault(Keyring([NEW, OLD])).rewrap_batch(session, most=1)
        assert row.key_id == NEW_ID
        assert Vault(Keyring([NEW])).open_one(session, row_id).reveal() == "EAAtoken-0"


def test_rows_are_taken_by_their_ids_whenever_they_were_added(db: Database, bakery: str) -> None:
    with db.write() as session:
        for row_id in ("c", "a", "b"):
            session.add(
                Credential(
                    id=row_id,
                    kind="pin",
                    client_id=bakery,
                    subject=row_id,
                    version=1,
                    sealed_secret=b"\x01rubbish",
                    sealed_data_key=b"\x01rubbish",
                    key_id=OLD_ID,
                    facts={},
                    created_at=NOON,
                )
            )
            session.flush()
    vault = Vault(Keyring([NEW, OLD]))
    with db.write() as session:
        assert vault.rewrap_batch(session, most=2) == Rewrapped(0, ("a", "b"), "b")
        assert vault.rewrap_batch(session, most=2, after="b") == Rewrapped(0, ("c",), "c")


@pytest.mark.parametrize("db", ["postgres"], indirect=True)
def test_two_rotations_at_once_take_different_rows_and_wait_for_nobody(db: Database, bakery: str) -> None:
    """Where a server locks rows. On SQLite whoever writes is alone."""
    ids, vault = seal_many(db, bakery, 4), Vault(Keyring([NEW, OLD]))
    with db.write() as first, db.write() as second:
        second.execute(text("SET LOCAL lock_timeout = '3s'"))
        assert vault.rewrap_batch(first, most=2) == Rewrapped(2, (), ids[1])
        assert vault.rewrap_batch(second, most=2) == Rewrapped(2, (), ids[3])


def test_every_token_stays_readable_while_keys_turn_beside_sealers(db: Database, bakery: str, garage: str) -> None:
    """Half the processes still seal with the old key, half with the new one; a rotation runs through it."""
    ids = seal_many(db, bakery, 60)
    lagging, ahead = Vault(Keyring([OLD, NEW])), Vault(Keyring([NEW, OLD]))
    stop = Event()

    def seal(vault: Vault) -> int:
        sealed = 0
        while not stop.is_set():
            with db.write() as session:
                vault.seal(session, kind="business_token", client_id=garage, subject=WABA, secret=NEXT_TOKEN, now=NOON)
            sealed += 1
        return sealed

    def read(vault: Vault) -> int:
        seen = 0
        while not stop.is_set():
            with db.read() as session:
                secret = vault.open_one(session, ids[seen % len(ids)])
                assert secret.reveal() == f"EAAtoken-{seen % len(ids)}"
                current = vault.open_current(session, kind="business_token", client_id=garage, subject=WABA)
                assert current is None or current.secret == NEXT_TOKEN
            seen += 1
        return seen

    with ThreadPoolExecutor(6) as pool:
        sealing = [pool.submit(seal, vault) for vault in (lagging, ahead)]
        reading = [pool.submit(read, vault) for vault in (lagging, ahead)]
        try:
            turns = [pool.submit(_turn, db, ahead) for _ in range(2)]
            rewrapped = sum(turn.result(timeout=60) for turn in turns)
        finally:
            stop.set()
        sealed = sum(each.result(timeout=60) for each in sealing)
        assert sum(each.result(timeout=60) for each in reading) > 0
    assert rewrapped >= 60
    final = rotate(db, ahead)
    assert (final.left, final.broken) == (0, ())
    assert counts(db) == {NEW_ID: 60 + sealed}
    with db.read() as session:
        rows = session.scalars(select(Credential).where(Credential.client_id == garage)).all()
        assert sorted(row.version for row in rows) == list(range(1, sealed + 1))
        assert [row.version for row in rows if row.current_scope] == [sealed]
        assert {Vault(Keyring([NEW])).open_one(session, row.id) for row in rows} == {NEXT_TOKEN}


def _only_row(db: Database) -> dict[str, object]:
    with db.read() as session:
        return dict(session.execute(text("SELECT * FROM credentials")).mappings().one())


def _turn(db: Database, vault: Vault) -> int:
    """Walk until the first 60 rows are turned; sealers with the old key may go on making more."""
    done, after = 0, ""
    while True:
        with db.write() as session:
            batch = vault.rewrap_batch(session, most=7, after=after)
        if batch.last is None:
            return done
        assert batch.broken == ()
        done, after = done + batch.done, batch.last


@dataclass
class KilledAt:
    """A keyring whose process is killed at its n-th wrapping."""

    nth: int
    real: Keyring = field(default_factory=lambda: Keyring([NEW, OLD]))
    wrapped: int = 0

    @property
    def key_id(self) -> str:
        return self.real.key_id

    @property
    def key_ids(self) -> tuple[str, ...]:
        return self.real.key_ids

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        self.wrapped += 1
        if self.wrapped == self.nth:
            raise KeyboardInterrupt
        return self.real.wrap(data_key, context)

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        return self.real.unwrap(key_id, wrapped, context)


@dataclass
class Meddling(KilledAt):
    """A keyring during whose slow wrapping somebody else writes the row."""

    def __init__(self, session: Session, row_id: str, written: dict[str, object]) -> None:
        super().__init__(nth=0)
        self.session, self.row_id, self.written = session, row_id, written

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        self.session.execute(
            update(Credential)
            .where(Credential.id == self.row_id)
            .values(**self.written)
            .execution_options(synchronize_session=False)
        )
        return super().wrap(data_key, context)


def test_a_broken_row_says_nothing_of_why(db: Database, bakery: str) -> None:
    ids = seal_many(db, bakery, 1)
    with db.write() as session:
        session.execute(update(Credential).values(sealed_secret=b"\x02" + bytes(40)))
    with db.read() as session, pytest.raises(SealBroken) as broken:
        Vault(Keyring([OLD])).open_one(session, ids[0])
    assert str(broken.value) == "A stored secret cannot be opened."
    assert broken.value.__cause__ is None
