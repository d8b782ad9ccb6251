"""What contacts write and what receipts say, told to the onboardings they belong to."""

import pytest

from app.audit.store import Actor
from app.kit import clock
from app.onboarding.ledger import desk, ledger
from tests.onboarding.journey import Journey


def test_a_message_without_the_word_proves_receiving_and_is_never_answered(journey: Journey) -> None:
    key, finished = journey.connect()
    assert not journey.write_in(finished, "Do you have rye bread?")
    journey.walk()
    assert "message_in" in journey.proofs(key)
    assert journey.states(key)["test"] == "needs_client"
    assert journey.world.count("/*/messages") == 0
    assert journey.progress(key).state == "connected"


def test_a_picture_proves_receiving_too(journey: Journey) -> None:
    key, finished = journey.connect()
    assert not journey.hear(finished["phone_number_id"], None)
    assert "message_in" in journey.proofs(key)


def test_the_word_is_answered_once_even_if_it_is_said_again(journey: Journey) -> None:
    key, finished = journey.connect()
    word = journey.progress(key).test_word
    assert journey.write_in(finished, word)
    assert not journey.write_in(finished, word, wamid="wamid.IN2")
    journey.walk()
    assert not journey.write_in(finished, word, wamid="wamid.IN3")
    journey.walk()
    assert journey.world.count("/*/messages") == 1
    proof = next(proof for proof in journey.progress(key).proofs if proof.kind == "message_in")
    assert proof.seen_at is not None


def test_a_client_whose_answer_meta_refused_writes_again_and_is_answered(journey: Journey) -> None:
    key, finished = journey.connect()
    word = journey.progress(key).test_word
    undeliverable = {"status": 400, "body": {"error": {"message": "(#131026) Undeliverable", "code": 131026}}}
    journey.world.fault("/*/messages", undeliverable, times=1)
    journey.write_in(finished, word)
    journey.walk()
    assert journey.progress(key).state == "needs_attention"
    assert journey.write_in(finished, word, wamid="wamid.AGAIN", contact="15550009002")
    journey.walk()
    assert journey.states(key)["test"] == "waiting"
    assert [call["params"]["context"] for call in journey.world.calls("/*/messages", "POST")] == [
        {"message_id": "wamid.IN"},
        {"message_id": "wamid.AGAIN"},
    ]


def test_a_word_said_while_staff_must_decide_waits_for_them(journey: Journey) -> None:
    """Nobody knows whether the first answer arrived: no machine sends a second; a person may, to the new message."""
    key, finished = journey.connect()
    word = journey.progress(key).test_word
    journey.world.fault("/*/messages", {"drop": "before"}, times=1)
    journey.write_in(finished, word)
    journey.walker.take("w")
    with journey.db.write() as session:
        step = ledger.get_step(session, key, "test")
        step.state, step.trouble, step.next_try_at = "needs_us", {"key": "receipt_missing"}, None
    assert not journey.write_in(finished, word, wamid="wamid.AGAIN")
    journey.walk()
    assert journey.world.count("/*/messages") == 1
    with journey.db.write() as session:
        desk.retry_step(session, key, "test", actor=Actor("staff", "alex@example.com"), now=clock.now())
    journey.walk()
    sent = journey.world.calls("/*/messages", "POST")
    assert [call["params"]["context"]["message_id"] for call in sent] == ["wamid.IN", "wamid.AGAIN"]


def test_another_onboardings_word_is_not_answered(journey: Journey) -> None:
    first, finished = journey.connect()
    other, _ = journey.connect()
    assert not journey.write_in(finished, journey.progress(other).test_word)
    journey.walk()
    assert journey.world.count("/*/messages") == 0
    assert "message_in" in journey.proofs(first)
    assert "message_in" not in journey.proofs(other)


def test_a_word_said_before_the_number_was_ready_is_answered_when_it_is(journey: Journey) -> None:
    key, finished = journey.begin()
    journey.world.fault("/*/subscribed_apps", {"status": 500, "body": None}, times=1)
    journey.walker.take("w")
    assert journey.states(key)["test"] == "not_started"
    journey.write_in(finished, journey.progress(key).test_word)
    journey.walk()
    assert journey.states(key)["test"] == "waiting"
    assert journey.world.count("/*/messages") == 1


def test_a_word_said_while_the_step_is_about_to_ask_for_it_is_not_overlooked(journey: Journey) -> None:
    key, finished = journey.begin()
    walker = journey.walker
    do = walker._do

    def do_and_hear(walk: object) -> object:
        outcome = do(walk)  # type: ignore[arg-type]
        if getattr(walk, "step", "") == "test":
            journey.write_in(finished, journey.progress(key).test_word)
        return outcome

    walker._do = do_and_hear  # type: ignore[assignment, method-assign]
    journey.walk()
    assert journey.states(key)["test"] == "waiting"
    assert journey.world.count("/*/messages") == 1


def test_a_message_to_a_number_that_is_nobodys_changes_nothing(journey: Journey) -> None:
    key, _ = journey.connect()
    assert not journey.hear("999999999999999", journey.progress(key).test_word)
    assert "message_in" not in journey.proofs(key)


def test_a_waived_test_hears_nothing_any_more(journey: Journey) -> None:
    key, finished = journey.connect()
    with journey.db.write() as session:
        desk.waive_test(session, key, reason="Shop has no phone", actor=Actor("staff", "s"), now=clock.now())
    journey.walk()
    assert not journey.write_in(finished, journey.progress(key).test_word)
    journey.walk()
    assert journey.states(key)["test"] == "skipped"
    assert journey.progress(key).state == "connected"
    assert journey.world.count("/*/messages") == 0


@pytest.mark.parametrize("state", ["sent", "delivered", "read"])
def test_any_receipt_that_the_answer_went_out_makes_it_live(journey: Journey, state: str) -> None:
    key, finished = journey.connect()
    journey.write_in(finished, journey.progress(key).test_word)
    journey.walk()
    (sent,) = journey.world.calls("/*/messages", "POST")
    wamid = sent["reply"]["messages"][0]["id"]
    journey.receive(wamid, state)
    assert journey.progress(key).state == "live"
    journey.receive(wamid, "failed")
    assert journey.progress(key).state == "live"


def test_receipts_of_unknown_messages_and_of_unknown_kinds_change_nothing(journey: Journey) -> None:
    key, finished = journey.connect()
    journey.write_in(finished, journey.progress(key).test_word)
    journey.walk()
    (sent,) = journey.world.calls("/*/messages", "POST")
    assert not journey.receive("wamid.UNKNOWN", "delivered")
    assert not journey.receive(sent["reply"]["messages"][0]["id"], "warning")
    assert journey.states(key)["test"] == "waiting"
