import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.access.keys import find_key, get_key, list_keys, make_key, recognise, revoke_key
from app.access.models import ApiKey
from app.audit.store import Actor, list_of
from app.db import Database
from app.kit.errors import InvalidInput, NotFound
from app.kit.secret import Secret
from tests.access.conftest import NOON


def made(db: Database, name: str = "CRM", scopes: tuple[str, ...] = ("links:write",)) -> tuple[ApiKey, Secret]:
    with db.write() as session:
        return make_key(session, name, scopes, NOON)


def test_a_key_has_a_shape_that_scanners_know(db: Database) -> None:
    row, secret = made(db)
    assert re.fullmatch(r"gw_live_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", secret.reveal())
    assert secret.reveal().startswith(f"gw_live_{row.prefix}_")


def test_a_key_is_recognised_with_its_scopes(db: Database) -> None:
    row, secret = made(db, scopes=("onboardings:read", "links:read", "links:read"))
    program = recognise(db, secret.reveal(), now=NOON)
    assert program is not None
    assert (program.key_id, program.name, program.scopes) == (row.id, "CRM", {"links:read", "onboardings:read"})
    assert program.actor == Actor("key", row.id)


def test_the_secret_is_not_in_the_table_and_not_in_the_ledger(db: Database) -> None:
    row, secret = made(db)
    rest = secret.reveal().removeprefix(f"gw_live_{row.prefix}_")
    with db.read() as session:
        stored = session.scalars(select(ApiKey)).one()
        entries = list_of(session, "api_key", row.id)
        assert rest not in str(vars(stored))
        assert [(entry.action, rest in str(entry.facts)) for entry in entries] == [("api_key.made", False)]


def test_a_foreign_or_mixed_key_is_nobody(db: Database) -> None:
    _, one = made(db)
    _, other = made(db)
    mixed = one.reveal()[:17] + other.reveal()[17:]
    for presented in (mixed, one.reveal()[:-1], one.reveal() + "A", one.reveal().upper(), "", "gw_live_"):
        assert recognise(db, presented, now=NOON) is None


def test_a_revoked_key_is_nobody_and_stays_listed(db: Database) -> None:
    row, secret = made(db)
    for _ in range(2):
        with db.write() as session:
            revoke_key(session, get_key(session, row.prefix), NOON)
    assert recognise(db, secret.reveal(), now=NOON) is None
    with db.read() as session:
        assert [key.revoked_at for key in list_keys(session)] == [NOON]
        assert [entry.action for entry in list_of(session, "api_key", row.id)].count("api_key.revoked") == 1


def test_last_use_is_written_at_most_once_a_minute(db: Database) -> None:
    row, secret = made(db)
    for seconds in (0, 30, 59):
        recognise(db, secret.reveal(), now=NOON + timedelta(seconds=seconds))
    with db.read() as session:
        assert get_key(session, row.prefix).used_at == NOON
    recognise(db, secret.reveal(), now=NOON + timedelta(seconds=60))
    with db.read() as session:
        assert get_key(session, row.prefix).used_at == NOON + timedelta(seconds=60)


def test_unknown_scopes_no_scopes_and_no_name_are_refused(db: Database) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(db, name=" ", scopes=("links:burn",))
    assert [fault.field for fault in refused.value.faults] == ["scopes", "name"]
    with pytest.raises(InvalidInput):
        made(db, scopes=())


def test_an_unknown_prefix_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound), db.read() as session:
        get_key(session, "nothere2")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text(max_size=120) | st.from_regex(r"gw_live_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", fullmatch=True))
def test_nothing_but_a_key_is_a_key(db: Database, presented: str) -> None:
    with db.read() as session:
        assert find_key(session, presented, NOON) is None
