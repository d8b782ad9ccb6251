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
from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.db import Database
from app.kit.secret import Secret
from app.runtime import Runtime
from app.web import here
from tests.credentials.samples import NEW, NOON, OLD

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


def command_line(db: Database, *keys_newest_first: bytes) -> FlaskCliRunner:
    app = Flask("gangway")
    app.cli.add_command(keys)
    here.put(app, cast(Runtime, SimpleNamespace(db=db, vault=Vault(Keyring(keys_newest_first)))))
    return app.test_cli_runner()


def test_make_prints_a_key_that_the_settings_take() -> None:
    made = Flask("gangway").test_cli_runner().invoke(keys, ["make"])
    assert made.exit_code == 0
    assert len(Keyring.from_settings([SecretStr(made.output.strip())]).key_ids) == 1


def test_list_shows_each_keys_rows_and_standing(db: Database, three_tokens: list[str]) -> None:
    with db.write() as session:
        session.execute(update(Credential).where(Credential.id == three_tokens[0]).values(key_id="feedbeef"))
    listed = command_line(db, NEW, OLD).invoke(keys, ["list"])
    assert listed.exit_code == 0
    assert listed.output.splitlines() == [
        f"{NEW_ID}         0  newest",
        "630dcd29         2  older",
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
