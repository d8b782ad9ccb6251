"""A failed call is judged by the token it used, and by nothing else; nobody who calls has to think of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update
from structlog.testing import capture_logs

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
LATER = NOON + timedelta(hours=1)
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


def test_whatever_is_suspected_is_looked_at_at_once(db: Database, client: str) -> None:
    key = seal(db, client, "EAAfirst")
    with db.write() as session:
        assert judge(session, key, TokenDead(code=190, subcode=467), now=LATER)
    with db.read() as session:
        watch = session.scalars(select(TokenWatch)).one()
    assert (watch.due_at, watch.dead_since) == (LATER, LATER)


def test_a_death_that_meta_gave_no_number_is_kept_as_that(db: Database, client: str) -> None:
    key = seal(db, client, "EAAfirst")
    with db.write() as session:
        assert judge(session, key, TokenDead(), now=LATER)
    assert standing(db) == ("new", "/", None)


def test_a_token_that_is_known_to_be_dead_is_not_judged_again(db: Database, client: str) -> None:
    """As a look found it, which leaves no suspicion behind."""
    key = seal(db, client, "EAAfirst")
    with db.write() as session:
        session.execute(update(TokenWatch).values(state="dead", suspected=None))
        assert not judge(session, key, TokenDead(code=190, subcode=467), now=NOON)
    assert standing(db) == ("dead", None, None)


def test_a_row_that_is_current_no_more_is_not_judged_though_somebody_watches_it_yet(db: Database, client: str) -> None:
    key = seal(db, client, "EAAfirst")
    with db.write() as session:
        session.execute(update(Credential).values(current_scope=None))
        assert not judge(session, key, TokenDead(code=190, subcode=467), now=NOON)
    assert standing(db) == ("new", None, None)


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


def dead(token: str, *, subcode: int | None = 460) -> TokenDead:
    error = TokenDead(code=190, subcode=subcode)
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


def test_of_a_thousand_calls_with_one_suspected_token_the_first_alone_is_told(
    db: Database, client: str, rings: Rings
) -> None:
    seal(db, client, "EAAfirst")
    hear = DeadTokens(db, PartnerTokens(), rings.ring)
    with capture_logs() as lines:
        for _ in range(3):
            hear(dead("EAAfirst", subcode=None))
    assert (suspected(db), rings.rung) == ({"1": "190/"}, ["tokens"])
    assert len(lines) == 1


def test_a_token_that_a_look_has_found_dead_wakes_nobody(db: Database, client: str, rings: Rings) -> None:
    seal(db, client, "EAAfirst")
    with db.write() as session:
        session.execute(update(TokenWatch).values(state="dead", suspected=None))
    DeadTokens(db, PartnerTokens(), rings.ring)(dead("EAAfirst"))
    assert (suspected(db), rings.rung) == ({"1": None}, [])


def test_a_row_that_is_current_no_more_wakes_nobody(db: Database, client: str, rings: Rings) -> None:
    seal(db, client, "EAAfirst")
    with db.write() as session:
        session.execute(update(Credential).values(current_scope=None))
    DeadTokens(db, PartnerTokens(), rings.ring)(dead("EAAfirst"))
    assert rings.rung == []


def test_a_dead_call_is_judged_as_of_now_and_our_own_token_is_read_anew(
    db: Database, client: str, rings: Rings
) -> None:
    """The log names the rows and Meta's numbers, and nothing of the token."""
    forgotten: list[bool] = []

    class Remembered(PartnerTokens):
        def forget(self) -> None:
            forgotten.append(True)

    key = seal(db, client, "EAAfirst")
    with time_machine.travel(LATER, tick=False), capture_logs() as lines:
        DeadTokens(db, Remembered(), rings.ring)(dead("EAAfirst"))
    assert standing(db) == ("dead", "190/460", LATER)
    with db.read() as session:
        assert session.scalars(select(TokenWatch.due_at)).one() == LATER
    assert forgotten == [True]
    assert lines == [{"event": "token_dead", "log_level": "warning", "credentials": [key], "code": 190, "subcode": 460}]


def test_a_dead_token_that_counts_nowhere_changes_nothing(db: Database, client: str, rings: Rings) -> None:
    seal(db, client, "EAAfirst")
    seal(db, client, "EAAsecond")
    hear = DeadTokens(db, PartnerTokens(), rings.ring)
    for token in ("EAAfirst", "EAAunknown", "100|appsecret"):
        hear(dead(token))
    assert (suspected(db), rings.rung) == ({"1": None}, [])


def test_a_database_that_is_away_keeps_no_caller_from_hearing_what_meta_said(rings: Rings) -> None:
    away = Database("sqlite:////nowhere/at/all/gangway.db")
    with capture_logs() as lines:
        DeadTokens(away, PartnerTokens(), rings.ring)(dead("EAAfirst"))
    assert rings.rung == []
    assert lines == [{"event": "dead_token_not_kept", "log_level": "warning", "kind": "OperationalError"}]
