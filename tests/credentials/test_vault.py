"""Sealing into rows and opening from them, on both databases."""

import pytest
from sqlalchemy import select, text, update

from app.clients.models import Client
from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.vault import KeyMissing, SealBroken, Vault
from app.db import Database
from app.kit.errors import AppError, NotFound
from app.kit.secret import Secret
from tests.credentials.conftest import seal
from tests.credentials.samples import IN_60_DAYS, KEPT, LATER, NEW, NEXT_TOKEN, NOON, OLD, PIN, TOKEN, WABA


def test_a_sealed_token_opens_again_with_its_row_and_its_end(db: Database, vault: Vault, bakery: str) -> None:
    with db.write() as session:
        row = vault.seal(
            session,
            kind="business_token",
            client_id=bakery,
            subject=WABA,
            secret=TOKEN,
            now=NOON,
            facts={"scopes": ["whatsapp_business_messaging"]},
            expires_at=IN_60_DAYS,
        )
    with db.read() as session:
        opened = vault.open_current(session, kind="business_token", client_id=bakery, subject=WABA)
        assert opened is not None
        assert (opened.credential_id, opened.expires_at) == (row.id, IN_60_DAYS)
        assert opened.secret.reveal() == "EAAsampleTokenOfTheExampleBakery0001"
        kept = session.get_one(Credential, row.id)
        assert (kept.version, kept.facts) == (1, {"scopes": ["whatsapp_business_messaging"]})
        assert (kept.created_at, kept.retired_at, kept.inspected_at) == (NOON, None, None)
        assert vault.open_one(session, row.id).reveal() == "EAAsampleTokenOfTheExampleBakery0001"


def test_the_row_shows_the_end_of_a_token_and_nothing_of_a_pin(db: Database, vault: Vault, bakery: str) -> None:
    token, pin = seal(db, vault, bakery), seal(db, vault, bakery, PIN, kind="pin")
    assert (token.last_four, len(token.fingerprint or "")) == ("0001", 12)
    assert (pin.last_four, pin.fingerprint) == (None, None)


def test_a_kind_that_is_not_on_the_list_shows_no_end_however_long_it_is(
    db: Database, vault: Vault, bakery: str
) -> None:
    row = seal(db, vault, bakery, TOKEN, kind="pin")
    assert (row.last_four, row.fingerprint) == (None, None)


def test_a_short_token_shows_no_end(db: Database, vault: Vault, bakery: str) -> None:
    assert seal(db, vault, bakery, Secret("short")).last_four is None


def test_no_column_holds_the_secret_in_plain(db: Database, vault: Vault, bakery: str) -> None:
    seal(db, vault, bakery)
    seal(db, vault, bakery, PIN, kind="pin")
    with db.read() as session:
        for row in session.execute(text("SELECT * FROM credentials")).mappings():
            columns = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row.values())
            assert b"EAAsampleToken" not in columns
            assert b"402913" not in columns


def test_a_newer_secret_is_current_and_retires_the_older_which_still_opens(
    db: Database, vault: Vault, bakery: str
) -> None:
    first = seal(db, vault, bakery)
    with db.write() as session:
        second = vault.seal(
            session, kind="business_token", client_id=bakery, subject=WABA, secret=NEXT_TOKEN, now=LATER
        )
    with db.read() as session:
        opened = vault.open_current(session, kind="business_token", client_id=bakery, subject=WABA)
        assert opened is not None
        assert opened.credential_id == second.id
        old = session.get_one(Credential, first.id)
        assert (old.version, old.current_scope, old.retired_at) == (1, None, LATER)
        assert session.get_one(Credential, second.id).version == 2
        assert vault.open_one(session, first.id) == TOKEN


def test_versions_count_anew_for_each_client_each_kind_and_each_subject(
    db: Database, vault: Vault, bakery: str, garage: str
) -> None:
    assert [seal(db, vault, bakery).version for _ in range(2)] == [1, 2]
    assert seal(db, vault, garage).version == 1
    assert seal(db, vault, bakery, kind="pin").version == 1
    with db.write() as session:
        row = vault.seal(session, kind="pin", client_id=bakery, subject="1", secret=PIN, now=NOON)
    assert row.version == 1
    assert seal(db, vault, bakery).version == 3


def test_what_is_sealed_in_a_transaction_that_fails_never_was(db: Database, vault: Vault, bakery: str) -> None:
    first = seal(db, vault, bakery)

    def seal_and_fail() -> None:
        with db.write() as session:
            vault.seal(session, kind="business_token", client_id=bakery, subject=WABA, secret=NEXT_TOKEN, now=LATER)
            raise RuntimeError("the caller changed its mind")

    with pytest.raises(RuntimeError):
        seal_and_fail()
    with db.read() as session:
        opened = vault.open_current(session, kind="business_token", client_id=bakery, subject=WABA)
        assert opened is not None
        assert opened.credential_id == first.id


def test_there_is_nothing_current_where_nothing_was_sealed(
    db: Database, vault: Vault, bakery: str, garage: str
) -> None:
    seal(db, vault, bakery)
    with db.read() as session:
        assert vault.open_current(session, kind="business_token", client_id=garage, subject=WABA) is None
        assert vault.open_current(session, kind="pin", client_id=bakery, subject=WABA) is None
        assert vault.open_current(session, kind="business_token", client_id=bakery, subject="1") is None


def test_sealing_for_an_unknown_client_is_refused(db: Database, vault: Vault) -> None:
    with pytest.raises(NotFound, match=r"^There is no such client\.$"):
        seal(db, vault, "0192-nobody")


@pytest.mark.parametrize("column", ["sealed_secret", "sealed_data_key"])
@pytest.mark.parametrize("position", [0, 1, 12, 13, 20, -17, -16, -1])
def test_a_tampered_row_does_not_open(db: Database, vault: Vault, bakery: str, column: str, position: int) -> None:
    row = seal(db, vault, bakery)
    altered = bytearray(getattr(row, column))
    altered[position] ^= 1
    _write(db, row.id, **{column: bytes(altered)})
    _assert_broken(db, vault, row.id, bakery)


def test_a_row_whose_sealed_bytes_were_copied_from_another_does_not_open(
    db: Database, vault: Vault, bakery: str, garage: str
) -> None:
    mine, theirs = seal(db, vault, bakery), seal(db, vault, garage, NEXT_TOKEN)
    _write(db, mine.id, sealed_secret=theirs.sealed_secret, sealed_data_key=theirs.sealed_data_key)
    _assert_broken(db, vault, mine.id, bakery)


def test_a_row_whose_sealed_bytes_were_copied_from_the_same_clients_other_row_does_not_open(
    db: Database, vault: Vault, bakery: str
) -> None:
    """As whoever brings a token back that was retired would do."""
    old, current = seal(db, vault, bakery), seal(db, vault, bakery, NEXT_TOKEN)
    _write(db, current.id, sealed_secret=old.sealed_secret, sealed_data_key=old.sealed_data_key)
    _assert_broken(db, vault, current.id, bakery)


def test_a_row_sealed_in_format_1_opens_for_ever(db: Database, vault: Vault) -> None:
    with db.write() as session:
        session.add(Client(id="0192-client", name="Example Bakery", created_at=NOON))
        session.flush()
        session.add(
            Credential(
                id="0192-row",
                kind="business_token",
                client_id="0192-client",
                subject=WABA,
                version=1,
                sealed_secret=KEPT.secret,
                sealed_data_key=KEPT.data_key,
                key_id=KEPT.key_id,
                facts={},
                created_at=NOON,
            )
        )
    with db.read() as session:
        assert vault.open_one(session, "0192-row").reveal() == "EAATESTTOKEN"


def test_swapped_columns_do_not_open(db: Database, vault: Vault, bakery: str) -> None:
    row = seal(db, vault, bakery)
    _write(db, row.id, sealed_secret=row.sealed_data_key, sealed_data_key=row.sealed_secret)
    _assert_broken(db, vault, row.id, bakery)


def test_a_row_given_to_another_client_does_not_open(db: Database, vault: Vault, bakery: str, garage: str) -> None:
    row = seal(db, vault, bakery)
    _write(db, row.id, client_id=garage, current_scope=f"business_token:{garage}:{WABA}")
    _assert_broken(db, vault, row.id, garage)


def test_a_row_written_into_another_clients_scope_is_not_opened_for_it(
    db: Database, vault: Vault, bakery: str, garage: str
) -> None:
    row = seal(db, vault, bakery)
    _write(db, row.id, current_scope=f"business_token:{garage}:{WABA}")
    with db.read() as session, pytest.raises(SealBroken):
        vault.open_current(session, kind="business_token", client_id=garage, subject=WABA)


def test_a_pin_passed_off_as_a_token_does_not_open(db: Database, vault: Vault, bakery: str) -> None:
    row = seal(db, vault, bakery, PIN, kind="pin")
    _write(db, row.id, kind="business_token", current_scope=f"business_token:{bakery}:{WABA}")
    _assert_broken(db, vault, row.id, bakery)


def test_a_row_that_is_not_there_is_broken_like_any_other(db: Database, vault: Vault, bakery: str) -> None:
    with db.read() as session, pytest.raises(SealBroken) as broken:
        vault.open_one(session, "0192-nothing")
    assert isinstance(broken.value, AppError)
    assert (broken.value.status, broken.value.code) == (500, "seal_broken")
    assert str(broken.value) == "A stored secret cannot be opened."


def test_without_its_master_key_a_row_names_the_key_it_needs(db: Database, vault: Vault, bakery: str) -> None:
    row = seal(db, vault, bakery)
    with db.read() as session, pytest.raises(KeyMissing, match="630dcd29"):
        Vault(Keyring([NEW])).open_one(session, row.id)


def test_a_vault_names_the_key_that_seals_and_all_that_open() -> None:
    vault = Vault(Keyring([OLD, bytes(32)], ["", "alias/gangway"]))
    # head -c 32 /dev/zero | sha256sum
    assert (vault.key_id, vault.key_ids) == ("630dcd29", ("630dcd29", "66687aad"))
    assert [vault.keeper_of(key_id) for key_id in vault.key_ids] == ["", "alias/gangway"]


def test_a_vault_with_the_new_key_second_opens_what_the_new_key_sealed(db: Database, bakery: str) -> None:
    row = seal(db, Vault(Keyring([NEW, OLD])), bakery)
    with db.read() as session:
        assert Vault(Keyring([OLD, NEW])).open_one(session, row.id) == TOKEN


def test_the_database_itself_refuses_a_second_current_row(db: Database, vault: Vault, bakery: str) -> None:
    row = seal(db, vault, bakery)
    with db.write() as session:
        other = vault.seal(session, kind="business_token", client_id=bakery, subject="1", secret=TOKEN, now=NOON)
    with pytest.raises(Exception, match=r"(?i)unique"):
        _write(db, other.id, current_scope=row.current_scope)


def _write(db: Database, row_id: str, **columns: object) -> None:
    """What a person with access to the database could do."""
    with db.write() as session:
        session.execute(update(Credential).where(Credential.id == row_id).values(**columns))


def _assert_broken(db: Database, vault: Vault, row_id: str, client: str) -> None:
    with db.read() as session:
        assert session.scalar(select(Credential.id).where(Credential.id == row_id)) == row_id
        with pytest.raises(SealBroken):
            vault.open_one(session, row_id)
        with pytest.raises(SealBroken):
            vault.open_current(session, kind="business_token", client_id=client, subject=WABA)
