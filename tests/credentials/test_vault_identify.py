"""What Meta says of a token, and what a secret opens where that is known only after it was sealed."""

import pytest

from app.credentials.models import Credential
from app.credentials.vault import SealBroken, Vault
from app.db import Database
from app.kit.errors import Conflict
from tests.credentials.conftest import seal
from tests.credentials.samples import IN_60_DAYS, LATER, NEXT_TOKEN, NOON, WABA


def test_an_inspection_is_noted_and_none_means_the_token_never_ends(db: Database, vault: Vault, bakery: str) -> None:
    row = seal(db, vault, bakery)
    with db.write() as session:
        vault.identify(session, row.id, subject=WABA, facts={"app_id": "1000001"}, expires_at=IN_60_DAYS, now=LATER)
    with db.read() as session:
        kept = session.get_one(Credential, row.id)
        assert (kept.facts, kept.expires_at, kept.inspected_at) == ({"app_id": "1000001"}, IN_60_DAYS, LATER)
    with db.write() as session:
        vault.identify(session, row.id, subject=WABA, facts={}, expires_at=None, now=LATER)
    with db.read() as session:
        assert session.get_one(Credential, row.id).expires_at is None


def test_an_inspection_of_a_row_that_is_gone_says_so(db: Database, vault: Vault) -> None:
    with db.write() as session, pytest.raises(SealBroken):
        vault.identify(session, "0192-nothing", subject=WABA, facts={}, expires_at=None, now=NOON)


def test_a_token_gets_its_subject_later_and_retires_what_was_current_there(
    db: Database, vault: Vault, bakery: str
) -> None:
    before = seal(db, vault, bakery)
    with db.write() as session:
        fresh = vault.seal(
            session, kind="business_token", client_id=bakery, subject="0192-onboarding", secret=NEXT_TOKEN, now=NOON
        )
        vault.identify(session, fresh.id, subject=WABA, facts={}, expires_at=None, now=LATER)
    with db.read() as session:
        opened = vault.open_current(session, kind="business_token", client_id=bakery, subject=WABA)
        assert opened is not None
        assert (opened.credential_id, opened.secret) == (fresh.id, NEXT_TOKEN)
        assert vault.open_current(session, kind="business_token", client_id=bakery, subject="0192-onboarding") is None
        assert session.get_one(Credential, fresh.id).version == 2
        old = session.get_one(Credential, before.id)
        assert (old.current_scope, old.retired_at) == (None, LATER)


def test_naming_the_subject_it_has_makes_no_new_version(db: Database, vault: Vault, bakery: str) -> None:
    row = seal(db, vault, bakery)
    with db.write() as session:
        again = vault.identify(session, row.id, subject=WABA, facts={}, expires_at=None, now=LATER)
        assert (again.version, again.retired_at, again.current_scope) == (1, None, f"business_token:{bakery}:{WABA}")


def test_a_replaced_token_cannot_come_back_under_another_subject(db: Database, vault: Vault, bakery: str) -> None:
    first = seal(db, vault, bakery)
    seal(db, vault, bakery, NEXT_TOKEN)
    told = r"^This credential was replaced by a newer one\.$"
    with db.write() as session, pytest.raises(Conflict, match=told):
        vault.identify(session, first.id, subject="1", facts={}, expires_at=None, now=LATER)
