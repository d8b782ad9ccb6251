"""A secret without a successor: nothing opens it any more, and its sealed row stays."""

from app.credentials.models import Credential
from app.credentials.retirement import retire
from app.credentials.vault import Vault
from app.db import Database
from tests.credentials.conftest import seal
from tests.credentials.samples import LATER, NEXT_TOKEN, PIN, TOKEN, WABA


def retired(db: Database, client: str, *, kind: str = "business_token", subject: str = WABA) -> bool:
    with db.write() as session:
        return retire(session, kind=kind, client_id=client, subject=subject, now=LATER)


def opens(db: Database, vault: Vault, client: str, kind: str = "business_token") -> bool:
    with db.read() as session:
        return vault.open_current(session, kind=kind, client_id=client, subject=WABA) is not None


def test_a_retired_secret_is_current_no_more_and_its_row_stays(db: Database, vault: Vault, bakery: str) -> None:
    row = seal(db, vault, bakery)
    assert retired(db, bakery)
    assert not opens(db, vault, bakery)
    with db.read() as session:
        kept = session.get_one(Credential, row.id)
        assert (kept.current_scope, kept.retired_at) == (None, LATER)
        assert vault.open_one(session, row.id) == TOKEN


def test_only_that_very_secret_is_retired(db: Database, vault: Vault, bakery: str, garage: str) -> None:
    seal(db, vault, bakery)
    seal(db, vault, garage)
    seal(db, vault, bakery, PIN, kind="pin")
    assert retired(db, bakery)
    assert opens(db, vault, garage)
    assert opens(db, vault, bakery, "pin")


def test_where_nothing_is_current_nothing_is_retired(db: Database, vault: Vault, bakery: str) -> None:
    assert not retired(db, bakery)
    seal(db, vault, bakery)
    assert not retired(db, bakery, subject="1")
    assert retired(db, bakery)
    assert not retired(db, bakery)


def test_what_is_sealed_later_is_current_again(db: Database, vault: Vault, bakery: str) -> None:
    seal(db, vault, bakery)
    retired(db, bakery)
    assert seal(db, vault, bakery, NEXT_TOKEN).version == 2
    assert opens(db, vault, bakery)
