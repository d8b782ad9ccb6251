"""The set-up page: what the doctor found last, asked for by a person and never by a page that is merely looked at."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.access.staff import get_by_email
from app.audit.models import AuditEntry
from app.factory import create_app
from tests.console.staff import Desk, add_robin
from tests.upkeep.doctor.clinic import Clinic
from tests.upkeep.doctor.conftest import clinic, meta_world, no_key_service, noon, patience, rt, world_settings

__all__ = ["clinic", "meta_world", "no_key_service", "noon", "patience", "rt", "world_settings"]

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)
PAGE = "/console/setup"


@pytest.fixture
def desk(clinic: Clinic, quick_hashing: None) -> Desk:
    return Desk.of(create_app(clinic.rt), clinic.rt, add_robin(clinic.rt))


def desk_again(clinic: Clinic) -> Desk:
    """The same person in another process, which may have other settings."""
    with clinic.rt.db.read() as session:
        robin = get_by_email(session, "robin@partner.example")
    return Desk.of(create_app(clinic.rt), clinic.rt, robin)


def check(desk: Desk, path: str = "/check", **form: str) -> str:
    """Press a button, follow it back to the page."""
    answer = desk.post(PAGE + path, **form)
    assert (answer.status_code, answer.location) == (303, PAGE)
    return page_of(desk.get(PAGE))


def page_of(answer: TestResponse) -> str:
    assert answer.status_code == 200
    return unescape(answer.text)


def to_do(page: str) -> list[str]:
    """The headings of what is to be done or looked at, in order."""
    return re.findall(r'<h[23] id="do-[a-z_]+">([^<]+)</h[23]>', page)


def deeds(desk: Desk) -> list[tuple[str, str]]:
    """What is written down, but for who signed in."""
    with desk.rt.db.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(entry.action, entry.actor_kind) for entry in entries if not entry.action.startswith("staff.")]


def test_a_page_that_is_looked_at_asks_nobody_anything(desk: Desk, clinic: Clinic) -> None:
    page = page_of(desk.get(PAGE))
    assert "Not checked yet" in page
    assert "Check now" in page
    for path in (PAGE, "/console/onboardings", "/console/links"):
        desk.get(path)
    assert (clinic.meta.calls(), deeds(desk)) == ([], [])


def test_the_side_bar_leads_there(desk: Desk) -> None:
    assert 'href="/console/setup"' in desk.get("/console/onboardings").text
    assert re.search(r'href="/console/setup" aria-current="page"', desk.get(PAGE).text)


def test_a_check_shows_what_a_person_must_look_at_and_all_that_is_in_order(desk: Desk) -> None:
    page = check(desk)
    assert to_do(page) == [
        "App mode",
        "Signup configuration",
        "Domains of the JavaScript SDK",
        "Redirect addresses",
        "Life of clients’ tokens",
    ]
    assert "28 in order" in page
    assert "5 to look at" in page
    assert "by Robin Example" in page
    assert "Check again" in page
    for said in ("Meta takes the newest secret for app", "The credit line of Example Partner Ltd is ours."):
        assert said in page


def test_what_is_broken_comes_first_with_its_setting_and_its_fix(desk: Desk, clinic: Clinic) -> None:
    clinic.app.require_proof = False
    clinic.silence("worker")
    page = check(desk)
    assert to_do(page)[:3] == ["Worker", "Require app secret", "App mode"]
    assert "Start one: <code>python -m app.worker</code>." in page
    assert "Setting: <b>Procfile → worker</b>" in page
    assert f"https://developers.facebook.com/apps/{clinic.app.id}/settings/advanced/" in page


def test_what_could_not_be_checked_says_why(desk: Desk, clinic: Clinic) -> None:
    clinic.settle(meta_business_id="999999999999999")
    page = check(desk_again(clinic))
    assert "Not checked, because “Business portfolio” has to be in order first." in page
    assert to_do(page)[0] == "Business portfolio"


def test_what_rests_on_practice_says_so(desk: Desk) -> None:
    assert check(desk).count("Seen in practice, not in Meta’s documentation") == 3


def test_the_last_check_is_shown_by_every_process_and_after_a_restart(desk: Desk, clinic: Clinic) -> None:
    check(desk)
    later = desk_again(clinic)
    asked = len(clinic.meta.calls())
    assert "28 in order" in page_of(later.get(PAGE))
    assert len(clinic.meta.calls()) == asked
    assert deeds(desk) == [("setup.checked", "staff")]


def test_registering_is_offered_once_where_it_helps_and_puts_all_of_it_right(desk: Desk, clinic: Clinic) -> None:
    assert "register-q" not in check(desk)
    clinic.app.callback_url, clinic.app.fields = None, ()
    page = check(desk)
    assert page.count('id="register-q"') == 1
    assert to_do(page)[0] == "Callback"
    page = check(desk, "/webhooks", replaces="")
    assert f"Meta sends the app’s notifications to {clinic.rt.settings.callback_url}. New fields: account_" in page
    assert "28 in order" in page
    assert "register-q" not in page
    assert deeds(desk)[2:] == [
        ("webhooks.registering", "staff"),
        ("webhooks.registered", "staff"),
        ("setup.checked", "staff"),
    ]


def test_anothers_callback_is_named_before_it_is_replaced(desk: Desk, clinic: Clinic) -> None:
    clinic.app.callback_url = "https://other.example/hook?key=hush"
    page = check(desk)
    assert '<span class="mono">https://other.example/hook?…</span> any more.' in page
    assert 'name="replaces" value="https://other.example/hook?…"' in page
    refused = check(desk, "/webhooks", replaces="")
    assert "Meta now sends to https://other.example/hook?…. Look again before you replace that." in refused
    assert clinic.app.callback_url == "https://other.example/hook?key=hush"
    check(desk, "/webhooks", replaces="https://other.example/hook?…")
    assert clinic.app.callback_url == clinic.rt.settings.callback_url


def test_a_refusal_of_metas_is_told_on_the_page(desk: Desk, clinic: Clinic) -> None:
    clinic.app.callback_url = None
    clinic.stop()
    page = check(desk, "/webhooks", replaces="")
    assert "Meta called our callback and did not get the answer it wants" in page
    assert deeds(desk) == [("webhooks.registering", "staff"), ("webhooks.register_failed", "staff")]


@pytest.mark.parametrize("action", [{"hang_s": 60}, {"drop": "before"}, {"html": 502}])
def test_with_meta_slow_or_away_the_page_still_comes_and_says_so(
    desk: Desk, clinic: Clinic, action: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.upkeep.doctor.examination.DEADLINE", 5.0)
    clinic.meta.fault("*", action)
    page = check(desk)
    assert to_do(page)[0] == "Meta answers"
    assert f"Nothing at {clinic.meta.url} gave an answer in time." in page
    assert "Not checked, because “Meta answers” has to be in order first." in page
    assert "A worker has given a sign of life within ten seconds." in page


@pytest.mark.parametrize("path", ["/check", "/webhooks"])
def test_both_buttons_are_for_staff_with_a_page_of_ours(desk: Desk, clinic: Clinic, path: str) -> None:
    assert desk.post(PAGE + path, csrf="forged").status_code == 400
    stranger = Desk.of_nobody(create_app(clinic.rt), clinic.rt)
    sent_away = stranger.post(PAGE + path)
    assert (sent_away.status_code, "/console/sign-in" in sent_away.location) == (303, True)
    assert stranger.get(PAGE).status_code == 303
    assert (clinic.meta.calls(), deeds(desk)) == ([], [])


def test_no_secret_is_on_the_page_or_in_the_ledger(desk: Desk, clinic: Clinic) -> None:
    clinic.app.callback_url, clinic.app.require_proof = None, False
    page, settings = check(desk), clinic.rt.settings
    with desk.rt.db.read() as session:
        page += str([entry.facts for entry in session.scalars(select(AuditEntry))])
    secrets = [*settings.meta_app_secrets, settings.meta_verify_token, settings.meta_system_token]
    assert [secret for secret in secrets if secret.get_secret_value() in page] == []


def test_pressing_without_end_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.upkeep.doctor.examination.DEADLINE", 0.0)
    answers = [desk.post(f"{PAGE}/check").status_code for _ in range(13)]
    assert (answers.count(303), answers[-1]) == (12, 429)
