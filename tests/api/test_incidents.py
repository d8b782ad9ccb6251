"""`/v1/incidents`: what programs read of incidents."""

from datetime import UTC, datetime, timedelta

import pytest

from app.access.keys import make_key
from app.incidents.book import HOUSE, Problem, Subject, report, resolve
from app.kit import clock
from app.runtime import Runtime
from tests.api.program import Program, problem_of

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
BAKERY = Subject("account", "acc-1", "Example Bakery", "019aa5bf-0000-7000-8000-000000000001")


def find(rt: Runtime, problem: Problem, subject: Subject = HOUSE, now: datetime = NOON) -> str:
    with rt.db.write() as session:
        return report(session, subject, problem, now=now).id


def ids(program: Program, **query: str) -> list[str]:
    return [one["id"] for one in program.get("/v1/incidents", **query).get_json()["incidents"]]


def test_open_incidents_come_worst_first_with_their_subjects(program: Program) -> None:
    mild = find(program.rt, Problem("key_old", ["400 days"]))
    bad = find(program.rt, Problem("credit_missing", ["none"]), BAKERY)
    assert ids(program) == [bad, mild]
    told = program.get("/v1/incidents").get_json()["incidents"][0]
    assert told["subject"] == {"kind": "account", "id": "acc-1", "label": "Example Bakery"}
    assert (told["kind"], told["severity"], told["title"]) == ("credit_missing", "urgent", "Nobody pays for an account")
    assert (told["opened_at"], told["closed_at"], told["history"]) == ("2026-11-02T12:00:00Z", None, [])


def test_they_are_found_by_kind_and_client(program: Program) -> None:
    find(program.rt, Problem("key_old", ["400 days"]))
    hers = find(program.rt, Problem("credit_missing", ["none"]), BAKERY)
    assert ids(program, kind="credit_missing") == [hers]
    assert ids(program, client_id=str(BAKERY.client_id)) == [hers]


def test_one_is_told_with_its_history(program: Program) -> None:
    key = find(program.rt, Problem("key_old", ["400 days"]))
    with program.rt.db.write() as session:
        resolve(session, "key_old", HOUSE, because="A new key seals now.", now=NOON + timedelta(hours=1))
    told = program.get(f"/v1/incidents/{key}").get_json()
    assert (told["closed_at"], told["closed_because"]) == ("2026-11-02T13:00:00Z", "A new key seals now.")
    assert [one["what"] for one in told["history"]] == ["opened", "closed"]


def test_those_that_are_over_come_newest_first_page_by_page(program: Program) -> None:
    keys = []
    for hour in range(3):
        keys.append(find(program.rt, Problem("key_old", ["400 days"]), now=NOON + timedelta(hours=hour)))
        with program.rt.db.write() as session:
            resolve(session, "key_old", HOUSE, because="Done.", now=NOON + timedelta(hours=hour))
    assert ids(program, over="true") == keys[::-1]
    assert ids(program, over="true", after=keys[1]) == [keys[0]]
    assert ids(program) == []


@pytest.mark.parametrize("query", [{"over": "perhaps"}, {"kind": "Not A Kind"}, {"client_id": "x"}, {"open": "1"}])
def test_what_cannot_be_asked_is_named(program: Program, query: dict[str, str]) -> None:
    problem = problem_of(program.get("/v1/incidents", **query))
    assert problem["status"] == 422
    assert next(iter(query)) in str(problem["errors"])


def test_one_that_is_not_there_is_not_found(program: Program) -> None:
    assert problem_of(program.get("/v1/incidents/019aa5c1-7d3a-7a54-8c1e-5b0f6a2d9e10"))["status"] == 404


def test_a_key_needs_the_scope(program: Program) -> None:
    with program.rt.db.write() as session:
        _, secret = make_key(session, "links only", ["links:read"], clock.now())
    answer = program.ask("GET", "/v1/incidents", key=secret.reveal())
    assert problem_of(answer)["code"] == "missing_scope"
