"""The frame around a few doors that do nothing but what a test is about."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, jsonify, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.db import Database
from app.kit.errors import AppError, Conflict, Fault, InvalidInput, NotAllowed, NotFound, TooLarge, TooMany, Unavailable
from app.web.frame import install
from app.web.guards import Guard, guarded, open_to_all
from app.web.headers import use_policy
from app.web.limits import limiter
from app.web.requests import client_address, read_json
from tests.conftest import Rings, settings_with
from tests.parts import running

BROWSER = {"Accept": "text/html"}
CANARY = "canary-7f3a-never-repeat-this"

ERRORS: dict[str, AppError] = {
    "invalid": InvalidInput([Fault("contact.email", "is not an e-mail address")]),
    "missing": NotFound("There is no such link."),
    "unknown": NotAllowed("Sign in first.", known=False),
    "forbidden": NotAllowed("Your role may not do this."),
    "clash": Conflict("It is done already."),
    "large": TooLarge("This door takes at most 16,384 bytes."),
    "many": TooMany("Slow down.", retry_after=7),
    "down": Unavailable("Meta does not answer."),
}

MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[MakeApp]:
    """Builds the frame with settings of one's own; `hops` stands for PROXY_HOPS and so on."""
    with ExitStack() as opened:

        def build(**given: Any) -> Flask:
            settings = settings_with(tmp_path, **given)
            rt = opened.enter_context(running(settings, Database(settings.database), Rings()))
            opened.callback(rt.close)
            app = Flask("gangway", static_folder=None, template_folder=None)
            install(app, rt)
            app.register_blueprint(_doors())
            app.register_blueprint(_programs())
            return app

        yield build


@pytest.fixture
def http(make_app: MakeApp) -> FlaskClient:
    return make_app().test_client()


def _doors() -> Blueprint:
    """Doors for people."""
    bp = guarded(Blueprint("doors", __name__), open_to_all)

    @bp.get("/page")
    def page() -> str:
        return "<p>hello</p>"

    @bp.get("/wide")
    def wide() -> str:
        use_policy({"default-src": ("'self'", "https://wide.example")}, opener="unsafe-none", reports="/reports")
        return "<p>wide</p>"

    @bp.get("/error/<name>")
    def fail(name: str) -> str:
        raise ERRORS[name]

    @bp.get("/unforeseen")
    def unforeseen() -> str:
        raise KeyError(CANARY)

    @bp.get("/no-database")
    def no_database() -> str:
        raise OperationalError("SELECT :secret", {"secret": CANARY}, Exception(CANARY))

    @bp.get("/rare")
    @limiter.limit("2 per minute")
    def rare() -> str:
        return client_address()

    @bp.post("/form")
    def form() -> str:
        return "kept"

    return bp


def _programs() -> Blueprint:
    """Doors for programs."""
    bp = guarded(Blueprint("programs", __name__), Guard("key", lambda: None, trusts_cookies=False, speaks="problem"))

    @bp.post("/program")
    def program() -> Any:
        return jsonify(read_json())

    @bp.get("/program/error")
    def fail() -> str:
        raise ERRORS[request.args["name"]]

    return bp
