"""A failed call is judged by the token it used, and by nothing else; nobody who calls has to think of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.clients.store import add_client
from app.credentials.judging import DeadTokens, judge
from app.credentials.keyring import Keyring
from app.credentials.models import Credential, TokenWatch
from app.credentials.partner import PartnerTokens
from app.credentials.vault import Vault
from app.db import Database
from app.kit.secret import Secret
from app.meta.errors import MetaBusy, PermissionMissing, TokenDead
from app.numbers.models import Account
from tests.conftest import Rings

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
VAULT = Vault(Keyring([bytes(range(32))]))


@pytest.fixture
def client(db: Database) -> str:
    with db.write() as session:
        row = add_client(
            session,
            name="Example Bakery",
            external_ref=None,
            contact_name=None,
            contact_email=None,
            language=None,
            now=NOON,
        )
        session.add(Account(client_id=row.id, waba_id="1", seen_at=NOON, told={}))
        return row.id


def seal(db: Database, client: str, token: str, *, subject: str = "1") -> str:
    with db.write() as session:
        given: dict[str, Any] = {"kind": "business_token", "client_id": client, "subject": subject, "now": NOON}
        return VAULT.seal(session, secret=Secret(token), inspected=True, **given).id


def standing(db: Database) -> tuple[str, str | None, datetime | None]:
    with db.read() as session:
        watch = session.scalars(select(TokenWatch)).one()
        account = session.scalars(select(Account)).one()
        return watch.state, watch.suspected, account.token_dead_at


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492])
def test_a_subcode_that_leaves_no_doubt_stops_sending_at_once(db: Database, client: str, subcode: int) -> None:
    key = seal(db, client, "EAAfirst")
    with db.write() as session:
        assert judge(session, key, TokenDead(code=190, subcode=subcode), now=NOON)
    assert standing(db) == ("dead", f"190/{subcode}", NOON)


def test_a_token_that_may_only_be_mangled_is_asked_about_first(db: Database, client: str) -> None:
    key = seal(db, client, "EAAfirst")
    with db.write() as session:
        assert judge(session, key, TokenDead(code=190), now=NOON)
        assert not judge(session, key, TokenDead(code=190), now=NOON)
    assert standing(db) == ("new", "190/", None)


def test_a_token_that_was_replaced_meanwhile_is_nobodys_trouble(db: Database, client: str) -> None:
    old = seal(db, client, "EAAfirst")
    seal(db, client, "EAAsecond")
    with db.write() as session:
        assert not judge(session, old, TokenDead(code=190, subcode=467), now=NOON)
    assert standing(db) == ("new", None, None)


def test_what_is_no_death_says_nothing_of_the_token(db: Database, client: str) -> None:
    key = seal(db, client, "EAAfirst")
    with db.write() as session:
        assert not judge(session, key, PermissionMissing(code=200), now=NOON)
        assert not judge(session, key, MetaBusy(code=4), now=NOON)
    assert standing(db) == ("new", None, None)


def test_a_new_token_brings_a_dead_account_back_in_the_same_transaction(db: Database, client: str) -> None:
    key = seal(db, client, "EAAfirst")
    with db.write() as session:
        judge(session, key, TokenDead(code=190, subcode=458), now=NOON)
    new = seal(db, client, "EAAsecond")
    assert standing(db) == ("new", None, None)
    with db.read() as session:
        watch = session.scalars(select(TokenWatch)).one()
        assert (watch.credential_id, watch.due_at) == (new, NOON)
        assert session.scalars(select(Credential.id).where(Credential.current_scope.is_not(None))).all() == [new]


def dead(token: str) -> TokenDead:
    error = TokenDead(code=190, subcode=460)
    error.token = Secret(token)
    return error


def suspected(db: Database) -> dict[str, str | None]:
    with db.read() as session:
        return {watch.subject: watch.suspected for watch in session.scalars(select(TokenWatch))}


def test_a_dead_call_finds_every_row_its_token_is_sealed_in_and_wakes_whoever_looks(
    db: Database, client: str, rings: Rings
) -> None:
    for subject, token in (("1", "EAAshared"), ("2", "EAAshared"), ("3", "EAAother")):
        seal(db, client, token, subject=subject)
    hear = DeadTokens(db, PartnerTokens(), rings.ring)
    hear(dead("EAAshared"))
    hear(dead("EAAshared"))
    assert suspected(db) == {"1": "190/460", "2": "190/460", "3": None}
    assert rings.rung == ["tokens"]


def test_a_dead_token_that_counts_nowhere_changes_nothing(db: Database, client: str, rings: Rings) -> None:
    seal(db, client, "EAAfirst")
    seal(db, client, "EAAsecond")
    hear = DeadTokens(db, PartnerTokens(), rings.ring)
    for token in ("EAAfirst", "EAAunknown", "100|appsecret"):
        hear(dead(token))
    assert (suspected(db), rings.rung) == ({"1": None}, [])


def test_a_database_that_is_away_keeps_no_caller_from_hearing_what_meta_said(rings: Rings) -> None:
    away = Database("sqlite:////nowhere/at/all/gangway.db")
    DeadTokens(away, PartnerTokens(), rings.ring)(dead("EAAfirst"))
    assert rings.rung == []
