"""What a program may do about an onboarding, against the local Meta."""

import pytest
from flask import Flask

from app.audit.store import list_of
from tests.api.conftest import MakeProgram
from tests.api.program import Program, faults_of, problem_of
from tests.connect.aboard import OLD_PIN, bring_aboard, code_of
from tests.connect.visitor import make_link
from tests.factories.onboardings import LIVE, add_onboarding, add_stuck
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


@pytest.fixture
def program(app: Flask, with_scopes: MakeProgram) -> Program:
    return with_scopes("onboardings:read", "onboardings:write")


def actions(journey: Journey, key: str) -> list[tuple[str, str]]:
    with journey.db.read() as session:
        return [(entry.action, entry.actor_kind) for entry in reversed(list_of(session, "onboarding", key))]


def test_a_program_asks_for_a_code_enters_it_and_the_walk_goes_on(program: Program, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], "unverified")
    base = f"/v1/onboardings/{journey.progress(key).reference}"

    asked = program.ask("POST", f"{base}/request-code", json={"method": "VOICE"})
    assert asked.status_code == 200
    assert (
        next(step for step in asked.json["steps"] if step["name"] == "verify")["evidence"]["code_sent"]["method"]
        == "VOICE"
    )
    code = code_of(journey, key)
    wrong = program.ask("POST", f"{base}/enter-code", json={"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    assert set(faults_of(wrong)) == {"code"}
    again = program.ask("POST", f"{base}/request-code", json={"method": "SMS"})
    assert (again.status_code, problem_of(again)["code"]) == (429, "code_just_asked")
    assert program.ask("POST", f"{base}/enter-code", json={"code": code}).status_code == 200

    journey.walk()
    assert journey.states(key)["register"] == "done"
    assert actions(journey, key) == [
        ("onboarding.begun", "client"),
        ("code.requested", "key"),
        ("number.verified", "key"),
    ]
    late = program.ask("POST", f"{base}/enter-code", json={"code": code})
    assert (late.status_code, problem_of(late)["code"]) == (409, "no_code_wanted")


def test_a_program_enters_the_pin_and_never_reads_one(program: Program, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], number="+1 555 010 0182")
    base = f"/v1/onboardings/{journey.progress(key).reference}"

    for pin in ("12345", "1234567", "abcdef", ""):
        assert set(faults_of(program.ask("POST", f"{base}/pin", json={"pin": pin}))) == {"pin"}
    given = program.ask("POST", f"{base}/pin", json={"pin": OLD_PIN})

    assert given.status_code == 200
    journey.walk()
    assert journey.states(key)["register"] == "done"
    assert OLD_PIN not in program.get(base).text
    assert program.ask("POST", f"{base}/pin/reveal", json={"reason": "curious"}).status_code == 404
    late = program.ask("POST", f"{base}/two-step-off")
    assert (late.status_code, problem_of(late)["code"]) == (409, "no_pin_wanted")


def test_a_program_tries_again_and_skips_the_test_with_a_reason(program: Program) -> None:
    row = add_stuck(program.rt)
    base = f"/v1/onboardings/{row.reference}"

    retried = program.ask("POST", f"{base}/steps/credit/retry")
    assert retried.status_code == 200
    assert next(step for step in retried.json["steps"] if step["name"] == "credit")["state"] == "pending"
    assert set(faults_of(program.ask("POST", f"{base}/waive", json={"reason": "no"}))) == {"reason"}
    waived = program.ask("POST", f"{base}/waive", json={"reason": "tested by phone"})
    assert next(step for step in waived.json["steps"] if step["name"] == "test")["state"] == "skipped"


def test_what_is_done_or_is_no_step_cannot_be_tried_again(program: Program) -> None:
    row = add_onboarding(program.rt, proofs=LIVE)
    base = f"/v1/onboardings/{row.reference}"

    assert program.ask("POST", f"{base}/steps/credit/retry").status_code == 409
    assert program.ask("POST", f"{base}/steps/sync/retry").status_code == 404
    assert program.ask("POST", f"{base}/steps/dance/retry").status_code == 404
    assert program.ask("POST", "/v1/onboardings/onb_2222-2222/two-step-off").status_code == 404


def test_several_numbers_of_one_signup_name_one_another(program: Program, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], "several")
    lead = journey.progress(key)

    told = program.get(f"/v1/onboardings/{lead.reference}").json
    other = program.get(f"/v1/onboardings/{told['siblings'][0]['reference']}").json

    assert (told["way"], told["replaced_by"], told["ended_at"]) == ("popup", None, None)
    assert lead.reference in {sibling["reference"] for sibling in other["siblings"]}


def test_a_run_that_was_replaced_says_so_and_by_which(program: Program, journey: Journey) -> None:
    first = bring_aboard(journey, make_link(journey.rt, external_ref="crm-1")[1], number="+1 555 010 0110")
    ids = journey.progress(first)
    second = bring_aboard(
        journey,
        make_link(journey.rt, external_ref="crm-1")[1],
        number="+1 555 010 0110",
        business={"id": ids.business_id},
        account_id=ids.waba_id,
    )

    told = program.get(f"/v1/onboardings/{ids.reference}").json

    assert (told["status"], told["replaced_by"]) == ("replaced", journey.progress(second).reference)
    found = program.get("/v1/onboardings", state="replaced").json["onboardings"]
    assert [one["reference"] for one in found] == [ids.reference]


def test_the_list_is_filtered_by_plan_and_way(program: Program) -> None:
    add_onboarding(program.rt, "Example Bakery", proofs=LIVE)
    kept = add_onboarding(program.rt, "Sample Florist", plan="coexistence", proofs=LIVE)

    def found(**query: str) -> list[str]:
        return [one["reference"] for one in program.get("/v1/onboardings", **query).json["onboardings"]]

    assert found(plan="coexistence") == [kept.reference]
    assert len(found(way="popup")) == 2
    assert found(way="hosted") == []
    assert program.get("/v1/onboardings", plan="dance").status_code == 422
