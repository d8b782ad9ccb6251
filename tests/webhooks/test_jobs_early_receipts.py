"""Receipts that overtake the answer to the very call they speak of."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.db import Database
from app.messaging.models import Message
from app.runtime import Runtime
from app.webhooks.models import Notification
from tests.webhooks.conftest import messages_in
from tests.webhooks.samples import NOON, PHONE, of_field, payload, value_of

Tell = Callable[..., Notification]
pytestmark = pytest.mark.usefixtures("noon")


def test_a_receipt_that_came_too_early_is_shown_again_until_its_message_is_named(
    rt: Runtime, tell: Tell, db: Database, onboarding: str, noon: time_machine.Traveller
) -> None:
    with db.write() as session:
        answer = Message(
            phone_number_id=PHONE,
            direction="out",
            contact="5511988887777",
            kind="text",
            test=True,
            onboarding_id=onboarding,
            state="queued",
            at=NOON,
        )
        session.add(answer)
    row = tell(payload("status_delivered"))
    assert (row.done_at, row.due_at) == (None, NOON + timedelta(seconds=1))
    noon.shift(1)
    row = tell(payload("status_delivered"))
    assert (row.done_at, row.due_at) == (None, NOON + timedelta(seconds=2))
    with db.write() as session:
        session.get_one(Message, answer.id).wamid = "wamid.OUT1"
    noon.shift(1)
    assert tell(payload("status_delivered")).done_at == NOON + timedelta(seconds=2)
    assert messages_in(db)["wamid.OUT1"].state == "delivered"


def test_a_receipt_that_carries_our_key_names_the_message_itself(tell: Tell, db: Database, onboarding: str) -> None:
    with db.write() as session:
        answer = Message(
            phone_number_id=PHONE,
            direction="out",
            contact="5511988887777",
            kind="text",
            test=True,
            onboarding_id=onboarding,
            state="unknown",
            at=NOON,
        )
        session.add(answer)
    value = value_of("status_delivered")
    value["statuses"][0]["biz_opaque_callback_data"] = answer.id
    assert tell(of_field(value, field="messages")).done_at == NOON
    row = messages_in(db)["wamid.OUT1"]
    assert (row.id, row.state) == (answer.id, "delivered")


def test_nobody_waits_for_ever_for_a_message_that_never_gets_its_name(
    tell: Tell, db: Database, noon: time_machine.Traveller
) -> None:
    with db.write() as session:
        session.add(Message(phone_number_id=PHONE, direction="out", contact="1", kind="text", state="unknown", at=NOON))
    row = tell(payload("status_delivered"))
    while row.due_at is not None:
        noon.move_to(row.due_at)
        row = tell(payload("status_delivered"))
    assert row.done_at == NOON + timedelta(seconds=128)
    assert (row.dead_at, row.set_aside) == (None, "messages status without its message")
