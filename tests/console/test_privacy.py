"""Privacy in the console: requests with their answers, and what is held of a client, handed out or erased."""

import json
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.clients.models import Client
from app.incidents.models import Incident
from app.kit import clock
from app.numbers.models import Account
from app.onboarding.models import Onboarding
from app.records.models import PrivacyRequest
from app.records.requests import receive
from app.runtime import Runtime
from tests.console.staff import Desk
from tests.factories.consents import give_consent
from tests.factories.onboardings import add_onboarding

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def run(rt: Runtime) -> Onboarding:
    return add_onboarding(rt, "Example <Bakery>")


def ask(rt: Runtime, kind: str = "deletion", user_id: str = "218471") -> str:
    with rt.db.write() as session:
        return receive(session, kind, user_id=user_id, issued_at=NOON, now=clock.now()).code  # type: ignore[arg-type]


def audits(rt: Runtime) -> list[tuple[str, str]]:
    wanted = ("privacy.matched", "privacy.settled", "client.exported", "client.erased")
    with rt.db.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action.in_(wanted)).order_by(AuditEntry.id))
        return [(row.action, row.actor_kind) for row in rows]


def test_without_any_the_page_says_what_it_is_for(desk: Desk) -> None:
    assert "Nobody has asked about data yet." in desk.get("/console/privacy").text
    assert "No request waits for an answer." in desk.get("/console/privacy?show=open").text


def test_open_requests_are_counted_and_each_is_told_where_its_asker_reads_it(desk: Desk, rt: Runtime) -> None:
    code, other = ask(rt), ask(rt, "deauthorize")
    page = desk.get("/console/privacy").text
    assert 'Privacy <b class="n-count">1</b>' in page
    assert f"{rt.settings.public_url}/connect/privacy/{code}" in page
    assert "not known" in page
    assert "A person took our app away" in page
    assert other not in desk.get("/console/privacy?show=open").text
    assert "Nothing is asked of us" in desk.get(f"/console/privacy/{other}").text


def test_a_request_is_matched_and_settled_and_its_incident_closes(desk: Desk, rt: Runtime, run: Onboarding) -> None:
    code = ask(rt)
    wrong = desk.post(f"/console/privacy/{code}/match", client="Nobody Example")
    assert (wrong.status_code, "This is no client" in wrong.text) == (422, True)
    desk.post(f"/console/privacy/{code}/match", client="Example <Bakery>")
    assert "What we hold of Example &lt;Bakery&gt;" in desk.get(f"/console/privacy/{code}").text
    empty = desk.post(f"/console/privacy/{code}/settle", verdict="met", reason=" ")
    assert (empty.status_code, "the person reads it" in empty.text) == (422, True)
    desk.post(f"/console/privacy/{code}/settle", verdict="refuse", reason="The law asks us to keep it.")
    page = desk.get(f"/console/privacy/{code}").text
    assert "Refused. The person reads why." in page
    assert "“The law asks us to keep it.”" in page
    assert "<dt>By</dt><dd>Robin Example</dd>" in page
    assert f'data-copy="{rt.settings.public_url}/connect/privacy/{code}"' in page
    assert "by Robin Example" in desk.get("/console/privacy").text
    assert "The law asks us to keep it." in desk.get(f"/connect/privacy/{code}").text
    desk.post(f"/console/privacy/{code}/settle", verdict="met", reason="Again.")
    assert "settled already" in desk.get(f"/console/privacy/{code}").text
    with rt.db.read() as session:
        assert session.scalars(select(Incident.closed_at)).one() is not None
    assert audits(rt) == [("privacy.matched", "staff"), ("privacy.settled", "staff")]


def test_a_client_is_found_by_its_name_and_what_goes_and_stays_is_counted(
    desk: Desk, rt: Runtime, run: Onboarding
) -> None:
    assert desk.get("/console/privacy/client?client=Nobody").status_code == 422
    found = desk.get("/console/privacy/client?client=Example+%3CBakery%3E")
    assert found.headers["Location"] == f"/console/privacy/clients/{run.client_id}"
    page = desk.get(found.headers["Location"]).text
    assert "<dt>Onboardings</dt><dd>1</dd>" in page
    assert "What stays" in page
    assert "This client is with us." not in page


def test_a_client_is_handed_out_as_a_file_for_a_reason(desk: Desk, rt: Runtime, run: Onboarding) -> None:
    give_consent(rt, run.client_id)
    address = f"/console/privacy/clients/{run.client_id}/export"
    assert desk.post(address, reason=" ").status_code == 422
    answer = desk.post(address, reason="They asked by letter.")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="client-{run.client_id}.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.data)
    assert (told["client"], len(told["tables"]["onboardings"])) == ("Example <Bakery>", 1)
    assert told["consents"][0]["clauses"]
    assert audits(rt) == [("client.exported", "staff")]
    with rt.db.read() as session:
        record = session.scalars(select(PrivacyRequest)).one()
    page = desk.get(f"/console/privacy/{record.code}").text
    assert "“They asked by letter.”" in page
    assert "<dt>From whom</dt><dd>Robin Example</dd>" in page


def test_a_client_is_erased_once_its_name_was_typed_and_the_record_says_what_is_gone(
    desk: Desk, rt: Runtime, run: Onboarding
) -> None:
    address = f"/console/privacy/clients/{run.client_id}/erase"
    typo = desk.post(address, reason="They asked.", named="Example Bakery")
    assert (typo.status_code, "to the letter" in typo.text) == (422, True)
    assert desk.post(address, reason="", named="Example <Bakery>").status_code == 422
    done = desk.post(address, reason="They asked.", named="Example <Bakery>")
    page = desk.get(done.headers["Location"]).text
    assert "Erased. This is the record of it." in page
    assert "What is gone" in page
    assert '<span class="soft">erased</span>' in page
    assert "“They asked.”" in page
    with rt.db.read() as session:
        assert session.scalars(select(Client)).all() == []
    assert desk.get(f"/console/privacy/clients/{run.client_id}").status_code == 404
    assert audits(rt) == [("client.erased", "staff")]


def test_a_client_that_is_with_us_is_erased_only_when_that_is_ticked(desk: Desk, rt: Runtime, run: Onboarding) -> None:
    with rt.db.write() as session:
        session.add(Account(client_id=run.client_id, waba_id="1", seen_at=NOON, told={}))
    address = f"/console/privacy/clients/{run.client_id}"
    assert "This client is with us." in desk.get(address).text
    form = {"reason": "They asked.", "named": "Example <Bakery>"}
    held = desk.post(f"{address}/erase", **form)
    assert (held.status_code, "Say so to erase it" in held.text) == (422, True)
    assert desk.post(f"{address}/erase", also_live="yes", **form).status_code == 303


@pytest.mark.parametrize(
    "path",
    ["AAAABBBBCCCCDDDD", "no-such-code", "clients/019aa5c1-7d3a-7a54-8c1e-5b0f6a2d9e10", "clients/%00", "clients/x"],
)
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    assert desk.get(f"/console/privacy/{path}").status_code == 404


@pytest.mark.parametrize("path", ["AAAABBBBCCCCDDDD/match", "AAAABBBBCCCCDDDD/settle"])
def test_nobody_answers_for_staff(nobody: Desk, desk: Desk, path: str) -> None:
    assert "/console/sign-in" in nobody.post(f"/console/privacy/{path}").headers["Location"]
    assert desk.post(f"/console/privacy/{path}", csrf="forged").status_code == 400


@pytest.mark.parametrize("deed", ["export", "erase"])
def test_nothing_of_a_client_is_given_or_taken_without_sign_in_and_token(
    nobody: Desk, desk: Desk, rt: Runtime, run: Onboarding, deed: str
) -> None:
    address = f"/console/privacy/clients/{run.client_id}/{deed}"
    form = {"reason": "They asked.", "named": "Example <Bakery>"}
    assert "/console/sign-in" in nobody.post(address, **form).headers["Location"]
    assert desk.post(address, csrf="forged", **form).status_code == 400
    elsewhere = {"Sec-Fetch-Site": "same-site"}
    assert desk.post(address, headers=elsewhere, **form).status_code == 403
    assert audits(rt) == []
    assert "Example <Bakery>" in unescape(desk.get(f"/console/privacy/clients/{run.client_id}").text)
