"""The whole application over real parts, and its staff. Nothing answers at Meta's address: no page telephones."""

import pytest
from flask import Flask

from app.access.models import Staff
from app.factory import create_app
from app.runtime import Runtime
from tests.console.staff import Desk, add_robin


@pytest.fixture
def app(rt: Runtime) -> Flask:
    return create_app(rt)


@pytest.fixture
def robin(rt: Runtime, quick_hashing: None) -> Staff:
    return add_robin(rt)


@pytest.fixture
def nobody(app: Flask, rt: Runtime, quick_hashing: None) -> Desk:
    return Desk.of_nobody(app, rt)


@pytest.fixture
def desk(app: Flask, rt: Runtime, robin: Staff) -> Desk:
    return Desk.of(app, rt, robin)
