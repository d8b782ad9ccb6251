"""The clients and the vault that the credentials' tests work with."""

from collections.abc import Iterator

import pytest

from app.clients.store import add_client
from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.db import Database
from app.kit.secret import Secret
from tests.credentials.key_services import Kms, motos_kms, use
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


@pytest.fixture(scope="session")
def running_kms() -> Iterator[Kms]:
    with motos_kms() as kms:
        yield kms


@pytest.fixture
def kms(running_kms: Kms, monkeypatch: pytest.MonkeyPatch) -> Kms:
    """AWS KMS, and we are somebody there."""
    use(monkeypatch, running_kms.url)
    return running_kms
