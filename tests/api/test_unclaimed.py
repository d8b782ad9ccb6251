"""`/v1/unclaimed`: what nobody has claimed, and the three decisions, each of them twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.clients.models import Client
from app.kit import clock
from app.onboarding.models import Onboarding, UnclaimedAccount
from app.runtime import Runtime
from tests.api.program import Program, faults_of, problem_of


@pytest.fixture
def entry(rt: Runtime) -> str:
    """An account shared ten minutes ago that nobody claimed; its key."""
    then = clock.now() - timedelta(minutes=10)
    with rt.db.write() as session:
        row = UnclaimedAccount(
            waba_id="524126980791429",
            business_id="2729063490586005",
            kind="PARTNER_ADDED",
            told_at=then,
            seen_at=then,
            account_name="Example Bakery",
            owner_name="Example Bakery Ltd",
        )
        session.add(row)
        session.flush()
        return row.id


def decide(program: Program, entry: str, what: str, **body: Any) -> Any:
    return program.ask("POST", f"/v1/unclaimed/{entry}/{what}", json=body)


def runs(rt: Runtime) -> list[Onboarding]:
    with rt.db.read() as session:
        return list(session.scalars(select(Onboarding)))


def audited(rt: Runtime, action: str) -> int:
    with rt.db.read() as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


def test_an_entry_is_listed_with_what_meta_says_of_it(program: Program, entry: str) -> None:
    (row,) = program.get("/v1/unclaimed").get_json()["unclaimed"]
    assert row.pop("told_at").endswith("Z")
    assert row == {
        "id": entry,
        "waba_id": "524126980791429",
        "business_id": "2729063490586005",
        "kind": "PARTNER_ADDED",
        "solution_id": None,
        "account_name": "Example Bakery",
        "owner_name": "Example Bakery Ltd",
        "suggestions": [],
    }


def test_it_is_attached_to_a_client_once_however_often_it_is_asked(program: Program, rt: Runtime, entry: str) -> None:
    client = program.make_link(external_ref="crm-1").get_json()["client"]
    first = decide(program, entry, "attach", client="crm-1")
    again = decide(program, entry, "attach", client=client["id"])
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.get_json() == again.get_json()
    (run,) = runs(rt)
    assert first.get_json() == {"onboarding": run.reference}
    assert (run.client_id, run.way, run.event_kind) == (client["id"], "hosted", "PARTNER_ADDED")
    assert run.event_ids == {
        "kind": "PARTNER_ADDED",
        "waba_id": "524126980791429",
        "business_id": "2729063490586005",
    }
    assert run.due_at is not None
    assert "onboardings" in rt.wakes.rung  # type: ignore[attr-defined]
    assert audited(rt, "account.attached") == 1
    assert program.get("/v1/unclaimed").get_json() == {"unclaimed": []}


def test_a_client_is_made_of_it_once_with_metas_name(program: Program, rt: Runtime, entry: str) -> None:
    first, again = decide(program, entry, "make-client"), decide(program, entry, "make-client")
    assert first.get_json() == again.get_json()
    with rt.db.read() as session:
        assert session.scalars(select(Client.name)).all() == ["Example Bakery"]
    assert len(runs(rt)) == 1
    assert (audited(rt, "client.made"), audited(rt, "account.client_made")) == (1, 1)


def test_a_client_is_made_of_it_with_a_name_given(program: Program, rt: Runtime, entry: str) -> None:
    assert decide(program, entry, "make-client", name="Example Shoes", external_ref="crm-7").status_code == 200
    with rt.db.read() as session:
        client = session.scalars(select(Client)).one()
    assert (client.name, client.external_ref) == ("Example Shoes", "crm-7")


def test_refused_it_is_kept_with_the_reason_and_nobodys(program: Program, rt: Runtime, entry: str) -> None:
    for _ in range(2):
        assert decide(program, entry, "refuse", reason="A test of Meta’s own people").status_code == 204
    with rt.db.read() as session:
        row = session.scalars(select(UnclaimedAccount)).one()
    assert (row.settled_as, row.reason) == ("refused", "A test of Meta’s own people")
    assert audited(rt, "account.refused") == 1
    assert runs(rt) == []
    assert problem_of(decide(program, entry, "make-client"))["code"] == "settled"


def test_what_was_decided_one_way_cannot_be_decided_another(program: Program, entry: str) -> None:
    program.make_link(external_ref="crm-1")
    program.make_link(client_name="Example Shoes", external_ref="crm-2")
    decide(program, entry, "attach", client="crm-1")
    for what, body in (
        ("attach", {"client": "crm-2"}),
        ("make-client", {"name": "Example Shoes"}),
        ("refuse", {"reason": "not ours"}),
    ):
        assert problem_of(decide(program, entry, what, **body))["status"] == 409


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("attach", {"client": "nobody"}, "client"),
        ("attach", {"client": "Example Twin"}, "client"),
        ("make-client", {"external_ref": "crm-1"}, "external_ref"),
        ("refuse", {"reason": "no"}, "reason"),
    ],
)
def test_bad_input_names_the_field_and_decides_nothing(
    program: Program, rt: Runtime, entry: str, what: str, body: dict[str, str], field: str
) -> None:
    program.make_link(external_ref="crm-1")
    program.make_link(client_name="Example Twin")
    program.make_link(client_name="Example Twin")
    assert list(faults_of(decide(program, entry, what, **body))) == [field]
    assert runs(rt) == []
    with rt.db.read() as session:
        assert session.scalars(select(UnclaimedAccount)).one().settled_at is None


def test_client_or_onboarding_and_not_both(program: Program, entry: str) -> None:
    assert decide(program, entry, "attach").status_code == 422
    assert decide(program, entry, "attach", client="a", onboarding="onb_7Q2F-4KDM").status_code == 422


def test_what_is_not_there_is_not_found(program: Program) -> None:
    nobody = "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010"
    assert decide(program, nobody, "refuse", reason="not ours").status_code == 404
    assert decide(program, nobody, "make-client", name="x").status_code == 404
