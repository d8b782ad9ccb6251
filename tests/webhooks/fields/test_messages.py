"""Messages and receipts reach their rows and the onboarding that waits for them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.db import Database
from app.messaging.models import Message
from app.onboarding.models import Onboarding, Proof, Step
from app.webhooks.envelope import Change, changes_in
from app.webhooks.fields import messages
from app.webhooks.hearing import Heard
from tests.webhooks.conftest import messages_in
from tests.webhooks.samples import NOON, PHONE, WABA, payload, wire

ONBOARDINGS = frozenset({"onboardings"})


def handle(db: Database, name: str) -> Heard:
    with db.write() as session:
        changes = [change for change in changes_in(wire(payload(name))) if change.field == "messages"]
        return messages.handle(session, changes, NOON)


def proofs(db: Database) -> set[str]:
    with db.read() as session:
        return set(session.scalars(select(Proof.kind)))


def sent(db: Database, onboarding: str | None, *, wamid: str | None = "wamid.OUT1", at: datetime = NOON) -> str:
    with db.write() as session:
        row = Message(
            phone_number_id=PHONE,
            wamid=wamid,
            direction="out",
            contact="5511988887777",
            kind="text",
            text="Hi!",
            test=onboarding is not None,
            onboarding_id=onboarding,
            state="accepted" if wamid else "queued",
            at=at,
        )
        session.add(row)
        session.flush()
        return row.id


def test_the_word_makes_the_onboarding_due_and_is_rung_for(db: Database, onboarding: str) -> None:
    assert handle(db, "message_text") == Heard(rings=ONBOARDINGS)
    assert proofs(db) == {"message_in"}
    with db.read() as session:
        assert session.get_one(Onboarding, onboarding).due_at == NOON
    row = messages_in(db)["wamid.TEXT1"]
    assert (row.direction, row.state, row.kind, row.text) == ("in", "received", "text", "Olá, test K7QX 😀")
    assert (row.phone_number_id, row.contact, row.test) == (PHONE, "5511988887777", False)
    assert row.at == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def test_the_word_counts_from_a_contact_who_hides_the_number(db: Database, onboarding: str) -> None:
    assert handle(db, "message_without_phone").rings == ONBOARDINGS
    with db.read() as session:
        step = session.scalars(select(Step).where(Step.name == "test")).one()
        assert step.evidence["heard"]["contact"] == "BR.13491208655302741918"


def test_any_other_message_proves_that_messages_arrive_and_makes_nothing_due(db: Database, onboarding: str) -> None:
    assert handle(db, "message_reply") == Heard()
    assert proofs(db) == {"message_in"}
    assert messages_in(db)["wamid.REPLY1"].reply_to == "wamid.OUT1"


def test_a_repeated_message_is_one_row_and_is_not_heard_again(db: Database, onboarding: str) -> None:
    handle(db, "message_text")
    with db.write() as session:
        session.get_one(Onboarding, onboarding).due_at = None
    assert handle(db, "message_text") == Heard()
    assert len(messages_in(db)) == 1
    with db.read() as session:
        assert session.get_one(Onboarding, onboarding).due_at is None


def test_a_message_to_a_number_nobody_onboards_is_kept_all_the_same(db: Database) -> None:
    assert handle(db, "dashboard_test_button") == Heard()
    assert messages_in(db)["ABGGFlA5Fpa"].phone_number_id == "123456123"


def test_a_receipt_climbs_and_proves_the_test_message(db: Database, onboarding: str) -> None:
    sent(db, onboarding)
    assert handle(db, "status_delivered") == Heard()
    row = messages_in(db)["wamid.OUT1"]
    assert (row.state, row.delivered_at) == ("delivered", datetime(2026, 9, 21, 14, 13, 30, tzinfo=UTC))
    assert proofs(db) == {"message_out"}


def test_a_failure_tells_the_onboarding_and_keeps_the_code(db: Database, onboarding: str) -> None:
    sent(db, onboarding)
    handle(db, "status_failed")
    assert messages_in(db)["wamid.OUT1"].error_code == 131047
    assert proofs(db) == set()
    with db.read() as session:
        assert session.scalars(select(Step.state).where(Step.name == "test")).one() == "refused"


def test_a_receipt_of_another_message_of_ours_tells_no_onboarding(db: Database, onboarding: str) -> None:
    sent(db, None)
    assert handle(db, "status_delivered") == Heard()
    assert messages_in(db)["wamid.OUT1"].state == "delivered"
    assert proofs(db) == set()


def test_a_receipt_for_a_message_of_somebody_else_is_set_aside(db: Database, onboarding: str) -> None:
    assert handle(db, "status_delivered") == Heard(set_aside=("messages status of a stranger",))


def test_a_receipt_that_overtakes_metas_answer_asks_to_be_shown_again(db: Database, onboarding: str) -> None:
    sent(db, onboarding, wamid=None)
    assert handle(db, "status_delivered") == Heard(set_aside=("messages status without its message",), again=True)


@pytest.mark.parametrize(
    ("name", "set_aside"),
    [
        ("number_errors", ("messages errors",)),
        ("user_actions", ("messages user_actions",)),
        ("status_legacy_deleted", ("messages status unreadable",)),
    ],
)
def test_what_nobody_acts_upon_is_named(db: Database, name: str, set_aside: tuple[str, ...]) -> None:
    assert handle(db, name) == Heard(set_aside=set_aside)


def test_bad_items_are_counted_and_their_neighbours_kept(db: Database, onboarding: str) -> None:
    sent(db, None)
    heard = handle(db, "batch_of_good_and_misshapen")
    assert sorted(heard.set_aside) == ["messages message unreadable"] * 3 + ["messages status unreadable"] * 2
    rows = messages_in(db)
    assert set(rows) == {"wamid.GOOD1", "wamid.GOOD2", "wamid.OUT1"}
    assert (rows["wamid.GOOD1"].text, rows["wamid.GOOD2"].text) == ("still here", None)
    assert rows["wamid.OUT1"].state == "delivered"


def test_a_change_is_split_into_one_for_each_item_and_one_for_the_rest() -> None:
    (change,) = changes_in(wire(payload("batch_of_good_and_misshapen")))[-1:]
    change.value["errors"] = [{"code": 130429}]
    parts = messages.split(change)
    assert [len(part.value.get("messages", [])) for part in parts] == [1] * 5 + [0] * 4
    assert [len(part.value.get("statuses", [])) for part in parts] == [0] * 5 + [1] * 3 + [0]
    assert parts[-1].value["errors"] == [{"code": 130429}]
    assert all(part.value["metadata"]["phone_number_id"] == PHONE for part in parts)
    assert all((part.entry_id, part.field) == (WABA, "messages") for part in parts)
    assert parts[0].value["contacts"] == change.value["contacts"]


def test_a_change_that_says_nothing_is_split_into_itself() -> None:
    change = Change(WABA, None, "messages", {"metadata": {"phone_number_id": PHONE}})
    assert messages.split(change) == [change]
    assert messages.split(replace(change, value={})) == [replace(change, value={})]
