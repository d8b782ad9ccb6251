"""The PIN of a number: given once, tried once, replaced when two-step is off, and shown only once Meta has taken it."""

import pytest

from app.audit.store import Actor, list_of
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput
from app.kit.secret import Secret
from app.onboarding.life import pins
from tests.connect.aboard import OLD_PIN
from tests.onboarding.journey import Journey
from tests.onboarding.steps.test_register import refusal, trouble

STAFF, CLIENT = Actor("staff", "staff-1"), Actor("client", "client-1")
REGISTER = "/*/register"


def give_pin(journey: Journey, key: str, pin: str) -> None:
    with journey.db.write() as session:
        pins.give_pin(session, journey.rt.vault, key, pin=Secret(pin), actor=CLIENT, now=clock.now())
    journey.walk()


def reveal(journey: Journey, key: str) -> Secret:
    with journey.db.write() as session:
        return pins.reveal_pin(session, journey.rt.vault, key, reason="Asked for it", actor=STAFF, now=clock.now())


def held_pin(journey: Journey, key: str) -> Secret | None:
    progress = journey.progress(key)
    with journey.db.read() as session:
        held = journey.rt.vault.open_current(
            session, kind="pin", client_id=progress.client_id, subject=str(progress.phone_number_id)
        )
    return held.secret if held else None


def test_a_pin_that_meta_never_took_is_shown_to_nobody(journey: Journey) -> None:
    key, _ = journey.connect(number="+1 555 010 0182")
    assert trouble(journey, key) == ("needs_client", "pin_mismatch")
    with pytest.raises(Conflict):
        reveal(journey, key)


def test_the_numbers_own_pin_is_used_once_it_is_given(journey: Journey) -> None:
    key, _ = journey.connect(number="+1 555 010 0182")
    give_pin(journey, key, OLD_PIN)
    assert journey.progress(key).state == "connected"
    assert reveal(journey, key) == Secret(OLD_PIN)
    assert journey.world.count(REGISTER) == 2


def test_a_wrong_pin_parks_the_step_again_after_one_try(journey: Journey) -> None:
    key, _ = journey.connect(number="+1 555 010 0182")
    give_pin(journey, key, "111111")
    assert trouble(journey, key) == ("needs_client", "pin_mismatch")
    assert journey.world.count(REGISTER) == 2
    give_pin(journey, key, OLD_PIN)
    assert journey.progress(key).state == "connected"


def test_once_two_step_is_off_a_fresh_random_pin_is_sealed_before_the_call(journey: Journey) -> None:
    key, finished = journey.connect(number="+1 555 010 0182")
    give_pin(journey, key, "111111")
    before = held_pin(journey, key)
    journey.world.change(f"numbers/{finished['phone_number_id']}", two_step=False, silent=True)
    with journey.db.write() as session:
        pins.tell_two_step_is_off(session, key, actor=CLIENT, now=clock.now())
    assert held_pin(journey, key) is None
    journey.world.fault(REGISTER, {"drop": "after"}, times=1)
    journey.walker.take("w")
    fresh = held_pin(journey, key)
    assert fresh not in {None, before, Secret(OLD_PIN)}
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert reveal(journey, key) == fresh


def test_nobody_gives_a_pin_where_none_is_asked_for(journey: Journey) -> None:
    key, _ = journey.connect()
    with pytest.raises(Conflict):
        give_pin(journey, key, OLD_PIN)
    with pytest.raises(Conflict), journey.db.write() as session:
        pins.tell_two_step_is_off(session, key, actor=CLIENT, now=clock.now())


@pytest.mark.parametrize("code", [133008, 133009])
def test_after_too_many_pins_the_guided_way_is_open_too(journey: Journey, code: int) -> None:
    key, _ = journey.begin()
    journey.world.fault(REGISTER, refusal(code), times=1)
    journey.walk()
    assert trouble(journey, key) == ("needs_client", "pin_tries_used_up")
    assert journey.world.count(REGISTER) == 1
    give_pin(journey, key, "135792")
    assert journey.progress(key).state == "connected"


@pytest.mark.parametrize("typed", ["24681", "2468100", "24681a", "２４６８１０", " 246810"])
def test_what_is_no_six_digits_is_kept_nowhere(journey: Journey, typed: str) -> None:
    key, _ = journey.connect(number="+1 555 010 0182")
    held = held_pin(journey, key)
    with pytest.raises(InvalidInput) as refused:
        give_pin(journey, key, typed)
    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [("pin", "must be six digits")]
    assert held_pin(journey, key) == held
    assert journey.world.count(REGISTER) == 1


@pytest.mark.parametrize("reason", ["", "    ", "help", "x" * 501])
def test_no_pin_is_shown_without_a_reason_that_says_something(journey: Journey, reason: str) -> None:
    key, _ = journey.connect()
    with pytest.raises(InvalidInput), journey.db.write() as session:
        pins.reveal_pin(session, journey.rt.vault, key, reason=reason, actor=STAFF, now=clock.now())
    with journey.db.read() as session:
        assert "pin.revealed" not in [entry.action for entry in list_of(session, "onboarding", key)]


def test_who_gave_a_pin_and_who_saw_one_is_written_down_and_the_pin_is_not(journey: Journey) -> None:
    key, _ = journey.connect(number="+1 555 010 0182")
    give_pin(journey, key, OLD_PIN)
    reveal(journey, key)
    with journey.db.read() as session:
        entries = [entry for entry in list_of(session, "onboarding", key) if entry.action.startswith("pin.")]
    told = {(entry.action, entry.actor_kind, entry.actor_id): entry.facts for entry in entries}
    assert told == {
        ("pin.given", "client", "client-1"): {},
        ("pin.revealed", "staff", "staff-1"): {"reason": "Asked for it"},
    }
