"""Bodies: JSON objects of bounded size and depth, refused without being quoted."""

import json
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from app.kit.errors import InvalidInput
from app.web.requests import DEEPEST, parse_object
from tests.web.conftest import CANARY


def post(http: FlaskClient, body: bytes, kind: str = "application/json"):  # type: ignore[no-untyped-def]
    return http.post("/program", data=body, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"link": "1", "link": "2"}',
        b'{"a":' * 3000,
        json.dumps({"key": CANARY}).encode()[:-1],
    ],
)
def test_what_is_no_json_object_is_refused_without_being_quoted(http: FlaskClient, body: bytes) -> None:
    reply = post(http, body)

    assert (reply.status_code, reply.json["code"]) == (422, "not_json")
    assert CANARY not in reply.text


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_foreign_page_cannot_pass_a_form_off_as_json(http: FlaskClient, kind: str) -> None:
    assert post(http, b'{"a": 1}', kind).json["code"] == "not_json"


def test_sixteen_kilobytes_are_taken_and_one_byte_more_is_not(http: FlaskClient) -> None:
    fits = json.dumps({"a": "x" * (16_384 - 9)}).encode()

    assert len(fits) == 16_384
    assert post(http, fits).status_code == 200
    reply = post(http, fits + b" ")
    assert (reply.status_code, reply.json["code"]) == (413, "too_large")


def test_a_body_that_does_not_tell_its_length_is_cut_off_as_well(http: FlaskClient) -> None:
    reply = http.post(
        "/program",
        input_stream=BytesIO(b'{"a": "' + b"x" * 20_000 + b'"}'),
        headers={"Content-Type": "application/json", "Transfer-Encoding": "chunked"},
        environ_base={"wsgi.input_terminated": True},
    )

    assert reply.status_code == 413


def test_nesting_has_an_end() -> None:
    deepest = b'{"a":' * (DEEPEST - 1) + b"{}" + b"}" * (DEEPEST - 1)

    assert parse_object(deepest)
    with pytest.raises(InvalidInput, match="nested deeper"):
        parse_object(b'{"a":' + deepest + b"}")


def test_the_same_key_twice_with_the_same_value_contradicts_nothing() -> None:
    assert parse_object(b'{"a": 1, "a": 1}') == {"a": 1}
