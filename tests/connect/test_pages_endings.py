"""A page that is loaded again still explains how Meta's window ended: from what is stored, on any device."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask

from app.audit.store import SYSTEM
from app.kit import clock
from app.onboarding.funnel.follow_up import follow_up
from app.runtime import Runtime
from tests.connect import states
from tests.connect.conftest import Visits
from tests.connect.visitor import HTML, Visitor, make_link

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)

CONTACT = {"contact_name": "Alex Example", "contact_email": "alex@bakery.example"}
CANCEL = {"type": "WA_EMBEDDED_SIGNUP", "event": "CANCEL", "data": {"current_step": "PHONE_NUMBER_VERIFICATION"}}
FINISH = {"type": "WA_EMBEDDED_SIGNUP", "event": "FINISH", "data": {"waba_id": "524126980791429"}}


def error(number: str, words: str = "Meta says no.", **more: str) -> dict[str, object]:
    data = {"error_message": words, "error_id": number, "session_id": "f34b51dab5e0498", **more}
    return {"type": "WA_EMBEDDED_SIGNUP", "event": "CANCEL", "data": data}


def note_of(page: str) -> str:
    """The note above the button, as HTML; empty when there is none."""
    found = re.search(r'<div id="say"[^>]*>(.*?)</div>\s*<div class="go">', page, re.DOTALL)
    assert found
    return found[1].strip()


def text_of(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def after(browser: Visitor, event: dict[str, object]) -> str:
    browser.tell("abandonments", event=event)
    return note_of(browser.look().text)


def test_before_any_window_there_is_nothing_to_explain(visitor: Visits) -> None:
    page = visitor(**CONTACT).look().text
    assert note_of(page) == ""
    assert "data-note" not in page


def test_a_cancel_is_explained_after_a_reload_and_said_where_the_page_begins(visitor: Visits) -> None:
    browser = visitor(**CONTACT)
    note = after(browser, CANCEL)
    assert '<a href="#say">You stopped at the six-digit code. See what helps</a>' in browser.look().text
    assert 'data-ending="stopped_at_the_code"' in note
    assert text_of(note).startswith(
        "You stopped at the six-digit code. The code did not come? It takes up to a minute."
    )


def test_an_error_shows_metas_words_and_what_its_support_asks_for(visitor: Visits) -> None:
    note = after(visitor(**CONTACT), error("999999", "Name <b>taken</b>."))
    assert text_of(note) == (
        "Meta’s window showed a problem. Press Continue to go back in; what you filled in there is kept. If it comes "
        "again, tell us the reference below. Meta’s own words: Name <b>taken</b>. "
        "Reference for whoever helps you: 999999 · f34b51dab5e0498"
    )
    assert "<b>taken" not in note
    assert 'data-copy="999999 · f34b51dab5e0498"' in note


BUTTONS = [
    (error("3441038"), 'data-share="send"'),
    (error("2388001"), 'href="https://business.facebook.com/wa/manage/phone-numbers/"'),
    (
        error("1", "This business portfolio is restricted."),
        'href="https://business.facebook.com/business-support-home"',
    ),
    (error("1", "This number is on the WhatsApp Business app."), 'data-choose-plan="coexistence"'),
]


@pytest.mark.parametrize(("event", "button"), BUTTONS)
def test_each_ending_has_its_button(visitor: Visits, event: dict[str, object], button: str) -> None:
    assert button in after(visitor(**CONTACT), event)


def test_the_plan_that_keeps_the_app_is_offered_only_where_there_is_a_choice(visitor: Visits) -> None:
    event = error("1", "This number is on the WhatsApp Business app.")
    for plans in (("standard",), ("coexistence",)):
        assert "data-choose-plan" not in after(visitor(**CONTACT, plans=plans), event)


def test_help_is_offered_where_the_partner_has_an_address_for_it(app: Flask, rt: Runtime) -> None:
    event = error("1", "This partner can't onboard customers at the moment.")
    browser = Visitor.at(app, make_link(rt, **CONTACT))
    assert "Get help" not in after(browser, event)
    app.jinja_env.globals["help_url"] = "https://help.partner.example"
    assert 'href="https://help.partner.example"' in note_of(browser.look().text)


def test_another_device_with_the_same_link_reads_the_same(app: Flask, rt: Runtime) -> None:
    link = make_link(rt, **CONTACT)
    Visitor.at(app, link).tell("abandonments", event=CANCEL)
    assert "You stopped at the six-digit code." in text_of(note_of(Visitor.at(app, link).look().text))


def test_a_new_link_takes_up_the_thread_and_another_client_does_not(app: Flask, rt: Runtime) -> None:
    link_id, token = make_link(rt, **CONTACT)
    Visitor.at(app, (link_id, token)).tell("abandonments", event=CANCEL)
    with rt.db.write() as session:
        made = follow_up(session, link_id, actor=SYSTEM, now=clock.now())
    fresh = Visitor.at(app, (made.link.id, made.token.reveal()))
    assert "You stopped at the six-digit code." in text_of(note_of(fresh.look().text))
    assert note_of(Visitor.at(app, make_link(rt, "Sample Florist", **CONTACT)).look().text) == ""


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("es", "Se detuvo en el código de seis dígitos. ¿No llegó el código?"),
        ("pt-BR", "Você parou no código de seis dígitos. O código não chegou?"),
    ],
)
def test_it_is_told_in_the_clients_language(visitor: Visits, language: str, says: str) -> None:
    browser = visitor(**CONTACT)
    browser.tell("abandonments", event=CANCEL)
    browser.http.get(f"/connect/c/{browser.link_id}?lang={language}", headers=HTML)
    assert text_of(note_of(browser.look().text)).startswith(says)


def test_a_code_that_never_came_is_not_passed_over_in_silence(visitor: Visits) -> None:
    browser = visitor(**CONTACT)
    browser.tell("onboard-client", event=FINISH)
    assert note_of(browser.look().text) == ""
    with time_machine.travel(clock.now() + timedelta(seconds=20)):
        assert "Meta finished, but its key did not reach us." in text_of(note_of(browser.look().text))


def test_a_page_that_gave_up_on_the_code_says_so_at_once(visitor: Visits) -> None:
    browser = visitor(**CONTACT)
    browser.tell("onboard-client", event=FINISH)
    browser.tell("abandonments", screen=None)
    assert "Meta finished, but its key did not reach us." in text_of(note_of(browser.look().text))


def test_a_window_that_was_never_heard_of_again_is_told_in_the_end(visitor: Visits) -> None:
    browser = visitor(**CONTACT)
    browser.open_window()
    assert note_of(browser.look().text) == ""
    with time_machine.travel(clock.now() + timedelta(minutes=30)):
        assert "we never heard how it ended" in text_of(note_of(browser.look().text))


def test_progress_is_kept_as_the_screen_of_a_window_closed_by_hand(visitor: Visits) -> None:
    browser = visitor(**CONTACT)
    browser.open_window()
    progress = {"type": "WA_EMBEDDED_SIGNUP", "event": "PROGRESS", "data": {"current_step": "PHONE_NUMBER_SETUP"}}
    browser.tell("onboard-client", event=progress)
    assert note_of(browser.look().text) == ""
    browser.tell("abandonments", screen=None)
    assert "You stopped at the phone number." in text_of(note_of(browser.look().text))


def test_somebody_who_reported_an_error_and_went_on_has_finished(visitor: Visits) -> None:
    browser = visitor(**CONTACT)
    browser.tell("abandonments", event=error("3441038"))
    browser.tell("onboard-client", event=FINISH)
    browser.tell("abandonments", screen=None)
    assert "Meta finished" in text_of(note_of(browser.look().text))


def test_the_newest_opening_is_the_one_explained_and_a_sign_in_ends_the_matter(visitor: Visits, rt: Runtime) -> None:
    browser = visitor(**CONTACT)
    browser.tell("abandonments", event=CANCEL)
    browser.key = "another-opening-of-this-browser"
    browser.tell("abandonments", event=error("3441038"))
    assert 'data-ending="not_an_admin"' in note_of(browser.look().text)
    states.lay(rt, browser.link_id, states.in_trouble("exchange", "needs_client", "no_account_shared"), now=clock.now())
    assert "data-ending" not in browser.look().text


def test_the_script_asks_for_the_ending_of_its_own_opening(visitor: Visits) -> None:
    browser = visitor(**CONTACT)
    at = f"/connect/c/{browser.link_id}/ending"
    assert browser.http.get(f"{at}?state={browser.key}", headers=HTML).status_code == 204
    browser.tell("abandonments", event=CANCEL)
    reply = browser.http.get(f"{at}?state={browser.key}", headers=HTML)
    assert reply.status_code == 200
    assert 'data-ending="stopped_at_the_code"' in reply.text
    assert "<html" not in reply.text
    for other in ("", "another-opening-of-this-browser", "x" * 500):
        assert browser.http.get(f"{at}?state={other}", headers=HTML).status_code == 204


def test_nobody_asks_for_the_ending_of_a_link_not_opened_here(visitor: Visits) -> None:
    browser, other = visitor(**CONTACT), visitor("Sample Florist", **CONTACT)
    browser.tell("abandonments", event=CANCEL)
    reply = other.http.get(f"/connect/c/{browser.link_id}/ending?state={browser.key}", headers=HTML)
    assert reply.status_code == 404
    assert "data-ending" not in reply.text
