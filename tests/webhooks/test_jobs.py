"""Reading kept notifications: all that is said in them is heard, and what nobody understands is named."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.messaging.models import Message
from app.onboarding.models import Onboarding
from app.runtime import Runtime
from app.webhooks import inbox
from app.webhooks.jobs import read_notifications
from app.webhooks.models import Notification
from tests.conftest import Rings
from tests.webhooks.conftest import messages_in
from tests.webhooks.samples import NOON, PHONE, of_field, payload, wire
from tests.webhooks.stubborn import Stubborn

Tell = Callable[..., Notification]
pytestmark = pytest.mark.usefixtures("noon")


def test_a_notification_is_done_and_rung_for_after_it_is_kept(
    tell: Tell, db: Database, rings: Rings, onboarding: str
) -> None:
    row = tell(payload("message_text"))
    assert (row.done_at, row.dead_at, row.due_at, row.trouble, row.set_aside) == (NOON, None, None, None, None)
    assert (row.leased_by, row.leased_until, row.claims, row.failures) == (None, None, 1, 0)
    assert set(messages_in(db)) == {"wamid.TEXT1"}
    assert rings.rung == ["onboardings"]


def test_what_is_done_is_not_taken_again(rt: Runtime, tell: Tell) -> None:
    tell(payload("message_text"))
    assert read_notifications(rt, "worker") == 0


def test_more_than_a_batch_is_read_in_the_order_it_came(rt: Runtime, stubborn: Stubborn) -> None:
    with rt.db.write() as session:
        for number in range(60):
            came = NOON - timedelta(microseconds=60 - number)
            inbox.keep(session, wire(of_field({"id": f"{number:03}"}, field="sample")), now=came)
    assert read_notifications(rt, "worker") == 60
    with rt.db.read() as session:
        ids = session.scalars(select(Message.wamid).order_by(Message.id)).all()
        assert ids == [f"{number:03}" for number in range(60)]
    assert read_notifications(rt, "worker") == 0


def test_several_entries_of_several_fields_are_all_heard(tell: Tell, db: Database, onboarding: str) -> None:
    with db.write() as session:
        session.add(
            Message(
                phone_number_id=PHONE,
                wamid="wamid.OUT1",
                direction="out",
                contact="1",
                kind="text",
                state="sent",
                at=NOON,
            )
        )
    row = tell(payload("batch_of_several"))
    assert (row.done_at, row.set_aside) == (NOON, None)
    rows = messages_in(db)
    assert set(rows) == {"wamid.BATCH1", "wamid.BATCH2", "wamid.OUT1"}
    assert rows["wamid.OUT1"].state == "delivered"


def test_misshapen_items_are_named_and_counted_and_the_rest_is_done(tell: Tell, db: Database) -> None:
    row = tell(payload("batch_of_good_and_misshapen"))
    assert (row.done_at, row.trouble) == (NOON, None)
    assert row.set_aside == (
        "messages message unreadable ×3, messages status of a stranger, messages status unreadable ×2, misshapen ×6"
    )
    assert set(messages_in(db)) == {"wamid.GOOD1", "wamid.GOOD2"}


@pytest.mark.parametrize(
    ("notification", "set_aside"),
    [
        (of_field({}, field="flows"), "flows"),
        (of_field({}, {}, field="flows"), "flows ×2"),
        (of_field({}, field="f" * 300), "f" * 200),
        ({"object": "user", "entry": []}, "object user"),
        ({"object": "whatsapp_business_account", "entry": []}, None),
        (of_field({"event": "AD_ACCOUNT_LINKED"}, field="account_update"), "account_update AD_ACCOUNT_LINKED"),
    ],
)
def test_what_nobody_understands_is_done_and_named(tell: Tell, notification: object, set_aside: str | None) -> None:
    row = tell(notification)
    assert (row.done_at, row.dead_at, row.set_aside) == (NOON, None, set_aside)


@pytest.mark.parametrize(
    ("body", "reason"), [(b"not json", "is not JSON"), (b"[1]", "is not a JSON object"), (b"", "is not JSON")]
)
def test_what_can_never_be_read_is_dead_at_once_with_its_reason(tell: Tell, body: bytes, reason: str) -> None:
    row = tell(body)
    assert (row.dead_at, row.done_at, row.due_at, row.trouble) == (NOON, None, None, reason)
    assert row.body == body


def test_text_with_letters_no_database_takes_is_kept(tell: Tell, db: Database) -> None:
    notification = payload("message_text")
    notification["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] = "nul \x00 half \ud83d"
    assert tell(notification).done_at == NOON
    assert messages_in(db)["wamid.TEXT1"].text == "nul \ufffd half \ufffd"


def test_the_onboarding_is_due_when_it_is_rung_for(
    rt: Runtime, tell: Tell, onboarding: str, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bell before the commit would send the walker to look at an onboarding that is not due yet."""
    due_when_rung = []

    def look(stream: str) -> None:
        with db.read() as session:
            due_when_rung.append((stream, session.get_one(Onboarding, onboarding).due_at))

    monkeypatch.setattr(rt.wakes, "ring", look)
    tell(payload("message_text"))
    assert due_when_rung == [("onboardings", NOON)]
