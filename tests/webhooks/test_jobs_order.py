"""Meta repeats, mixes up and batches as it likes; what is left behind is always the same."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from app.db import Database
from app.messaging.models import Message
from app.onboarding.models import Onboarding, Proof, Step
from app.runtime import Runtime
from app.webhooks import inbox
from app.webhooks.jobs import read_notifications
from app.webhooks.models import Notification
from tests.webhooks.samples import NOON, PHONE, of_field, payload, value_of, wire

ANSWER = "0192-answer"
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # each example fills a database; shrinking one takes minutes


def receipt_of_answer(status: str, timestamp: int) -> dict[str, Any]:
    value = value_of("status_delivered")
    value["statuses"][0] |= {"status": status, "timestamp": str(timestamp), "biz_opaque_callback_data": ANSWER}
    return of_field(value, field="messages")


# One onboarding's whole test, as Meta could tell it. The word comes first, for without it there is no answer to speak
# of; then come the account, a stray message, and our answer's way.
WORD = payload("message_text")
REST = [
    payload("partner_added"),
    payload("message_reply"),
    receipt_of_answer("sent", 1790000005),
    receipt_of_answer("delivered", 1790000010),
    receipt_of_answer("read", 1790000015),
    b"not json",
]


def deliver(rt: Runtime, notifications: Iterable[object]) -> None:
    with rt.db.write() as session:
        for notification in notifications:
            inbox.keep(session, notification if isinstance(notification, bytes) else wire(notification), now=NOON)
    while read_notifications(rt, "worker"):
        pass


def told_again(notification: object) -> object:
    """The same said in other bytes, as when Meta puts it into another batch: no digest gives it away."""
    return notification | {"again": True} if isinstance(notification, dict) else notification


def begin_again(db: Database, onboarding: str) -> None:
    """The state in which the story finds us: nothing heard, and our answer sent but not confirmed."""
    with db.write() as session:
        for table in (Message, Proof, Notification):
            session.execute(delete(table))
        session.execute(update(Step).values(state="not_started", evidence={}, trouble=None, ended_at=None))
        session.add(
            Message(
                id=ANSWER,
                phone_number_id=PHONE,
                direction="out",
                contact="5511988887777",
                kind="text",
                test=True,
                onboarding_id=onboarding,
                state="queued",
                at=NOON,
            )
        )


def outcome(db: Database) -> tuple[object, ...]:
    """All that matters afterwards, without the row keys."""
    with db.read() as session:
        messages = session.execute(
            select(Message.wamid, Message.direction, Message.state, Message.text, Message.at, Message.sent_at)
            .add_columns(Message.delivered_at, Message.read_at, Message.failed_at)
            .order_by(Message.wamid)
        ).all()
        proofs = session.scalars(select(Proof.kind).order_by(Proof.kind)).all()
        steps = session.execute(select(Step.name, Step.state).order_by(Step.name)).all()
        open_rows = session.scalar(
            select(func.count()).where(Notification.done_at.is_(None), Notification.dead_at.is_(None))
        )
        added = session.scalars(select(Step).where(Step.name == "exchange")).one().evidence.get("partner_added")
        return list(messages), list(proofs), list(steps), open_rows, added


@pytest.mark.usefixtures("noon")
@settings(
    max_examples=12, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(order=st.permutations([*REST, *REST, *map(told_again, REST), WORD, told_again(WORD)]))
def test_the_story_told_three_times_in_any_order_ends_as_if_told_once(
    rt: Runtime, onboarding: str, order: list[object]
) -> None:
    begin_again(rt.db, onboarding)
    deliver(rt, [WORD, *REST])
    once = outcome(rt.db)
    begin_again(rt.db, onboarding)
    deliver(rt, [WORD, *order])
    assert outcome(rt.db) == once


@pytest.mark.usefixtures("noon")
def test_the_story_told_once_ends_with_both_proofs_and_a_message_that_was_read(rt: Runtime, onboarding: str) -> None:
    begin_again(rt.db, onboarding)
    deliver(rt, [WORD, *REST])
    _messages, proofs, steps, open_rows, added = outcome(rt.db)
    assert proofs == ["message_in", "message_out"]
    assert ("test", "done") in steps  # type: ignore[operator]
    assert open_rows == 0
    assert added is not None
    with rt.db.read() as session:
        answer = session.get_one(Message, ANSWER)
        assert (answer.state, answer.wamid) == ("read", "wamid.OUT1")


def test_eight_workers_over_one_heap_lose_nothing_and_do_nothing_twice(rt: Runtime, onboarding: str) -> None:
    with time_machine.travel(NOON, tick=False):
        with rt.db.write() as session:
            for number in range(120):
                notification = payload("message_text")
                notification["entry"][0]["changes"][0]["value"]["messages"][0]["id"] = f"wamid.{number % 60}"
                inbox.keep(session, wire(notification | {"copy": number}), now=NOON)

        def work(worker: int) -> int:
            taken = 0
            while batch := read_notifications(rt, f"worker-{worker}"):
                taken += batch
            return taken

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(work, range(8))) == 120
    with rt.db.read() as session:
        rows = session.scalars(select(Notification)).all()
        assert [row for row in rows if row.done_at is None or row.failures or row.claims != 1] == []
        assert session.scalar(select(func.count()).select_from(Message)) == 60
        heard = session.scalars(select(Step).where(Step.name == "test")).one().evidence["heard"]
        assert heard["wamid"].startswith("wamid.")
        assert session.get_one(Onboarding, onboarding).due_at is not None
