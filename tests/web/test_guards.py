"""Guards: each blueprint names one; it stands before every view; cookies are trusted only with the token."""

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from app.kit.errors import NotAllowed
from app.web.guards import Guard, guard_of, guarded, guards_here, open_to_all
from tests.web.conftest import MakeApp


def test_a_guard_stands_before_every_view_of_its_blueprint(make_app: MakeApp) -> None:
    def refuse() -> None:
        raise NotAllowed("Nobody comes in here.")

    app = make_app()
    bp = guarded(Blueprint("vault", __name__), Guard("nobody", refuse))
    bp.add_url_rule("/vault", view_func=lambda: "gold")
    app.register_blueprint(bp)

    assert app.test_client().get("/vault").status_code == 403
    assert app.test_client().get("/page").status_code == 200


def test_a_guard_may_send_people_elsewhere(make_app: MakeApp) -> None:
    app = make_app()
    bp = guarded(Blueprint("inside", __name__), Guard("first_sign_in", lambda: ("go and sign in", 303)))
    bp.add_url_rule("/inside", view_func=lambda: "secrets")
    app.register_blueprint(bp)

    assert app.test_client().get("/inside").status_code == 303


def test_a_forgotten_guard_can_be_found() -> None:
    named, forgotten = guarded(Blueprint("named", __name__), open_to_all), Blueprint("forgotten", __name__)

    assert guard_of(named) is open_to_all
    assert guard_of(forgotten) is None


def test_a_blueprint_is_given_one_guard_only() -> None:
    bp = guarded(Blueprint("twice", __name__), open_to_all)

    with pytest.raises(ValueError, match="has a guard already"):
        guarded(bp, open_to_all)


def test_nested_blueprints_keep_their_own_guards() -> None:
    app = Flask("nested")
    inner = guarded(Blueprint("inner", __name__), Guard("inner_guard", lambda: None))
    outer = guarded(Blueprint("outer", __name__), open_to_all)
    outer.register_blueprint(inner)
    app.register_blueprint(outer)

    assert [guard.name for guard in guards_here(app, ["outer.inner", "outer"])] == ["inner_guard", "open_to_all"]


def test_a_form_without_the_token_is_refused_and_says_why(http: FlaskClient) -> None:
    reply = http.post("/form", headers={"Accept": "application/json"})

    assert (reply.status_code, reply.json["code"]) == (400, "csrf")


def test_doors_that_ask_for_a_key_need_no_token(http: FlaskClient) -> None:
    assert http.post("/program", json={"a": 1}).json == {"a": 1}
