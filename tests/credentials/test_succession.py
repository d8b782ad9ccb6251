"""New tokens take the place of old ones, many at once; what became current meanwhile is left alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.succession import Heir
from app.credentials.vault import Vault
from app.db import Database
from app.kit.secret import Secret
from tests.credentials.conftest import seal
from tests.credentials.samples import NEW as OTHER_KEY
from tests.credentials.samples import NOON, PIN, TOKEN, WABA

LATER = NOON + timedelta(days=46)
END = LATER + timedelta(days=60)
NEW = Secret("EAAnew-token-of-the-example-bakery-wxyz")
FACTS = {"scopes": ["whatsapp_business_management"], "type": "SYSTEM_USER"}


def heir_of(row: Credential, secret: Secret = NEW) -> Heir:
    return Heir(row.id, row.kind, row.client_id, secret, FACTS, END)


def succeed(db: Database, vault: Vault, *heirs: Heir) -> dict[str, str]:
    """Old row to new row, of those that were followed."""
    ready = vault.prepare(heirs, now=LATER)
    with db.write() as session:
        followed = vault.succeed(session, ready, now=LATER)
    return {one.heir.before: one.row_id for one in ready if one.heir.before in followed}


def test_many_are_opened_at_once_and_what_cannot_be_opened_is_left_out(
    db: Database, vault: Vault, bakery: str, garage: str
) -> None:
    first, second = seal(db, vault, bakery), seal(db, vault, garage, NEW)
    foreign = seal(db, Vault(Keyring([OTHER_KEY])), bakery, PIN, kind="pin")
    with db.read() as session:
        opened = vault.open_many(session, [first.id, second.id, foreign.id, "0192-nothing"])
    assert opened == {first.id: TOKEN, second.id: NEW}


def test_the_new_token_is_current_and_the_old_one_stays_readable(db: Database, vault: Vault, bakery: str) -> None:
    old = seal(db, vault, bakery)
    followed = succeed(db, vault, heir_of(old))
    with db.read() as session:
        before = session.get_one(Credential, old.id)
        after = session.get_one(Credential, followed[old.id])
        opened = vault.open_current(session, kind="business_token", client_id=bakery, subject=WABA)
        assert opened is not None
        assert (opened.credential_id, opened.secret, opened.expires_at) == (after.id, NEW, END)
        assert vault.open_one(session, old.id) == TOKEN
    assert (before.current_scope, before.retired_at) == (None, LATER)
    assert (after.kind, after.client_id, after.subject, after.version) == ("business_token", bakery, WABA, 2)
    assert after.current_scope == f"business_token:{bakery}:{WABA}"
    assert (after.last_four, after.facts, after.inspected_at, after.created_at) == ("wxyz", FACTS, LATER, LATER)
    assert after.retired_at is None


def test_a_token_that_was_overtaken_is_not_followed(db: Database, vault: Vault, bakery: str) -> None:
    old = seal(db, vault, bakery)
    newer = seal(db, vault, bakery, Secret("EAAtoken-of-another-signup-000000"))
    assert succeed(db, vault, heir_of(old)) == {}
    with db.read() as session:
        rows = session.scalars(select(Credential).order_by(Credential.version)).all()
    assert [(row.id, row.current_scope is not None) for row in rows] == [(old.id, False), (newer.id, True)]


def test_of_several_those_that_are_current_are_followed(db: Database, vault: Vault, bakery: str, garage: str) -> None:
    gone, lives = seal(db, vault, bakery), seal(db, vault, garage)
    seal(db, vault, bakery, Secret("EAAtoken-of-another-signup-000000"))
    others = Secret("EAAnew-token-of-the-example-garage-wxyz")
    followed = succeed(db, vault, heir_of(gone), heir_of(lives, others))
    assert list(followed) == [lives.id]
    with db.read() as session:
        assert vault.open_one(session, followed[lives.id]) == others


def test_an_heir_is_followed_once(db: Database, vault: Vault, bakery: str) -> None:
    old = seal(db, vault, bakery)
    assert len(succeed(db, vault, heir_of(old))) == 1
    assert succeed(db, vault, heir_of(old)) == {}


@pytest.mark.parametrize(("kind", "shown"), [("business_token", "wxyz"), ("pin", None)])
def test_the_last_characters_of_what_can_be_guessed_are_not_kept(
    db: Database, vault: Vault, bakery: str, kind: str, shown: str | None
) -> None:
    old = seal(db, vault, bakery, kind=kind)
    followed = succeed(db, vault, heir_of(old))
    with db.read() as session:
        after = session.get_one(Credential, followed[old.id])
    assert after.last_four == shown
    assert (after.fingerprint is None) == (shown is None)
