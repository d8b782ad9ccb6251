"""Several sealers and readers of the same scope at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, text

from app.credentials.models import Credential
from app.credentials.succession import Heir
from app.credentials.vault import Vault
from app.db import Database
from app.kit.secret import Secret
from app.onboarding.models import Onboarding
from tests.credentials.conftest import seal
from tests.credentials.samples import NOON, WABA

SEALERS = 8


def test_of_many_sealers_at_once_all_are_kept_in_order_and_the_last_is_current(
    db: Database, vault: Vault, bakery: str
) -> None:
    start = Barrier(SEALERS)

    def seal(number: int) -> str:
        start.wait(timeout=30)
        with db.write() as session:
            secret = Secret(f"EAAtoken-of-sealer-{number}")
            return vault.seal(
                session, kind="business_token", client_id=bakery, subject=WABA, secret=secret, now=NOON
            ).id

    with ThreadPoolExecutor(SEALERS) as pool:
        sealed = set(pool.map(seal, range(SEALERS)))
    with db.read() as session:
        rows = session.scalars(select(Credential).order_by(Credential.version)).all()
        assert {row.id for row in rows} == sealed
        assert [row.version for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8]
        assert [row.current_scope is not None for row in rows] == [False] * 7 + [True]
        assert {vault.open_one(session, row.id).reveal() for row in rows} == {
            f"EAAtoken-of-sealer-{number}" for number in range(SEALERS)
        }


def test_two_tabs_that_name_the_same_account_at_once_leave_one_current_token(
    db: Database, vault: Vault, bakery: str
) -> None:
    with db.write() as session:
        ids = [
            vault.seal(
                session,
                kind="business_token",
                client_id=bakery,
                subject=f"onboarding-{tab}",
                secret=Secret(f"EAAtoken-of-tab-{tab}"),
                now=NOON,
            ).id
            for tab in range(SEALERS)
        ]
    start = Barrier(SEALERS)

    def name(row_id: str) -> None:
        start.wait(timeout=30)
        with db.write() as session:
            vault.identify(session, row_id, subject=WABA, facts={}, expires_at=None, now=NOON)

    with ThreadPoolExecutor(SEALERS) as pool:
        list(pool.map(name, ids))
    with db.read() as session:
        rows = session.scalars(select(Credential).order_by(Credential.version)).all()
        assert [(row.version, row.subject) for row in rows] == [(n, WABA) for n in range(1, SEALERS + 1)]
        opened = vault.open_current(session, kind="business_token", client_id=bakery, subject=WABA)
        assert opened is not None
        assert opened.credential_id == rows[-1].id


def test_batches_beside_clients_who_connect_again_keep_every_token_in_order(
    db: Database, vault: Vault, bakery: str, garage: str
) -> None:
    """Whichever comes first, nobody waits for somebody who waits for them, and no version is given twice."""
    start = Barrier(SEALERS)

    def follow(number: int) -> int:
        clients = (bakery, garage) if number % 4 else (garage, bakery)
        new = Secret(f"EAAnew-token-of-batch-{number}")
        heirs = [Heir(old[client], "business_token", client, new, {}, None) for client in clients]
        ready = vault.prepare(heirs, now=NOON)
        start.wait(timeout=30)
        with db.write() as session:
            return len(vault.succeed(session, ready, now=NOON))

    def connect_again(number: int) -> int:
        client = bakery if number % 4 == 1 else garage
        start.wait(timeout=30)
        seal(db, vault, client, Secret(f"EAAtoken-of-signup-{number}"))
        return 1

    sealed = 0
    for turn in range(10):
        old = {client: seal(db, vault, client, Secret(f"EAAold-token-{turn}")).id for client in (bakery, garage)}
        with ThreadPoolExecutor(SEALERS) as pool:
            sealed += 2 + sum(pool.map(lambda one: connect_again(one) if one % 2 else follow(one), range(SEALERS)))
    with db.read() as session:
        for client in (bakery, garage):
            rows = session.scalars(
                select(Credential).where(Credential.client_id == client).order_by(Credential.version)
            ).all()
            assert [row.version for row in rows] == list(range(1, len(rows) + 1))
            assert [row.current_scope is not None for row in rows] == [False] * (len(rows) - 1) + [True]
            sealed -= len(rows)
    assert sealed == 0


@pytest.mark.parametrize("db", ["postgres"], indirect=True)
def test_whoever_seals_for_a_client_keeps_nobody_from_adding_rows_that_refer_to_it(
    db: Database, vault: Vault, bakery: str
) -> None:
    """Where a server locks rows. On SQLite whoever writes is alone."""
    with db.write() as sealing, db.write() as other:
        vault.seal(sealing, kind="business_token", client_id=bakery, subject=WABA, secret=Secret("EAAtoken"), now=NOON)
        other.execute(text("SET LOCAL lock_timeout = '3s'"))
        other.add(
            Onboarding(
                reference="onb_7Q2F-4KDM",
                client_id=bakery,
                plan="standard",
                plan_asked="standard",
                waba_id=WABA,
                test_word="K7QX",
                begun_at=NOON,
            )
        )
        other.flush()


def test_a_reader_always_finds_a_current_token_while_it_is_replaced(db: Database, vault: Vault, bakery: str) -> None:
    def seal(number: int) -> None:
        with db.write() as session:
            vault.seal(
                session,
                kind="business_token",
                client_id=bakery,
                subject=WABA,
                secret=Secret(f"EAAtoken-{number}"),
                now=NOON,
            )

    def read(_: int) -> bool:
        with db.read() as session:
            return vault.open_current(session, kind="business_token", client_id=bakery, subject=WABA) is not None

    seal(0)
    with ThreadPoolExecutor(6) as pool:
        sealing = [pool.submit(seal, number) for number in range(1, 30)]
        found = list(pool.map(read, range(120)))
        for each in sealing:
            each.result(timeout=60)
    assert found == [True] * 120
