"""A page that was opened under one of SECRET_KEYS, and is sent while they are changed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from tests.web.conftest import MakeApp

OLD, NEW, NEWER = "old" * 12, "new" * 12, "newer" * 8


def open_page(app: Flask) -> tuple[FlaskClient, str]:
    """A browser with its session, and the token on the page it has open."""
    app.add_url_rule("/token", view_func=generate_csrf)
    http = app.test_client()
    return http, http.get("/token").text


def send(http: FlaskClient, token: str, app: Flask) -> tuple[int, str]:
    """The same browser sends the form, and `app` answers now."""
    http.application = app
    reply = http.post("/form", data={"csrf_token": token}, headers={"Accept": "application/json"})
    return reply.status_code, (reply.get_json(silent=True) or {}).get("code", "")


@pytest.mark.parametrize("keys", [OLD, f"{OLD},{NEW}", f"{NEW},{OLD}", f"{NEWER},{NEW},{OLD}", f"{NEWER},{OLD},{NEW}"])
def test_a_page_opened_under_a_key_counts_for_as_long_as_the_key_is_listed(make_app: MakeApp, keys: str) -> None:
    http, token = open_page(make_app(secret_keys=OLD))
    assert send(http, token, make_app(secret_keys=keys)) == (200, "")


@pytest.mark.parametrize("keys", [NEW, f"{NEWER},{NEW}"])
def test_a_page_opened_under_a_key_that_is_gone_counts_no_more(make_app: MakeApp, keys: str) -> None:
    http, token = open_page(make_app(secret_keys=OLD))
    assert send(http, token, make_app(secret_keys=keys)) == (400, "csrf")


def test_the_first_key_signs(make_app: MakeApp) -> None:
    http, token = open_page(make_app(secret_keys=f"{NEW},{OLD}"))
    assert send(http, token, make_app(secret_keys=NEW)) == (200, "")
    assert send(http, token, make_app(secret_keys=OLD)) == (400, "csrf")


def test_an_old_session_does_not_make_a_forged_token_good(make_app: MakeApp) -> None:
    http, token = open_page(make_app(secret_keys=OLD))
    both = make_app(secret_keys=f"{NEW},{OLD}")
    _, of_somebody_else = open_page(make_app(secret_keys=OLD))
    for wrong in ("", "forged", token[:-1], of_somebody_else):
        assert send(http, wrong, both) == (400, "csrf")
