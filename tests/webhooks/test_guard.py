"""Who may come in at Meta's door, and what a forger learns."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.runtime import Runtime
from app.upkeep.doctor import challenge
from app.webhooks.models import Notification
from tests.conftest import settings_with
from tests.webhooks.conftest import client_of
from tests.webhooks.samples import DOOR, VERIFY_TOKEN, payload, signed, wire

# Who is let in is decided before any database is asked, so one kind of it is enough here.
pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)

EMPTY = b'{"object":"whatsapp_business_account","entry":[]}'
EMPTY_SPACED = b'{"object": "whatsapp_business_account", "entry": []}'
ESCAPED = rb'{"t":"ol\u00e1 \/ \ud83d\ude00"}'
# secret `test_app_secret`
VECTORS = [
    (EMPTY, "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"),
    (EMPTY_SPACED, "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a"),
    (ESCAPED, "071ba0c4cf5ec1260b3e09448e59746b8d6c5bdef26bc2f2ddcd6943bb1f5c67"),
]


def kept(rt: Runtime) -> int:
    with rt.db.read() as session:
        return session.scalar(select(func.count()).select_from(Notification)) or 0


@pytest.mark.parametrize(("body", "signature"), VECTORS)
def test_the_documented_signatures_open_the_door(client: FlaskClient, rt: Runtime, body: bytes, signature: str) -> None:
    answer = client.post(DOOR, data=body, headers={"X-Hub-Signature-256": f"sha256={signature}"})
    assert answer.status_code == 200
    assert kept(rt) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": VECTORS[0][1]},
        {"X-Hub-Signature-256": "sha256=" + VECTORS[0][1].upper()},
        {"X-Hub-Signature-256": "SHA256=" + VECTORS[0][1]},
        {"X-Hub-Signature-256": "sha256=" + VECTORS[0][1] + "\n"},
        {"X-Hub-Signature-256": " sha256=" + VECTORS[0][1] + " x"},
        {"X-Hub-Signature-256": "sha256=" + VECTORS[0][1][:-1]},
        {"X-Hub-Signature-256": "sha256=" + VECTORS[1][1]},
        {"X-Hub-Signature-256": "sha1=" + VECTORS[0][1]},
        {"X-Hub-Signature-256": "sha256=ä" + VECTORS[0][1]},
        {"X-Hub-Signature": "sha1=" + VECTORS[0][1][:40]},
        {"X-Hub-Signature": signed(EMPTY)["X-Hub-Signature"]},
        {"X-Hub-Signature-256": signed(EMPTY, "another_apps_secret")["X-Hub-Signature-256"]},
    ],
)
def test_whatever_is_not_signed_by_our_app_is_turned_away_and_not_kept(
    client: FlaskClient, rt: Runtime, headers: dict[str, str]
) -> None:
    answer = client.post(DOOR, data=EMPTY, environ_overrides=_environ(headers))
    assert answer.status_code == 403
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "urn:gangway:problem:bad_signature",
        "title": "Not allowed",
        "status": 403,
        "detail": "This notification is not signed by the app.",
        "code": "bad_signature",
        "errors": [],
    }
    assert kept(rt) == 0


def test_two_signature_headers_are_none_even_if_one_fits(client: FlaskClient, rt: Runtime) -> None:
    right = signed(EMPTY)["X-Hub-Signature-256"]
    for pair in ((right, right), (right, "sha256=" + "0" * 64), ("sha256=" + "0" * 64, right)):
        answer = client.post(DOOR, data=EMPTY, headers=[("X-Hub-Signature-256", value) for value in pair])
        assert answer.status_code == 403
    assert kept(rt) == 0


def test_a_body_changed_on_its_way_is_turned_away(client: FlaskClient, rt: Runtime) -> None:
    headers = signed(EMPTY)
    for changed in (EMPTY_SPACED, EMPTY + b"\n", EMPTY[:-1], b"", ESCAPED):
        assert client.post(DOOR, data=changed, headers=headers).status_code == 403
    assert kept(rt) == 0


def test_a_forgery_costs_no_database_work(client: FlaskClient, rt: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> None:
        raise AssertionError("the database was touched for a forgery")

    monkeypatch.setattr(type(rt.db), "write", touched)
    monkeypatch.setattr(type(rt.db), "read", touched)
    assert client.post(DOOR, data=EMPTY, headers={"X-Hub-Signature-256": "sha256=" + "0" * 64}).status_code == 403


@pytest.mark.parametrize(
    ("secrets", "signer", "status"),
    [
        ("the_new_secret,test_app_secret", "the_new_secret", 200),
        ("the_new_secret,test_app_secret", "test_app_secret", 200),
        ("test_app_secret,the_new_secret", "the_new_secret", 200),
        ("the_new_secret,test_app_secret", "the_oldest_secret", 403),
        ("the_new_secret", "the_new_secret", 200),
        ("the_new_secret", "test_app_secret", 403),
    ],
)
def test_both_app_secrets_count_while_they_are_changed(
    rt: Runtime, tmp_path: Path, secrets: str, signer: str, status: int
) -> None:
    client = client_of(replace(rt, settings=settings_with(tmp_path, meta_app_secrets=secrets)))
    assert client.post(DOOR, data=ESCAPED, headers=signed(ESCAPED, signer)).status_code == status


def test_a_notification_of_three_million_bytes_is_taken(client: FlaskClient, rt: Runtime) -> None:
    notification = payload("message_text")
    notification["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] = "a" * 3_000_000
    body = wire(notification)
    assert client.post(DOOR, data=body, headers=signed(body)).status_code == 200
    assert kept(rt) == 1


def test_four_mebibytes_are_taken_and_one_byte_more_is_not(client: FlaskClient, rt: Runtime) -> None:
    largest, too_large = b" " * 4_194_304, b" " * 4_194_305
    assert client.post(DOOR, data=largest, headers=signed(largest)).status_code == 200
    refused = client.post(DOOR, data=too_large, headers=signed(too_large))
    assert refused.status_code == 413
    assert refused.json is not None
    assert refused.json["code"] == "too_large"
    assert kept(rt) == 1


def test_a_body_that_announces_too_much_is_refused_before_it_is_read(client: FlaskClient) -> None:
    stream = Counting(100)
    answer = client.post(DOOR, environ_overrides={"wsgi.input": stream, "CONTENT_LENGTH": "4194305"})
    assert answer.status_code == 413
    assert stream.taken == 0


def test_a_body_of_unknown_length_is_read_no_further_than_the_limit(client: FlaskClient, rt: Runtime) -> None:
    """As a server hands over a chunked body: it says nothing of its length and ends by itself."""
    stream = Counting(12_000_000)
    unknown = {"wsgi.input": stream, "CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    answer = client.post(DOOR, environ_overrides=unknown | _environ(signed(b"x" * 12_000_000)))
    assert answer.status_code in {403, 413}
    assert stream.taken <= 4_194_305
    assert kept(rt) == 0


def test_a_signed_body_of_unknown_length_is_taken(client: FlaskClient, rt: Runtime) -> None:
    stream = Counting(70_000)
    unknown = {"wsgi.input": stream, "CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    answer = client.post(DOOR, environ_overrides=unknown | _environ(signed(b"x" * 70_000)))
    assert answer.status_code == 200
    assert kept(rt) == 1


def test_the_handshake_gives_the_challenge_back_as_plain_text(client: FlaskClient) -> None:
    answer = client.get(DOOR, query_string=_handshake())
    assert answer.status_code == 200
    assert answer.data == b"1158201444"
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": ""},
        {"hub.verify_token": None},
        {"hub.verify_token": VERIFY_TOKEN + " "},
        {"hub.verify_token": VERIFY_TOKEN.upper()},
        {"hub.verify_token": "tëst_verify_token"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": None},
        {"hub.challenge": None},
        {"hub.challenge": ""},
    ],
)
def test_a_handshake_that_is_not_right_is_turned_away_without_a_hint(
    client: FlaskClient, changed: dict[str, str | None]
) -> None:
    answer = client.get(DOOR, query_string=_handshake(**changed))
    assert answer.status_code == 403
    assert answer.content_type == "application/problem+json"
    assert b"1158201444" not in answer.data
    assert VERIFY_TOKEN.encode() not in answer.data
    assert answer.json is not None
    assert (answer.json["code"], answer.json["detail"]) == ("bad_handshake", "This is not a handshake of Meta's.")


def test_the_doctors_question_is_answered_to_anybody_and_needs_no_token(client: FlaskClient, rt: Runtime) -> None:
    nonce = "N" * 43
    answer = client.get(DOOR, query_string={"hub.mode": "gangway", "hub.challenge": nonce})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert re.fullmatch(r"[0-9a-f]{64}\.[0-9a-f]{64}", answer.text)
    assert challenge.read_answer(rt.settings, nonce, answer.text) == "ours"
    assert VERIFY_TOKEN not in answer.text
    assert kept(rt) == 0


@pytest.mark.parametrize("nonce", ["", "N" * 42, "N" * 44, "<script>" + "N" * 35, None])
def test_the_doctors_question_without_a_nonce_is_no_handshake(client: FlaskClient, nonce: str | None) -> None:
    asked = {"hub.mode": "gangway", "hub.challenge": nonce, "hub.verify_token": VERIFY_TOKEN}
    answer = client.get(DOOR, query_string={name: value for name, value in asked.items() if value is not None})
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["code"] == "bad_handshake"


def test_a_handshake_of_metas_gets_its_challenge_back_whatever_that_looks_like(client: FlaskClient) -> None:
    assert client.get(DOOR, query_string=_handshake(**{"hub.challenge": "N" * 43})).text == "N" * 43


def test_a_challenge_with_markup_stays_text(client: FlaskClient) -> None:
    answer = client.get(DOOR, query_string=_handshake(**{"hub.challenge": "<script>alert(1)</script>"}))
    assert answer.mimetype == "text/plain"
    assert answer.data == b"<script>alert(1)</script>"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_for_this_door(client: FlaskClient, method: str) -> None:
    assert client.open(DOOR, method=method).status_code == 405


class Counting:
    """A body of x that knows how much of it was taken."""

    def __init__(self, size: int) -> None:
        self._left, self.taken = size, 0

    def read(self, size: int = -1) -> bytes:
        piece = min(size, self._left) if size >= 0 else self._left
        self._left -= piece
        self.taken += piece
        return b"x" * piece


def _handshake(**changed: str | None) -> dict[str, str]:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY_TOKEN} | changed
    return {name: value for name, value in asked.items() if value is not None}


def _environ(headers: dict[str, str]) -> dict[str, Any]:
    """As a server hands headers over, also those a client library would refuse to send."""
    return {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
