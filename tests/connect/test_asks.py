"""What a step asks the client for on its page, given as a browser without scripts gives it: code and PIN."""

import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.audit.store import Actor
from app.kit import clock
from app.onboarding.ledger import desk
from app.runtime import Runtime
from tests.connect.aboard import OLD_PIN, bring_aboard, code_of, let_pass
from tests.connect.conftest import Visits
from tests.connect.test_pages import text_of
from tests.connect.visitor import HTML, Visitor, make_link
from tests.onboarding.conftest import journey, rt
from tests.onboarding.journey import Journey

__all__ = ["journey", "rt"]


@pytest.fixture
def unverified(app: Flask, journey: Journey) -> tuple[Visitor, str]:
    link = make_link(journey.rt)
    key = bring_aboard(journey, link[1], "unverified")
    return Visitor.at(app, link), key


@pytest.fixture
def pinned(app: Flask, journey: Journey) -> tuple[Visitor, str]:
    link = make_link(journey.rt)
    key = bring_aboard(journey, link[1], number="+1 555 010 0182")
    return Visitor.at(app, link), key


def send(browser: Visitor, door: str, **fields: str) -> TestResponse:
    form = {"csrf_token": browser.csrf, **fields}
    return browser.http.post(f"/connect/c/{browser.link_id}/{door}", data=form, headers=HTML)


def fault_of(answer: TestResponse, field: str) -> str:
    found = re.search(rf'id="fault-{field}".*?<span>(.*?)</span>', answer.text, flags=re.DOTALL)
    return unescape(found[1]) if found else ""


def test_a_number_is_confirmed_by_a_code_asked_for_and_entered_on_the_page(
    unverified: tuple[Visitor, str], journey: Journey
) -> None:
    browser, key = unverified
    assert "Send me a code" in browser.page
    assert send(browser, "code", method="SMS").status_code == 303
    page = browser.look().text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    code = code_of(journey, key)

    answer = send(browser, "code/enter", code=f" {code[:3]} {code[3:]} ")

    assert answer.status_code == 303
    assert code not in answer.location
    journey.walk()
    assert journey.states(key)["register"] == "done"


def test_a_client_whose_token_died_is_not_asked_for_a_code_but_to_connect_again(
    unverified: tuple[Visitor, str], journey: Journey
) -> None:
    browser, key = unverified
    journey.world.change("tokens", account_id=journey.progress(key).waba_id, which="all", revoked_subcode=463)
    with journey.db.write() as session:
        desk.retry_step(session, key, "verify", actor=Actor("staff", "staff-1"), now=clock.now())
    journey.walk()
    page = browser.look().text
    assert "Send me a code" not in page
    assert "Connect WhatsApp again" in page
    send(browser, "code", method="SMS")
    assert journey.world.count("/*/request_code") == 0


def test_a_wrong_code_is_explained_at_its_field_and_changes_nothing(
    unverified: tuple[Visitor, str], journey: Journey
) -> None:
    browser, key = unverified
    send(browser, "code", method="VOICE")
    wrong = "000000" if code_of(journey, key) != "000000" else "111111"

    answer = send(browser, "code/enter", code=wrong)

    assert answer.status_code == 422
    assert fault_of(answer, "code") == (
        "This code is wrong or too old. Look at the newest message, or let Meta send another code."
    )
    assert 'aria-invalid="true"' in answer.text
    assert wrong not in answer.text
    assert journey.states(key)["verify"] == "needs_client"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５６"])
def test_what_is_no_six_digits_never_reaches_meta(
    unverified: tuple[Visitor, str], journey: Journey, typed: str
) -> None:
    browser, _ = unverified
    send(browser, "code", method="SMS")

    answer = send(browser, "code/enter", code=typed)

    assert (answer.status_code, fault_of(answer, "code")) == (422, "The code has six digits.")
    assert journey.world.count("*/verify_code") == 0


def test_a_second_code_waits_a_minute_and_a_sixth_waits_for_hours(
    unverified: tuple[Visitor, str], journey: Journey
) -> None:
    browser, _ = unverified
    send(browser, "code", method="SMS")
    at_once = send(browser, "code", method="SMS")
    assert at_once.status_code == 429
    assert fault_of(at_once, "method").startswith("A code was asked for less than a minute ago.")
    assert "You can ask for another code at" in text_of(browser.look().text)
    for _ in range(4):
        let_pass(journey, "request_code", minutes=2)
        assert send(browser, "code", method="SMS").status_code == 303
    let_pass(journey, "request_code", minutes=2)

    sixth = send(browser, "code", method="SMS")

    assert sixth.status_code == 429
    assert fault_of(sixth, "method") == "Five codes were asked for in twelve hours; Meta sends no more for now."
    assert "Meta sends no more codes for now: 5 were asked for." in text_of(sixth.text)
    assert journey.world.count("*/request_code") == 5


def test_a_code_that_meta_does_not_send_is_said_and_stays_said(
    unverified: tuple[Visitor, str], journey: Journey
) -> None:
    browser, _ = unverified
    refusal = {"error": {"message": "try again later", "type": "OAuthException", "code": 136024}}
    journey.world.fault("/*/request_code", {"status": 400, "body": refusal}, times=1)
    send(browser, "code", method="SMS")
    journey.walk()

    assert "Meta has not sent a code" in text_of(browser.look().text)


def test_meta_being_away_is_said_at_the_field(unverified: tuple[Visitor, str], journey: Journey) -> None:
    browser, _ = unverified
    journey.world.fault("/*/request_code", {"status": 503, "body": {"error": {"code": 2}}})

    answer = send(browser, "code", method="SMS")

    assert answer.status_code == 503
    assert fault_of(answer, "method") == "Meta does not answer just now. Nothing is lost: try again in a moment."


def test_the_old_pin_is_entered_once_and_the_number_is_registered(
    pinned: tuple[Visitor, str], journey: Journey
) -> None:
    browser, key = pinned
    assert "Register with this PIN" in browser.page
    assert "Nobody knows it" in browser.page

    answer = send(browser, "pin", pin=OLD_PIN)

    assert answer.status_code == 303
    journey.walk()
    assert journey.states(key)["register"] == "done"
    assert OLD_PIN not in browser.look().text


def test_a_wrong_pin_is_tried_once_and_the_page_says_what_is_left(
    pinned: tuple[Visitor, str], journey: Journey
) -> None:
    browser, key = pinned
    send(browser, "pin", pin="111111")
    journey.walk()

    page = text_of(browser.look().text)

    assert journey.states(key)["register"] == "needs_client"
    assert "Meta did not accept the last try either. 8 tries are left until" in page
    assert journey.world.count("*/register") == 2


def test_switched_off_at_meta_the_number_is_registered_with_our_own(
    pinned: tuple[Visitor, str], journey: Journey
) -> None:
    browser, key = pinned
    journey.world.change(f"numbers/{journey.progress(key).phone_number_id}", pin=None)

    assert send(browser, "two-step-off").status_code == 303

    journey.walk()
    assert journey.states(key)["register"] == "done"


@pytest.mark.parametrize("typed", ["", "12345", "abcdef"])
def test_a_pin_has_six_digits(pinned: tuple[Visitor, str], journey: Journey, typed: str) -> None:
    browser, _ = pinned
    answer = send(browser, "pin", pin=typed)

    assert (answer.status_code, fault_of(answer, "pin")) == (422, "A PIN has six digits.")
    assert journey.world.count("*/register") == 1


@pytest.mark.parametrize("door", ["code", "code/enter", "pin", "two-step-off"])
def test_the_doors_want_the_cookie_of_the_link_and_the_token_of_the_page(
    unverified: tuple[Visitor, str], app: Flask, journey: Journey, door: str
) -> None:
    browser, _ = unverified
    stranger = app.test_client().post(
        f"/connect/c/{browser.link_id}/{door}", data={"csrf_token": browser.csrf}, headers=HTML
    )
    assert stranger.status_code in {400, 404}
    browser.csrf = "forged"
    assert send(browser, door, method="SMS", code="123456", pin="123456").status_code == 400
    assert journey.world.count("*/request_code") + journey.world.count("*/verify_code") == 0


def test_each_number_of_a_signup_has_its_own_page_word_and_doors(app: Flask, journey: Journey, rt: Runtime) -> None:
    link = make_link(rt)
    key = bring_aboard(journey, link[1], "several")
    browser = Visitor.at(app, link)
    (sibling, *_) = journey.progress(key).siblings
    address = f"/connect/c/{browser.link_id}/numbers/{sibling.reference}"

    lead, other = text_of(browser.page), browser.http.get(address, headers=HTML)

    assert "Numbers of this signup" in browser.page
    assert journey.progress(key).test_word in lead
    assert journey.progress(sibling.id).test_word in text_of(other.text)
    assert f'data-poll="{address}/progress"' in other.text
    assert browser.http.get(f"{address}/progress", headers=HTML).status_code == 200


def test_an_onboarding_of_another_link_is_not_there(
    unverified: tuple[Visitor, str], app: Flask, journey: Journey, visitor: Visits
) -> None:
    _, key = unverified
    foreign = visitor("Sample Florist")
    reference = journey.progress(key).reference
    base = f"/connect/c/{foreign.link_id}/numbers/{reference}"

    assert foreign.http.get(base, headers=HTML).status_code == 404
    assert foreign.http.get(f"{base}/progress", headers=HTML).status_code == 404
    assert send(foreign, f"numbers/{reference}/code", method="SMS").status_code == 404
    assert journey.world.count("*/request_code") == 0
