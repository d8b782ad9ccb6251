"""The clients and the vault that the credentials' tests work with."""

import pytest

from app.clients.store import add_client
from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.db import Database
from app.kit.secret import Secret
from tests.credentials.samples import NOON, OLD, TOKEN, WABA


@pytest.fixture
def vault() -> Vault:
    return Vault(Keyring([OLD]))


@pytest.fixture
def bakery(db: Database) -> str:
    """The id of Example Bakery."""
    return new_client(db, "Example Bakery")


@pytest.fixture
def garage(db: Database) -> str:
    """The id of Example Garage, who must never see what is the bakery's."""
    return new_client(db, "Example Garage")


def new_client(db: Database, name: str) -> str:
    with db.write() as session:
        return add_client(
            session, name=name, external_ref=None, contact_name=None, contact_email=None, language=None, now=NOON
        ).id


def seal(db: Database, vault: Vault, client: str, secret: Secret = TOKEN, kind: str = "business_token") -> Credential:
    with db.write() as session:
        return vault.seal(session, kind=kind, client_id=client, subject=WABA, secret=secret, now=NOON)
