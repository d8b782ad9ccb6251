"""Registering on bad days: each refusal of Meta's has its own way on, and none spends a try for nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.audit.store import Actor
from app.kit import clock
from app.kit.secret import Secret
from app.onboarding.ledger import acts, registers
from app.onboarding.ledger.counted import read_registers
from app.onboarding.life import number_news, verification
from tests.onboarding.journey import Journey
from tests.onboarding.life.test_pins import give_pin
from tests.onboarding.steps.test_register import refusal, step, trouble, try_again

CLIENT = Actor("client", "client-1")
REGISTER = "/*/register"


def test_a_number_to_be_verified_again_gets_the_step_for_it_and_goes_on_by_itself(journey: Journey) -> None:
    """After fourteen days Meta forgets a verification: 133006, and the number shows as EXPIRED."""
    key, finished = journey.begin()
    journey.world.fault("/*/subscribed_apps", {"status": 500, "body": None}, times=1)
    journey.world.pass_time(15 * 24 * 3600)
    journey.walk()
    assert journey.progress(key).plan == "unverified"
    assert journey.states(key)["register"] == "not_started"
    assert trouble(journey, key, "verify") == ("needs_client", "number_not_verified")
    assert journey.world.count(REGISTER) == 1

    verification.request_code(journey.rt, key, method="SMS", actor=CLIENT)
    code = journey.world.show("numbers", finished["phone_number_id"])["one_time_code"]
    verification.enter_code(journey.rt, key, code=Secret(code), actor=CLIENT)
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.world.count(REGISTER) == 2


def test_metas_word_that_a_code_is_wanted_counts_for_more_than_what_it_shows(journey: Journey) -> None:
    """133006 for a number that shows as VERIFIED: nothing repeats by itself, and a code that Meta refuses leads on."""
    key, _ = journey.begin()
    journey.world.fault(REGISTER, refusal(133006), times=1)
    journey.walk()
    assert trouble(journey, key, "verify") == ("needs_client", "number_not_verified")
    assert journey.world.count(REGISTER) == 1
    with pytest.raises(Exception, match="method"):
        verification.request_code(journey.rt, key, method="SMS", actor=CLIENT)
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.world.count(REGISTER) == 2


@pytest.mark.parametrize(("code", "seconds"), [(133015, 300), (133000, 300), (133004, 60)])
def test_what_passes_slowly_is_asked_for_slowly(journey: Journey, code: int, seconds: int) -> None:
    key, _ = journey.begin()
    journey.world.fault(REGISTER, {**refusal(code), "status": 503}, times=1)
    with time_machine.travel(clock.now(), tick=False) as now:
        journey.walker.take("w")
        found = step(journey, key, "register")
        assert found.state == "retrying"
        assert found.next_try_at is not None
        assert found.next_try_at - clock.now() >= timedelta(seconds=seconds)
        now.shift(timedelta(seconds=seconds - 1))
        journey.walker.take("w")
        assert journey.world.count(REGISTER) == 1
        now.shift(timedelta(seconds=2))
        journey.walker.take("w")
        assert journey.world.count(REGISTER) == 2
    assert journey.progress(key).state == "connected"


def test_a_number_that_was_deregistered_moments_ago_waits_five_minutes(journey: Journey) -> None:
    key, _ = journey.begin()
    journey.world.fault(REGISTER, refusal(133015), times=1)
    journey.walker.take("w")
    found = step(journey, key, "register")
    assert found.trouble is not None
    assert (found.state, found.trouble.key, found.trouble.who) == ("retrying", "just_deregistered", "nobody")


def test_used_up_tries_are_told_with_their_end_and_nobody_asks_before(journey: Journey) -> None:
    key, _ = journey.begin()
    journey.world.fault(REGISTER, refusal(133016))
    with time_machine.travel("2026-11-25 14:05:00+00:00", tick=False) as now:
        journey.walk()
        found = step(journey, key, "register")
        assert found.trouble is not None
        assert (found.state, found.trouble.code, found.trouble.who) == ("refused", 133016, "nobody")
        assert found.trouble.do.startswith("Wait until 28 November 2026, 14:05 UTC")
        with journey.db.read() as session:
            counted = read_registers(session, number_of(journey, key), now=clock.now())
        assert (counted.spent, counted.left) == (1, 0)
        assert counted.again_at == datetime(2026, 11, 28, 14, 5, tzinfo=UTC)
        journey.world.clear_faults()
        try_again(journey, key)
        assert journey.world.count(REGISTER) == 1
        assert trouble(journey, key) == ("needs_us", "register_locked")
        now.shift(timedelta(hours=72, seconds=1))
        journey.world.pass_time(72 * 3600)
        try_again(journey, key)
        with journey.db.read() as session:
            assert read_registers(session, number_of(journey, key), now=clock.now()).again_at is None
    assert journey.world.count(REGISTER) == 2


def number_of(journey: Journey, key: str) -> str:
    number = journey.progress(key).phone_number_id
    assert number is not None
    return number


def spend(journey: Journey, by: str, number: str, count: int) -> None:
    """As if the run of another client had spent some of the number's tries."""
    with journey.db.write() as session:
        for _ in range(count):
            act = acts.begin_act(session, subject=number, what=registers.REGISTER, onboarding_id=by, now=clock.now())
            acts.end_act(session, act, acts.REFUSED)


@pytest.mark.parametrize(("spent", "calls"), [(7, 1), (8, 0)])
def test_fewer_than_three_tries_left_are_never_spent_by_a_machine(journey: Journey, spent: int, calls: int) -> None:
    other, _ = journey.connect()
    before = journey.world.count(REGISTER)
    _, finished = journey.begin()
    spend(journey, other, finished["phone_number_id"], spent)
    journey.walk()
    assert journey.world.count(REGISTER) - before == calls


def test_nobody_makes_an_eleventh_whoever_made_the_ten(journey: Journey) -> None:
    other, _ = journey.connect()
    before = journey.world.count(REGISTER)
    key, finished = journey.begin()
    spend(journey, other, finished["phone_number_id"], 9)
    journey.world.fault(REGISTER, refusal(133005))
    journey.walk()
    assert journey.world.count(REGISTER) == before
    assert trouble(journey, key) == ("needs_us", "register_budget")
    try_again(journey, key)
    assert journey.world.count(REGISTER) == before + 1
    give_pin(journey, key, "111111")
    assert journey.world.count(REGISTER) == before + 1
    assert trouble(journey, key) == ("needs_us", "register_locked")


def test_a_name_in_review_is_waited_for_without_spending_a_try(journey: Journey) -> None:
    key, finished = journey.begin(number="+1 555 010 0187")
    journey.world.fault(REGISTER, refusal(131045), times=1)
    journey.walker.take("w")
    for _ in range(3):
        journey.hurry()
        journey.walker.take("w")
    found = step(journey, key, "register")
    assert (found.state, found.condition) == ("waiting", "name_review")
    assert journey.world.count(REGISTER) == 1
    journey.world.change(f"numbers/{finished['phone_number_id']}", name_status="APPROVED", silent=True)
    with journey.db.write() as session:
        assert number_news.name_reviewed(
            session,
            waba_id=finished["waba_id"],
            display="15550100187",
            decision="APPROVED",
            at=clock.now(),
            now=clock.now(),
        )
    journey.walker.take("w")
    assert journey.progress(key).state == "connected"
    assert journey.world.count(REGISTER) == 2


def test_a_name_that_is_declined_meanwhile_is_the_clients_to_change(journey: Journey) -> None:
    key, finished = journey.begin(number="+1 555 010 0187")
    journey.world.fault(REGISTER, refusal(131045), times=1)
    journey.walker.take("w")
    journey.world.change(f"numbers/{finished['phone_number_id']}", name_status="DECLINED", silent=True)
    journey.walk()
    assert trouble(journey, key) == ("needs_client", "name_declined")
    assert journey.world.count(REGISTER) == 1


def test_a_number_in_this_account_already_is_only_looked_at(journey: Journey) -> None:
    key, _ = journey.begin()
    journey.world.fault(REGISTER, refusal(2388012), times=1)
    journey.walker.take("w")
    assert step(journey, key, "register").condition == "number_connected"
    assert journey.world.count(REGISTER) == 1
