"""Meta's two privacy callbacks at the door, and the page the person is led to."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.store import SYSTEM
from app.factory import create_app
from app.kit import clock
from app.records.models import PrivacyRequest
from app.records.requests import settle_request
from app.runtime import Runtime
from tests.conftest import settings_with
from tests.kit.test_signing_requests import signed

DELETION, DEAUTHORIZE = "/api/privacy/deletion", "/api/privacy/deauthorize"


@pytest.fixture
def http(rt: Runtime) -> FlaskClient:
    app: Flask = create_app(rt)
    return app.test_client()


def secret_of(rt: Runtime) -> str:
    return rt.settings.meta_app_secrets[0].get_secret_value()


def ask(http: FlaskClient, rt: Runtime, door: str = DELETION, **told: object) -> tuple[int, dict[str, str]]:
    request = {"algorithm": "HMAC-SHA256", "issued_at": 1790000000, "user_id": "218471", **told}
    answer = http.post(door, data={"signed_request": signed(request, secret_of(rt))})
    return answer.status_code, answer.get_json(silent=True) or {}


def test_a_deletion_is_answered_with_a_page_and_its_code(http: FlaskClient, rt: Runtime) -> None:
    status, told = ask(http, rt)
    assert status == 200
    assert told["url"] == f"{rt.settings.public_url}/connect/privacy/{told['confirmation_code']}"
    assert told["confirmation_code"].isalnum()
    page = http.get(f"/connect/privacy/{told['confirmation_code']}", headers={"Accept-Language": "es"})
    assert page.status_code == 200
    assert "218471" not in page.text
    assert told["confirmation_code"] in page.text


def test_the_page_says_why_a_request_was_refused(http: FlaskClient, rt: Runtime) -> None:
    code = ask(http, rt)[1]["confirmation_code"]
    assert "Your request is being looked at" in http.get(f"/connect/privacy/{code}").text
    with rt.db.write() as session:
        settle_request(session, code, refused=True, reason="A <law> forbids it.", actor=SYSTEM, now=clock.now())
    page = http.get(f"/connect/privacy/{code}").text
    assert "Your request was refused" in page
    assert "A &lt;law&gt; forbids it." in page


def test_a_deauthorisation_is_answered_with_200(http: FlaskClient, rt: Runtime) -> None:
    assert ask(http, rt, DEAUTHORIZE)[0] == 200
    with rt.db.read() as session:
        assert session.scalars(select(PrivacyRequest.kind)).all() == ["deauthorize"]


@pytest.mark.parametrize("door", [DELETION, DEAUTHORIZE])
@pytest.mark.parametrize("form", [{}, {"signed_request": ""}, {"signed_request": "a.b"}])
def test_what_is_not_signed_is_refused_and_kept_nowhere(
    http: FlaskClient, rt: Runtime, door: str, form: dict[str, str]
) -> None:
    assert http.post(door, data=form).status_code == 403
    forged = signed({"algorithm": "HMAC-SHA256", "user_id": "1"}, "another_secret")
    assert http.post(door, data={"signed_request": forged}).status_code == 403
    assert http.post(door, data={"signed_request": [forged, forged]}).status_code == 403
    with rt.db.read() as session:
        assert session.scalars(select(PrivacyRequest)).all() == []


@pytest.mark.parametrize("door", [DELETION, DEAUTHORIZE])
@pytest.mark.parametrize(
    ("secrets", "signer", "status"),
    [
        ("test_app_secret", "test_app_secret", 200),
        ("the_new_secret,test_app_secret", "test_app_secret", 200),
        ("the_new_secret,test_app_secret", "the_new_secret", 200),
        ("test_app_secret,the_new_secret", "the_new_secret", 200),
        ("the_new_secret", "the_new_secret", 200),
        ("the_new_secret", "test_app_secret", 403),
        ("the_new_secret,test_app_secret", "the_oldest_secret", 403),
    ],
)
def test_each_of_the_listed_app_secrets_counts_and_no_other(
    rt: Runtime, tmp_path: Path, door: str, secrets: str, signer: str, status: int
) -> None:
    http = create_app(replace(rt, settings=settings_with(tmp_path, meta_app_secrets=secrets))).test_client()
    request = {"algorithm": "HMAC-SHA256", "issued_at": 1790000000, "user_id": "218471"}
    assert http.post(door, data={"signed_request": signed(request, signer)}).status_code == status


@pytest.mark.parametrize("user_id", [None, "", 218471, ["218471"]])
def test_a_request_of_nobody_is_refused(http: FlaskClient, rt: Runtime, user_id: object) -> None:
    assert ask(http, rt, user_id=user_id)[0] == 403


@pytest.mark.parametrize("code", ["nothing", "AAAABBBBCCCCDDDD", "aaaabbbbccccdddd"])
def test_a_code_that_was_never_given_is_not_there(http: FlaskClient, code: str) -> None:
    assert http.get(f"/connect/privacy/{code}").status_code == 404
