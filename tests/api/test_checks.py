"""`/v1/checks`: what differs, one account, and having it put right."""

from datetime import timedelta

from app.kit import clock
from app.runtime import Runtime
from tests.api.program import Program, problem_of
from tests.factories.checks import add_checked, add_fact

NOBODY = "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010"


def test_drifts_are_listed_and_narrowed(program: Program, rt: Runtime) -> None:
    at = clock.now() - timedelta(hours=3)
    account, number = add_checked(rt.db, at=at)
    add_fact(rt.db, account, "quality", "RED", number_id=number, at=at, severity="urgent")
    add_fact(rt.db, account, "limit", "TIER_250", ours="TIER_2K", at=at)
    found = program.get("/v1/checks").get_json()
    assert [(one["name"], one["metas"], one["can"]) for one in found["drifts"]] == [
        ("quality", "RED", None),
        ("limit", "TIER_250", "accept"),
    ]
    assert (found["total"], found["accounts"], found["checked"], found["under_check"]) == (2, 1, 1, 1)
    assert program.get("/v1/checks", repairs="staff").get_json()["total"] == 1


def test_an_account_is_shown_run_and_repaired(program: Program, rt: Runtime) -> None:
    account, _ = add_checked(rt.db, at=clock.now())
    fact = add_fact(rt.db, account, "subscription", False, ours=True, at=clock.now())
    shown = program.get(f"/v1/checks/{account}").get_json()
    assert (shown["waba_id"], shown["facts"][0]["ours"], shown["facts"][0]["metas"]) == ("524126980791429", "yes", "no")
    assert program.ask("POST", f"/v1/checks/{account}/run").status_code == 202
    done = program.ask("POST", f"/v1/checks/{account}/repair", json={"fact_id": fact})
    assert (done.status_code, done.get_json()) == (200, {"repair": "wanted"})


def test_what_is_not_there_or_not_ours_is_a_problem(program: Program, rt: Runtime) -> None:
    account, number = add_checked(rt.db, at=clock.now())
    fact = add_fact(rt.db, account, "quality", "RED", number_id=number, at=clock.now())
    assert problem_of(program.get(f"/v1/checks/{NOBODY}"))["status"] == 404
    assert problem_of(program.ask("POST", f"/v1/checks/{NOBODY}/run"))["status"] == 404
    refused = program.ask("POST", f"/v1/checks/{account}/repair", json={"fact_id": fact})
    assert problem_of(refused)["code"] == "not_ours_to_repair"
