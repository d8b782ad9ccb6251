"""`flask keys`, as a person types it."""

from types import SimpleNamespace
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from pydantic import SecretStr
from sqlalchemy import update

from app.cli.keys import keys
from app.clients.store import add_client
from app.credentials.key_service import new_entry
from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.db import Database
from app.kit.secret import Secret
from app.runtime import Runtime
from app.web import here
from tests.credentials.conftest import kms, running_kms
from tests.credentials.key_services import LOCAL, Kms, keyring
from tests.credentials.samples import NEW, NOON, OLD

__all__ = ["kms", "running_kms"]

OLD_ID, NEW_ID = "630dcd29", Keyring([NEW]).key_id


@pytest.fixture
def three_tokens(db: Database) -> list[str]:
    """Sealed with the old key, as before a rotation."""
    vault = Vault(Keyring([OLD]))
    with db.write() as session:
        bakery = add_client(
            session,
            name="Example Bakery",
            external_ref=None,
            contact_name=None,
            contact_email=None,
            language=None,
            now=NOON,
        )
        return [
            vault.seal(
                session,
                kind="business_token",
                client_id=bakery.id,
                subject=str(number),
                secret=Secret(f"EAAtoken-{number}"),
                now=NOON,
            ).id
            for number in range(3)
        ]


def command_line(db: Database, *keys_newest_first: bytes | Keyring) -> FlaskCliRunner:
    first = keys_newest_first[0]
    ring = (
        first if isinstance(first, Keyring) else Keyring([key for key in keys_newest_first if isinstance(key, bytes)])
    )
    app = Flask("gangway")
    app.cli.add_command(keys)
    here.put(app, cast(Runtime, SimpleNamespace(db=db, vault=Vault(ring))))
    return app.test_cli_runner()


def test_make_prints_a_key_that_the_settings_take() -> None:
    made = Flask("gangway").test_cli_runner().invoke(keys, ["make"])
    assert made.exit_code == 0
    assert len(Keyring.from_settings([SecretStr(made.output.strip())]).key_ids) == 1


def test_make_with_kms_prints_an_entry_that_kms_alone_opens(kms: Kms) -> None:
    arn = kms.add_key("alias/gangway-cli")
    made = Flask("gangway").test_cli_runner().invoke(keys, ["make", "--kms", "alias/gangway-cli"])
    assert made.exit_code == 0
    ring = Keyring.from_settings([SecretStr(made.output.strip())])
    assert [ring.keeper_of(key_id) for key_id in ring.key_ids] == [arn]


def test_make_with_a_key_kms_does_not_have_says_so(kms: Kms) -> None:
    made = Flask("gangway").test_cli_runner().invoke(keys, ["make", "--kms", "alias/nobody"])
    assert made.exit_code == 1
    assert "alias/nobody: there is no such KMS key" in made.stderr


def test_list_shows_which_key_at_kms_keeps_one(db: Database, kms: Kms) -> None:
    arn = kms.add_key()
    ring = keyring(new_entry(arn), LOCAL)
    listed = command_line(db, ring).invoke(keys, ["list"])
    assert listed.output.splitlines() == [
        f"{ring.key_id}         0  newest  kept by AWS KMS, {arn}",
        "630dcd29         0  older   kept by the settings",
    ]


def test_list_shows_each_keys_rows_and_standing(db: Database, three_tokens: list[str]) -> None:
    with db.write() as session:
        session.execute(update(Credential).where(Credential.id == three_tokens[0]).values(key_id="feedbeef"))
    listed = command_line(db, NEW, OLD).invoke(keys, ["list"])
    assert listed.exit_code == 0
    assert listed.output.splitlines() == [
        f"{NEW_ID}         0  newest  kept by the settings",
        "630dcd29         2  older   kept by the settings",
        "feedbeef         1  MISSING from CREDENTIAL_KEYS",
    ]


def test_rotate_puts_all_under_the_newest_key_and_says_how_many(db: Database, three_tokens: list[str]) -> None:
    rotated = command_line(db, NEW, OLD).invoke(keys, ["rotate", "--batch", "2"])
    assert rotated.exit_code == 0
    assert rotated.stdout == f"3 credentials put under key {NEW_ID}, 0 left under older keys.\n"
    assert rotated.stderr.splitlines() == ["2 rewrapped", "3 rewrapped"]
    with db.read() as session:
        assert Vault(Keyring([NEW])).open_one(session, three_tokens[0]).reveal() == "EAAtoken-0"


def test_rotate_fails_and_names_what_it_could_not_open(db: Database, three_tokens: list[str]) -> None:
    with db.write() as session:
        session.execute(update(Credential).where(Credential.id == three_tokens[1]).values(key_id="feedbeef"))
    rotated = command_line(db, NEW, OLD).invoke(keys, ["rotate"])
    assert rotated.exit_code == 1
    assert rotated.stdout == f"2 credentials put under key {NEW_ID}, 1 left under older keys.\n"
    assert f"cannot be opened: credential {three_tokens[1]}" in rotated.stderr
    assert "Keep the older keys" in rotated.stderr


def test_no_command_prints_a_key_or_a_token(db: Database, three_tokens: list[str]) -> None:
    line = command_line(db, NEW, OLD)
    printed = line.invoke(keys, ["list"]).output + line.invoke(keys, ["rotate"]).output
    assert "EAAtoken" not in printed
    assert OLD.hex() not in printed
    assert "AAECAwQFBgcICQ" not in printed
