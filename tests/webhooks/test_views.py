"""Taking a notification in: a durable row before 200, 503 where there can be none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm import Session

from app.db import Database
from app.kit.together import Together
from app.runtime import Runtime
from app.webhooks.models import Notification
from tests.conftest import Rings
from tests.webhooks.conftest import client_of
from tests.webhooks.samples import DOOR, payload, signed, wire


def all_kept(db: Database) -> list[Notification]:
    with db.read() as session:
        return list(session.scalars(select(Notification).order_by(Notification.id)))


def test_a_notification_is_kept_byte_for_byte_and_due_at_once(client: FlaskClient, db: Database, rings: Rings) -> None:
    body = wire(payload("message_text"))
    answer = client.post(DOOR, data=body, headers=signed(body))
    assert (answer.status_code, answer.data) == (200, b"")
    (kept,) = all_kept(db)
    assert kept.body == body
    assert kept.due_at == kept.received_at
    assert (kept.done_at, kept.dead_at, kept.repeats) == (None, None, 0)
    assert rings.rung == ["notifications"]


def test_a_repeat_is_counted_and_wakes_nobody(client: FlaskClient, db: Database, rings: Rings) -> None:
    body = wire(payload("message_text"))
    for _ in range(3):
        assert client.post(DOOR, data=body, headers=signed(body)).status_code == 200
    (kept,) = all_kept(db)
    assert kept.repeats == 2
    assert rings.rung == ["notifications"]


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"\xff\xfe", b"{" * 20_000, b"null"])
def test_what_is_signed_is_kept_and_answered_with_200_whatever_it_is(
    client: FlaskClient, db: Database, body: bytes
) -> None:
    assert client.post(DOOR, data=body, headers=signed(body)).status_code == 200
    assert [kept.body for kept in all_kept(db)] == [body]


def test_the_content_type_does_not_matter_and_a_form_is_not_taken_apart(client: FlaskClient, db: Database) -> None:
    body = b"a=1&b=2"
    headers = signed(body) | {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(DOOR, data=body, headers=headers).status_code == 200
    assert [kept.body for kept in all_kept(db)] == [body]


@pytest.mark.parametrize(
    "lost",
    [
        OperationalError("INSERT", {}, Exception("connection refused")),
        TimeoutError("QueuePool limit reached"),
        OSError(28, "No space left on device"),
    ],
)
def test_without_a_database_meta_is_told_to_come_again(rt: Runtime, rings: Rings, lost: Exception) -> None:
    client = client_of(replace(rt, db=Lost(rt.db, lost)))
    body = wire(payload("message_text"))
    answer = client.post(DOOR, data=body, headers=signed(body))
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"
    assert b"connection refused" not in answer.data
    assert b"INSERT" not in answer.data
    assert rings.rung == []


def test_a_row_that_could_not_be_committed_is_never_answered_with_200(rt: Runtime, rings: Rings) -> None:
    body = wire(payload("message_text"))
    broken = LostAtCommit(rt.db)
    assert client_of(replace(rt, db=broken)).post(DOOR, data=body, headers=signed(body)).status_code == 503
    assert all_kept(rt.db) == []
    assert rings.rung == []
    assert client_of(rt).post(DOOR, data=body, headers=signed(body)).status_code == 200
    assert len(all_kept(rt.db)) == 1


def test_a_database_without_the_table_is_no_reason_to_say_200(client: FlaskClient, db: Database) -> None:
    with db.write() as session:
        session.execute(text("ALTER TABLE notifications RENAME TO elsewhere"))
    try:
        body = wire(payload("message_text"))
        assert client.post(DOOR, data=body, headers=signed(body)).status_code == 503
    finally:
        with db.write() as session:
            session.execute(text("ALTER TABLE elsewhere RENAME TO notifications"))


class Lost(Database):
    """A database that cannot be reached."""

    def __init__(self, real: Database, error: Exception) -> None:
        self.__dict__.update(real.__dict__)
        self._real, self._errors = real, [error]
        self._crowd = Together(self._write_all)

    @contextmanager
    def write(self) -> Iterator[Session]:
        for error in self._errors:
            raise error
        with self._real.write() as session:
            yield session


class LostAtCommit(Database):
    """A database that goes away between the INSERT and the COMMIT."""

    def __init__(self, real: Database) -> None:
        self.__dict__.update(real.__dict__)
        self._real = real
        self._crowd = Together(self._write_all)

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self._real.write() as session:
            yield session
            raise OperationalError("COMMIT", {}, Exception("server closed the connection"))
