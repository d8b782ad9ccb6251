"""The whole application over real parts, and its staff. Nothing answers at Meta's address: no page telephones."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.access.models import Staff
from app.access.passwords import hash_password
from app.credentials.keyring import Keyring
from app.credentials.vault import Vault
from app.db import Database
from app.factory import create_app
from app.kit.secret import Secret
from app.meta.client import Meta
from app.runtime import Runtime
from config import Settings
from tests.conftest import Rings
from tests.console.staff import RIGHT, Desk, add_robin
from tests.onboarding.conftest import graph_of


@pytest.fixture
def rt(db: Database, settings: Settings, rings: Rings) -> Iterator[Runtime]:
    graph = graph_of(settings)
    yield Runtime(
        settings=settings,
        db=db,
        meta=Meta.over(graph),
        vault=Vault(Keyring.from_settings(settings.credential_keys)),
        wakes=rings,
        close=db.dispose,
    )
    graph._adapter.close()


@pytest.fixture(scope="session")
def right_hash() -> str:
    """Hashing takes 0.2 s on purpose; one hash serves all tests."""
    return hash_password(Secret(RIGHT))


@pytest.fixture
def app(rt: Runtime) -> Flask:
    return create_app(rt)


@pytest.fixture
def robin(rt: Runtime, right_hash: str) -> Staff:
    return add_robin(rt, right_hash)


@pytest.fixture
def nobody(app: Flask, rt: Runtime) -> Desk:
    return Desk.of_nobody(app, rt)


@pytest.fixture
def desk(app: Flask, rt: Runtime, robin: Staff) -> Desk:
    return Desk.of(app, rt, robin)
