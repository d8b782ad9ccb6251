"""One message in, one out: the word is answered once, and an answer whose fate is unknown is never sent again."""

from typing import Any

import pytest
from sqlalchemy import select

from app.audit.store import Actor
from app.clients.store import get_client
from app.kit import clock
from app.messaging.models import Message
from app.messaging.receipts import Receipt, note_receipts
from app.onboarding.ledger import desk
from app.onboarding.reading.progress import StepView
from tests.onboarding.journey import CONTACT, Journey

BUSY: dict[str, Any] = {"status": 503, "body": {"error": {"message": "(#131016)", "code": 131016}}}
REFUSED: dict[str, Any] = {"status": 400, "body": {"error": {"message": "(#131047)", "code": 131047}}}


def step(journey: Journey, key: str) -> StepView:
    found = journey.progress(key).step("test")
    assert found is not None
    return found


def answer_of(journey: Journey, key: str) -> Message:
    with journey.db.read() as session:
        return session.scalars(select(Message).where(Message.onboarding_id == key)).one()


def say_word(journey: Journey) -> tuple[str, dict[str, Any]]:
    key, finished = journey.connect()
    journey.write_in(finished, f"hi, test {journey.progress(key).test_word}")
    return key, finished


def test_the_step_asks_for_the_word_and_that_is_no_trouble(journey: Journey) -> None:
    key, _ = journey.connect()
    assert step(journey, key).state == "needs_client"
    trouble = step(journey, key).trouble
    assert trouble is not None
    assert (trouble.key, trouble.who) == ("say_hi", "client")
    assert journey.progress(key).state == "connected"


@pytest.mark.parametrize(
    ("language", "begins"), [("en", "Hi! "), ("es", "¡Hola! "), ("pt_BR", "Olá! "), (None, "Hi! "), ("de", "Hi! ")]
)
def test_the_answer_speaks_the_clients_language(journey: Journey, language: str | None, begins: str) -> None:
    client = journey.client()
    with journey.db.write() as session:
        get_client(session, client.visit.client.id).language = language
    key = journey.post_code(client, event=client.event)
    journey.walk()
    journey.write_in(client.finished, journey.progress(key).test_word)
    journey.walk()
    message = answer_of(journey, key)
    assert message.text is not None
    assert message.text.startswith(begins)
    assert (message.test, message.direction, message.contact, message.state) == (True, "out", CONTACT, "accepted")


def test_the_answer_carries_our_own_key_so_that_receipts_can_be_told(journey: Journey) -> None:
    key, _ = say_word(journey)
    journey.walk()
    (sent,) = journey.world.calls("/*/messages", "POST")
    assert sent["params"]["biz_opaque_callback_data"] == answer_of(journey, key).id
    assert answer_of(journey, key).wamid == sent["reply"]["messages"][0]["id"]


@pytest.mark.parametrize("lost", [{"drop": "after"}, {"html": 502}, {"status": 200, "body": {}}], ids=str)
def test_an_answer_whose_fate_is_unknown_is_never_sent_again(journey: Journey, lost: dict[str, Any]) -> None:
    key, _ = say_word(journey)
    journey.world.fault("/*/messages", lost, times=1, when="after")
    journey.walk()
    assert (step(journey, key).state, answer_of(journey, key).state) == ("waiting", "unknown")
    assert journey.world.count("/*/messages") == 1


def test_only_a_person_may_send_an_unknown_answer_once_more(journey: Journey) -> None:
    key, _ = say_word(journey)
    journey.world.fault("/*/messages", {"drop": "before"}, times=1)
    journey.walk()
    first = answer_of(journey, key).id
    with journey.db.write() as session:
        desk.retry_step(session, key, "test", actor=Actor("staff", "staff-1"), now=clock.now())
    journey.walk()
    assert answer_of(journey, key).id != first
    assert answer_of(journey, key).state == "accepted"
    assert journey.world.effects("sent") == 1


def test_a_receipt_that_carries_our_key_resolves_an_unknown_answer(journey: Journey) -> None:
    key, finished = say_word(journey)
    journey.world.fault("/*/messages", {"drop": "after"}, times=1)
    journey.walk()
    told = Receipt(finished["phone_number_id"], "wamid.OUT", "delivered", clock.now(), tag=answer_of(journey, key).id)
    with journey.db.write() as session:
        noted = note_receipts(session, [told], now=clock.now())
    assert [receipt.wamid for receipt in noted.tests] == ["wamid.OUT"]
    journey.receive("wamid.OUT")
    assert journey.progress(key).state == "live"
    assert journey.world.count("/*/messages") == 1


@pytest.mark.parametrize("passing", [BUSY, {"status": 429, "body": None}], ids=str)
def test_an_answer_meta_did_not_take_is_sent_again_by_itself(journey: Journey, passing: dict[str, Any]) -> None:
    key, _ = say_word(journey)
    journey.world.fault("/*/messages", passing, times=2)
    journey.walk()
    assert answer_of(journey, key).state == "accepted"
    assert journey.world.effects("sent") == 1
    assert step(journey, key).state == "waiting"


def test_an_answer_meta_refuses_parks_the_step_and_a_retry_sends_it(journey: Journey) -> None:
    key, _ = say_word(journey)
    journey.world.fault("/*/messages", REFUSED, times=1)
    journey.walk()
    assert step(journey, key).state in {"refused", "needs_client"}
    assert answer_of(journey, key).state == "refused"
    with journey.db.write() as session:
        desk.retry_step(session, key, "test", actor=Actor("staff", "staff-1"), now=clock.now())
    journey.walk()
    assert answer_of(journey, key).state == "accepted"
    assert journey.world.effects("sent") == 1


def test_an_answer_that_failed_later_is_sent_anew_and_the_new_receipt_counts(journey: Journey) -> None:
    key, _ = say_word(journey)
    journey.walk()
    first = answer_of(journey, key).wamid
    assert first is not None
    journey.receive(first, "failed")
    assert step(journey, key).state == "refused"
    trouble = step(journey, key).trouble
    assert trouble is not None
    assert trouble.key == "answer_failed"
    with journey.db.write() as session:
        desk.retry_step(session, key, "test", actor=Actor("staff", "staff-1"), now=clock.now())
    journey.walk()
    second = answer_of(journey, key)
    assert second.wamid not in {None, first}
    assert (second.state, second.error_code, second.failed_at) == ("accepted", None, None)
    assert not journey.receive(first, "failed")
    assert step(journey, key).state == "waiting"
    journey.receive(str(second.wamid), "sent")
    assert journey.progress(key).state == "live"


def test_a_failure_that_overtakes_our_own_note_is_not_overwritten_by_it(journey: Journey) -> None:
    key, _ = say_word(journey)
    walker = journey.walker
    do = walker._do

    def do_then_fail(walk: Any) -> Any:
        outcome = do(walk)
        wamid = answer_of(journey, key).wamid
        if walk.step == "test" and wamid is not None:
            journey.receive(wamid, "failed")
        return outcome

    walker._do = do_then_fail  # type: ignore[method-assign]
    walker.take("w")
    assert step(journey, key).state == "refused"
    assert journey.progress(key).state == "needs_attention"


def test_what_fails_before_the_call_leaves_the_answer_to_be_sent(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _ = say_word(journey)
    with monkeypatch.context() as broken:
        broken.setattr(type(journey.rt.vault), "open_current", lambda *_, **__: None)
        journey.walker.take("w")
    assert step(journey, key).state == "retrying"
    journey.walk()
    assert answer_of(journey, key).state == "accepted"
    assert journey.world.count("/*/messages") == 1


def test_two_onboardings_of_one_number_answer_their_own_words(journey: Journey) -> None:
    first, finished = journey.connect()
    again = journey.client(business={"id": finished["business_id"]}, account_id=finished["waba_id"])
    second = journey.post_code(again, event=again.event)
    journey.walk()
    assert journey.progress(second).state == "connected"
    journey.write_in(again.finished, journey.progress(second).test_word)
    journey.walk()
    assert step(journey, second).state == "waiting"
    assert step(journey, first).state == "needs_client"
