"""Registering: looked at first, with a sealed PIN, and never more often than a machine may."""

from typing import Any

import pytest

from app.audit.store import Actor
from app.kit import clock
from app.kit.errors import Conflict
from app.onboarding.ledger import desk
from app.onboarding.reading.progress import StepView, list_calls
from tests.onboarding.journey import Journey

PENDING = {"status": "PENDING", "platform_type": "NOT_APPLICABLE", "code_verification_status": "VERIFIED"}
STAFF = Actor("staff", "staff-1")


def refusal(code: int, **more: Any) -> dict[str, Any]:
    return {"status": 400, "body": {"error": {"message": f"(#{code})", "code": code, "fbtrace_id": "Trace1", **more}}}


def step(journey: Journey, key: str, name: str) -> StepView:
    found = journey.progress(key).step(name)
    assert found is not None
    return found


def register(journey: Journey, key: str) -> StepView:
    return step(journey, key, "register")


def trouble(journey: Journey, key: str, name: str = "register") -> tuple[str, str]:
    found = step(journey, key, name)
    assert found.trouble is not None
    return found.state, found.trouble.key


def try_again(journey: Journey, key: str) -> None:
    with journey.db.write() as session:
        desk.retry_step(session, key, "register", actor=STAFF, now=clock.now())
    journey.walk()


def test_the_number_is_looked_at_before_it_is_registered(journey: Journey) -> None:
    key, finished = journey.connect()
    calls = [call for call in reversed(_calls(journey, key)) if call.step_name == "register"]
    number = finished["phone_number_id"]
    assert [(call.method, call.path) for call in calls] == [
        ("GET", f"/{number}"),
        ("POST", f"/{number}/register"),
        ("GET", f"/{number}"),
    ]
    assert calls[1].request["pin"] == "(secret)"


def _calls(journey: Journey, key: str) -> list[Any]:
    with journey.db.read() as session:
        return list(list_calls(session, key))


def test_another_pin_parks_the_step_for_the_client_after_one_try(journey: Journey) -> None:
    key, _ = journey.connect(number="+1 555 010 0182")
    step = register(journey, key)
    assert (step.state, step.attempts) == ("needs_client", 1)
    assert step.trouble is not None
    assert (step.trouble.code, step.trouble.who, step.trouble.retry) == (133005, "client", "by_hand")
    journey.walk()
    assert journey.world.count("/*/register") == 1
    assert journey.progress(key).state == "needs_attention"
    assert journey.states(key)["credit"] == "done"


def test_a_refused_pin_is_sent_to_meta_no_second_time_by_trying_again(journey: Journey) -> None:
    """Ten tries lock a number, whoever asks for them: console, API or command line."""
    key, _ = journey.connect(number="+1 555 010 0182")
    with pytest.raises(Conflict) as refused:
        try_again(journey, key)
    assert refused.value.code == "pin_wanted"
    assert "Give the number's own PIN" in refused.value.detail
    journey.walk()
    assert journey.world.count("/*/register") == 1
    assert register(journey, key).state == "needs_client"


def test_a_retry_by_hand_uses_the_same_pin(journey: Journey) -> None:
    key, finished = journey.begin()
    journey.world.fault("/*/register", refusal(200), times=1)
    journey.walk()
    pin = _pin(journey, key, finished)
    try_again(journey, key)
    assert journey.progress(key).state == "connected"
    assert _pin(journey, key, finished) == pin
    assert register(journey, key).evidence["pin"] == "sealed"


def _pin(journey: Journey, key: str, finished: dict[str, Any]) -> object:
    with journey.db.read() as session:
        return journey.rt.vault.open_current(
            session, kind="pin", client_id=journey.progress(key).client_id, subject=finished["phone_number_id"]
        )


def test_the_pin_is_sealed_before_the_call_even_if_that_never_answers(journey: Journey) -> None:
    key, finished = journey.begin()
    journey.world.fault("/*/register", {"drop": "before"})
    journey.walker.take("w")
    assert _pin(journey, key, finished) is not None


def test_an_unverified_number_is_never_registered(journey: Journey) -> None:
    key, _ = journey.connect("unverified")
    verify = journey.progress(key).step("verify")
    assert verify is not None
    assert verify.trouble is not None
    assert (verify.state, verify.trouble.key) == ("needs_client", "number_not_verified")
    assert register(journey, key).state == "not_started"
    assert journey.world.count("/*/register") == 0


@pytest.mark.parametrize("status", ["NOT_VERIFIED", "UNVERIFIED"])
def test_both_words_for_unverified_are_known(journey: Journey, status: str) -> None:
    key, finished = journey.begin()
    look = {"id": finished["phone_number_id"], **PENDING, "code_verification_status": status}
    journey.world.fault(f"/{finished['phone_number_id']}", {"status": 200, "body": look})
    journey.walker.take("w")
    assert register(journey, key).state == "not_started"
    assert journey.progress(key).plan == "unverified"
    assert journey.world.count("/*/register") == 0


def test_a_verification_that_expired_later_does_no_harm(journey: Journey) -> None:
    key, finished = journey.begin()
    look = {"id": finished["phone_number_id"], **PENDING, "code_verification_status": "EXPIRED"}
    journey.world.fault(f"/{finished['phone_number_id']}", {"status": 200, "body": look}, times=3)
    journey.walk()
    assert register(journey, key).state == "done"


def test_a_number_that_turns_out_to_live_on_the_phone_app_is_not_registered(journey: Journey) -> None:
    key, finished = journey.begin()
    look = {"id": finished["phone_number_id"], **PENDING, "is_on_biz_app": True}
    journey.world.fault(f"/{finished['phone_number_id']}", {"status": 200, "body": look})
    journey.walker.take("w")
    step = register(journey, key)
    assert step.state == "needs_us"
    assert step.trouble is not None
    assert step.trouble.key == "number_on_phone_app"
    assert journey.world.count("/*/register") == 0


def test_a_lost_answer_shows_itself_as_registered(journey: Journey) -> None:
    journey.world.fault("/*/register", {"drop": "after"}, times=1)
    key, _ = journey.connect()
    assert register(journey, key).evidence["found"] == "registered"
    assert journey.world.count("/*/register") == 1


def test_a_machine_registers_three_times_at_most_and_try_again_spends_one_more(journey: Journey) -> None:
    key, _ = journey.begin()
    journey.world.fault("/*/register", {"status": 503, "body": {"error": {"message": "(#133004)", "code": 133004}}})
    journey.walk()
    assert journey.world.count("/*/register") == 3
    step = register(journey, key)
    assert step.state == "needs_us"
    assert step.trouble is not None
    assert (step.trouble.key, step.trouble.who) == ("register_budget", "partner")
    try_again(journey, key)
    assert journey.world.count("/*/register") == 4
    assert register(journey, key).state == "needs_us"
    try_again(journey, key)
    assert journey.world.count("/*/register") == 5
    journey.world.clear_faults()
    try_again(journey, key)
    assert journey.progress(key).state == "connected"


def test_an_accepted_registration_whose_sight_is_late_is_waited_for_and_not_repeated(journey: Journey) -> None:
    key, finished = journey.begin()
    look = {"id": finished["phone_number_id"], **PENDING}
    journey.world.fault(f"/{finished['phone_number_id']}", {"status": 200, "body": look}, times=9)
    journey.walker.take("w")
    assert register(journey, key).state == "waiting"
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.world.count("/*/register") == 1


@pytest.mark.parametrize(
    ("code", "state", "who"),
    [(133008, "needs_client", "client"), (133009, "needs_client", "client"), (133016, "refused", "nobody")],
)
def test_what_meta_refuses_for_good_is_never_repeated_by_a_machine(
    journey: Journey, code: int, state: str, who: str
) -> None:
    key, _ = journey.begin()
    journey.world.fault("/*/register", refusal(code))
    journey.walk()
    step = register(journey, key)
    assert step.state == state
    assert step.trouble is not None
    assert (step.trouble.code, step.trouble.trace_id, step.trouble.who) == (code, "Trace1", who)
    assert journey.world.count("/*/register") == 1
