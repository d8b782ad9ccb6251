from dataclasses import replace
from typing import Any

import pytest

from app.onboarding.reading.progress import read_progress
from app.onboarding.reading.replies import status_of
from tests.api.program import Program, faults_of, problem_of
from tests.factories.onboardings import CONNECTED, LIVE, SAY_HI, add_onboarding, add_stuck


def shown(program: Program, reference: str) -> dict[str, Any]:
    answer = program.get(f"/v1/onboardings/{reference}")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def test_a_stuck_onboarding_tells_who_must_do_what(program: Program) -> None:
    row = add_stuck(program.rt)
    body = shown(program, row.reference)
    assert (body["id"], body["reference"]) == (row.id, row.reference)
    assert body["client"]["name"] == "Example Bakery"
    assert (body["plan"], body["status"], body["current_step"]) == ("standard", "needs_partner", "credit")
    assert [(step["name"], step["state"]) for step in body["steps"]] == [
        ("exchange", "done"),
        ("subscribe", "done"),
        ("credit", "attention"),
        ("register", "done"),
        ("test", "attention"),
    ]
    error = body["steps"][2]["error"]
    assert error["meaning"].startswith("Our system user may not share the credit line")
    assert (error["code"], error["subcode"], error["trace_id"]) == (200, None, "Fz71LpQ0wYd")
    assert error["who"] == "partner"
    assert "Try again" in error["action"]
    assert body["steps"][0]["started_at"] < body["steps"][0]["finished_at"]
    assert body["steps"][2]["attempts"] == 4


def test_proofs_have_the_names_programs_know(program: Program) -> None:
    row = add_stuck(program.rt)
    proofs = {proof["name"]: proof["ok"] for proof in shown(program, row.reference)["proofs"]}
    assert proofs == {
        "token": True,
        "subscription": True,
        "callback": True,
        "credit": False,
        "registered": True,
        "received": False,
        "sent": False,
    }


@pytest.mark.parametrize(
    ("states", "troubles", "proofs", "status"),
    [
        (("done",) * 5, {}, LIVE, "live"),
        (("done",) * 4 + ("needs_client",), {"test": SAY_HI}, CONNECTED, "connected"),
        (("done", "done", "waiting", "done", "not_started"), {}, ("token_valid",), "waiting"),
        (("running",) + ("not_started",) * 4, {}, (), "running"),
        (("not_started",) * 5, {}, (), "open"),
        (("refused",) + ("not_started",) * 4, {"exchange": {"key": "token_not_valid"}}, (), "failed"),
        (
            ("done", "done", "done", "needs_client", "not_started"),
            {"register": {"key": "token_not_valid"}},
            (),
            "needs_client",
        ),
        (
            ("done", "needs_us", "not_started", "not_started", "not_started"),
            {"subscribe": {"key": "credit_not_seen"}},
            (),
            "needs_partner",
        ),
    ],
)
def test_the_status_is_one_word_of_a_closed_set(
    program: Program, states: tuple[str, ...], troubles: dict[str, Any], proofs: tuple[str, ...], status: str
) -> None:
    row = add_onboarding(program.rt, states=states, troubles=troubles, proofs=proofs)
    assert shown(program, row.reference)["status"] == status


def test_a_state_nobody_told_the_api_of_is_an_error_and_no_guess(program: Program) -> None:
    row = add_stuck(program.rt)
    with program.rt.db.read() as session:
        progress = read_progress(session, row.id)
    with pytest.raises(ValueError, match="an onboarding cannot be dancing"):
        status_of(replace(progress, state="dancing"))


def test_an_onboarding_is_found_by_its_key_as_well(program: Program) -> None:
    row = add_stuck(program.rt)
    assert shown(program, row.id)["reference"] == row.reference


@pytest.mark.parametrize("which", ["onb_2222-2222", "x", "%00", "a" * 300])
def test_an_onboarding_that_is_not_there_is_not_found(program: Program, which: str) -> None:
    assert problem_of(program.get(f"/v1/onboardings/{which}"))["code"] == "not_found"


def test_the_list_filters_by_link_and_state_and_turns_over(program: Program) -> None:
    link = program.make_link().get_json()
    rows = [add_stuck(program.rt, f"Client {number}", link_id=link["id"]) for number in range(3)]
    add_onboarding(program.rt, "Live Ltd", proofs=LIVE)

    def names(**query: Any) -> list[str]:
        return [row["client"]["name"] for row in program.get("/v1/onboardings", **query).get_json()["onboardings"]]

    assert names() == ["Live Ltd", "Client 2", "Client 1", "Client 0"]
    assert names(state="live") == ["Live Ltd"]
    assert names(link_id=link["id"]) == ["Client 2", "Client 1", "Client 0"]
    page = program.get("/v1/onboardings", link_id=link["id"], limit=2).get_json()
    assert page["next"] == rows[1].id
    assert names(link_id=link["id"], limit=2, before=page["next"]) == ["Client 0"]


@pytest.mark.parametrize(
    ("query", "field"), [("state=lost", "state"), ("link_id=x", "link_id"), ("limit=1000", "limit"), ("page=2", "page")]
)
def test_a_wrong_query_is_told_by_field(program: Program, query: str, field: str) -> None:
    assert list(faults_of(program.ask("GET", f"/v1/onboardings?{query}"))) == [field]
