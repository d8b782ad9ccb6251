"""The whole application, and programs with keys."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.access.keys import SCOPES, make_key
from app.factory import create_app
from app.kit import clock
from app.runtime import Runtime
from tests.api.program import Program

MakeProgram = Callable[..., Program]


@pytest.fixture
def app(rt: Runtime) -> Flask:
    return create_app(rt)


@pytest.fixture
def with_scopes(app: Flask, rt: Runtime) -> MakeProgram:
    """Makes a key with these scopes and a program that uses it."""

    def make(*scopes: str) -> Program:
        with rt.db.write() as session:
            row, secret = make_key(session, "CRM", scopes, clock.now())
        return Program(app.test_client(), rt, secret.reveal(), row.id, row.prefix)

    return make


@pytest.fixture
def program(with_scopes: MakeProgram) -> Program:
    """A program that may do everything."""
    return with_scopes(*SCOPES)
