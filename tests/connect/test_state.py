"""How far an onboarding is, as JSON: what a client may see, what staff and programs see, and nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.access.door import sign_in
from app.access.keys import make_key
from app.access.staff import add_staff
from app.audit.store import SYSTEM
from app.kit import clock
from app.kit.secret import Secret
from app.onboarding.links.links import revoke_link
from app.runtime import Runtime
from tests.connect.conftest import Visits
from tests.connect.states import in_trouble, lay, live
from tests.connect.visitor import DOORS, Visitor

NOW = datetime(2026, 11, 20, 12, 41, tzinfo=UTC)
TROUBLE = in_trouble("credit", "refused", "token_of_other_app", code=200, subcode=None, trace_id="Fz71LpQ0wYd")


def ask(browser: Visitor, which: str, **headers: str) -> TestResponse:
    return browser.http.get(f"{DOORS}/onboardings/{which}", headers=headers)


@pytest.fixture
def trouble(visitor: Visits, rt: Runtime) -> tuple[Visitor, str]:
    browser = visitor()
    return browser, lay(rt, browser.link_id, TROUBLE, now=NOW)


def test_a_client_sees_state_meaning_who_and_what_to_do_and_nothing_of_the_inside(
    trouble: tuple[Visitor, str],
) -> None:
    browser, key = trouble
    seen = ask(browser, key).json
    assert seen["status"] == "needs_partner"
    assert seen["current_step"] == "credit"
    assert seen["reference"].startswith("onb_")
    assert [step["name"] for step in seen["steps"]] == ["exchange", "subscribe", "credit", "register", "test"]
    credit = seen["steps"][2]
    assert set(credit) == {"name", "title", "state", "wait", "error"}
    assert (credit["title"], credit["state"]) == ("Attach billing", "attention")
    assert credit["error"] == {
        "meaning": "Our own set-up with Meta needs a correction. You have done your part.",
        "who": "partner",
        "action": "Nothing for now. This page shows when it goes on.",
        "retry_at": None,
    }
    text = ask(browser, key).text
    for inside in ("Fz71LpQ0wYd", "attempts", "evidence", "trace_id", "intents"):
        assert inside not in text


def test_a_client_reads_it_in_their_language(trouble: tuple[Visitor, str]) -> None:
    browser, key = trouble
    spanish = ask(browser, key, **{"Accept-Language": "es"}).json
    assert spanish["steps"][2]["error"]["action"] == "Nada por ahora. Esta página lo muestra cuando siga."


def test_the_seven_proofs_of_a_live_number_are_named_with_their_times(visitor: Visits, rt: Runtime) -> None:
    browser = visitor()
    key = lay(rt, browser.link_id, live(), now=NOW)
    seen = ask(browser, key).json
    assert seen["status"] == "live"
    assert [proof["name"] for proof in seen["proofs"]] == [
        "token",
        "subscription",
        "callback",
        "credit",
        "registered",
        "received",
        "sent",
    ]
    assert all(proof["ok"] and proof["seen_at"] for proof in seen["proofs"])


def test_a_program_with_a_key_sees_attempts_evidence_and_metas_numbers(
    trouble: tuple[Visitor, str], rt: Runtime, app: Flask
) -> None:
    _browser, key = trouble
    with rt.db.write() as session:
        _row, secret = make_key(session, "Example CRM", ["onboardings:read"], clock.now())
    reply = app.test_client().get(f"{DOORS}/onboardings/{key}", headers={"Authorization": f"Bearer {secret.reveal()}"})
    credit = reply.json["steps"][2]
    assert {"attempts", "evidence", "started_at", "finished_at"} <= set(credit)
    assert (credit["error"]["code"], credit["error"]["trace_id"]) == (200, "Fz71LpQ0wYd")


def test_a_wrong_key_and_a_key_without_the_scope_are_told_apart(
    trouble: tuple[Visitor, str], rt: Runtime, app: Flask
) -> None:
    _browser, key = trouble
    with rt.db.write() as session:
        _row, secret = make_key(session, "Example CRM", ["links:read"], clock.now())
    http, address = app.test_client(), f"{DOORS}/onboardings/{key}"
    wrong = http.get(address, headers={"Authorization": "Bearer gw_live_nothing_like_a_key"})
    narrow = http.get(address, headers={"Authorization": f"Bearer {secret.reveal()}"})
    assert (wrong.status_code, wrong.json["code"]) == (401, "wrong_key")
    assert (narrow.status_code, narrow.json["code"]) == (403, "missing_scope")


def test_staff_who_are_signed_in_see_all_of_it(trouble: tuple[Visitor, str], rt: Runtime, app: Flask) -> None:
    _browser, key = trouble
    password = Secret("a long password for tests")
    with rt.db.write() as session:
        add_staff(session, "robin@partner.example", "Robin Example", password, clock.now())
    secret = sign_in(
        rt.db,
        email="robin@partner.example",
        password=password,
        address="127.0.0.1",
        user_agent=None,
        now=clock.now(),
    )
    http = app.test_client()
    http.set_cookie("gangway-staff", secret.reveal())
    assert "attempts" in http.get(f"{DOORS}/onboardings/{key}").json["steps"][0]


def test_to_everybody_else_it_is_not_there(trouble: tuple[Visitor, str], visitor: Visits, app: Flask) -> None:
    _browser, key = trouble
    stranger, foreign = app.test_client(), visitor("Example Florist")
    stranger.set_cookie("gangway-staff", "made-up")
    answers = [
        stranger.get(f"{DOORS}/onboardings/{key}"),
        ask(foreign, key),
        ask(foreign, "onb_2222-2222"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.json["detail"] for answer in answers}) == 1


def test_an_ended_link_shows_nothing_any_more(trouble: tuple[Visitor, str], rt: Runtime) -> None:
    browser, key = trouble
    with rt.db.write() as session:
        revoke_link(session, browser.link_id, actor=SYSTEM, now=NOW + timedelta(hours=1))
    assert ask(browser, key).status_code == 404
