"""The one-time code of a number: what is counted, what is kept, and what is said when Meta does not send one."""

from typing import Any

import pytest
from sqlalchemy import select

from app.audit.store import Actor, list_of
from app.credentials.retirement import retire
from app.kit import clock
from app.kit.errors import AppError, Conflict, InvalidInput, TooMany, Unavailable
from app.kit.secret import Secret
from app.onboarding.life import verification
from app.onboarding.models import Act, Onboarding
from app.onboarding.reading.progress import list_calls
from tests.connect.aboard import let_pass
from tests.onboarding.journey import Journey
from tests.onboarding.steps.test_register import refusal, step

CLIENT = Actor("client", "client-1")
REQUEST, VERIFY = "/*/request_code", "/*/verify_code"


@pytest.fixture
def waiting(journey: Journey) -> tuple[str, str]:
    """An onboarding whose number waits for its code, and the number's id."""
    key, finished = journey.connect("unverified")
    return key, finished["phone_number_id"]


def ask(journey: Journey, key: str, method: verification.Method = "SMS") -> None:
    verification.request_code(journey.rt, key, method=method, actor=CLIENT)


def refused(journey: Journey, key: str) -> AppError:
    with pytest.raises(AppError) as error:
        ask(journey, key)
    return error.value


def outcomes(journey: Journey, number: str) -> list[str]:
    """What became of each code that was asked for, oldest first."""
    with journey.db.read() as session:
        return list(
            session.scalars(
                select(Act.outcome).where(Act.subject == number, Act.what == "request_code").order_by(Act.id)
            )
        )


def evidence(journey: Journey, key: str) -> dict[str, Any]:
    return dict(step(journey, key, "verify").evidence)


def test_the_code_goes_to_meta_and_is_kept_nowhere(journey: Journey, waiting: tuple[str, str]) -> None:
    key, number = waiting
    ask(journey, key, "VOICE")
    code = journey.world.show("numbers", number)["one_time_code"]
    verification.enter_code(journey.rt, key, code=Secret(code), actor=CLIENT)
    with journey.db.read() as session:
        calls = [call for call in list_calls(session, key) if call.path == f"/{number}/verify_code"]
        told = [entry for entry in list_of(session, "onboarding", key) if entry.actor_id == "client-1"]
    assert [call.request["code"] for call in calls] == ["(secret)"]
    assert [(entry.action, entry.facts) for entry in reversed(told)] == [
        ("code.requested", {"method": "VOICE"}),
        ("number.verified", {}),
    ]
    assert code not in str(evidence(journey, key))


def test_a_code_whose_answer_was_lost_may_have_been_sent_and_counts(journey: Journey, waiting: tuple[str, str]) -> None:
    key, number = waiting
    journey.world.fault(REQUEST, {"drop": "after"}, times=1)
    lost = refused(journey, key)
    assert isinstance(lost, Unavailable)
    assert lost.code == "meta_unreachable"
    assert outcomes(journey, number) == ["unknown"]
    again = refused(journey, key)
    assert isinstance(again, TooMany)
    assert again.code == "code_just_asked"


def test_a_code_that_meta_refused_to_send_is_told_at_the_method(journey: Journey, waiting: tuple[str, str]) -> None:
    key, number = waiting
    journey.world.fault(REQUEST, refusal(136024), times=1)
    fault = refused(journey, key)
    assert isinstance(fault, InvalidInput)
    assert [one.field for one in fault.faults] == ["method"]
    assert outcomes(journey, number) == ["refused"]
    assert evidence(journey, key)["code_refused"]["key"] == fault.code


def test_the_newest_code_ends_what_was_said_of_the_one_before(journey: Journey, waiting: tuple[str, str]) -> None:
    key, _ = waiting
    journey.world.fault(REQUEST, refusal(136024), times=1)
    refused(journey, key)
    journey.walk()
    let_pass(journey, "request_code", minutes=2)
    ask(journey, key)
    assert "code_refused" not in evidence(journey, key)
    assert evidence(journey, key)["code_sent"]["method"] == "SMS"


def test_a_sixth_code_in_twelve_hours_is_not_asked_for(journey: Journey, waiting: tuple[str, str]) -> None:
    key, _ = waiting
    for _ in range(5):
        ask(journey, key)
        let_pass(journey, "request_code", minutes=2)
    sixth = refused(journey, key)
    assert isinstance(sixth, TooMany)
    assert sixth.code == "too_many_codes"
    assert journey.world.count(REQUEST) == 5


def test_a_number_without_a_token_is_not_asked_about(journey: Journey, waiting: tuple[str, str]) -> None:
    key, _ = waiting
    progress = journey.progress(key)
    with journey.db.write() as session:
        retire(
            session,
            kind="business_token",
            client_id=progress.client_id,
            subject=str(progress.waba_id),
            now=clock.now(),
        )
    assert refused(journey, key).code == "no_token"
    assert journey.world.count(REQUEST) == 0


@pytest.mark.parametrize("plan", ["standard", "coexistence"])
def test_a_number_that_waits_for_no_code_gets_none(journey: Journey, plan: str) -> None:
    key, _ = journey.connect(plan)
    assert refused(journey, key).code == "no_code_wanted"
    with pytest.raises(Conflict):
        verification.enter_code(journey.rt, key, code=Secret("123456"), actor=CLIENT)
    assert (journey.world.count(REQUEST), journey.world.count(VERIFY)) == (0, 0)


def test_a_run_that_has_ended_asks_for_no_code(journey: Journey, waiting: tuple[str, str]) -> None:
    key, _ = waiting
    with journey.db.write() as session:
        session.get_one(Onboarding, key).ended_at = clock.now()
    assert refused(journey, key).code == "no_code_wanted"
    assert journey.world.count(REQUEST) == 0
