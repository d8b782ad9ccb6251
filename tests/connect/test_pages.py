"""The link's page: which face it shows, what it says in each state and language, and what can be done from it."""

import re
from html import unescape

import pytest
from flask import Flask

from app.clients.store import get_client
from app.kit import clock
from app.onboarding.links.links import get_link
from app.onboarding.models import Step
from app.runtime import Runtime
from tests.conftest import Rings
from tests.connect import states
from tests.connect.conftest import Visits
from tests.connect.visitor import HTML, Visitor, make_link

# What a page says does not hang on the database; what its doors keep is tried on both elsewhere.
pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)

CONTACT = {"contact_name": "Alex Example", "contact_email": "alex@bakery.example"}


def text_of(page: str) -> str:
    """What a person reads: tags and templates away, white space single."""
    bare = re.sub(r"<template.*?</template>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(bare).split())


def laid(visitor: Visits, rt: Runtime, state: states.State, **order: object) -> Visitor:
    browser = visitor(**(CONTACT | order))
    states.lay(rt, browser.link_id, state, now=clock.now())
    return browser


def test_before_the_click_the_client_reads_its_own_name_and_the_end_of_the_link(visitor: Visits) -> None:
    page = text_of(visitor().look().text)

    assert "Connect Example Bakery to WhatsApp" in page
    assert "Who can we ask?" in page
    assert "terms of 1 November 2026" in page


def test_a_known_contact_is_not_asked_for_again(visitor: Visits) -> None:
    assert "Who can we ask?" not in visitor(**CONTACT).look().text


@pytest.mark.parametrize(
    ("plans", "shown", "missing"),
    [
        (("standard",), "A new number", "The number on my WhatsApp Business app"),
        (("coexistence",), "The number on my WhatsApp Business app", "A new number"),
    ],
)
def test_only_the_plans_of_the_link_can_be_chosen(
    visitor: Visits, plans: tuple[str, ...], shown: str, missing: str
) -> None:
    choices = re.findall(r'<label class="choice">.*?<strong>(.*?)</strong>', visitor(plans=plans).look().text)

    assert choices == [shown]
    assert missing not in choices


@pytest.mark.parametrize(
    ("state", "face", "says"),
    [
        (states.running(), "during", "Setting up Example Bakery You have done your part for now. 0 of 5 steps"),
        (states.waiting_for_billing(), "during", "Waiting for Meta to attach billing. Usually under a minute."),
        (states.say_hi(), "during", "Your turn: say hi to your number from another phone."),
        (states.say_hi(heard=True), "during", "hi, test K7QX arrived"),
        (states.say_hi("coexistence"), "during", "Bring over contacts and chats"),
        (states.in_trouble("register", "needs_client", "number_not_verified"), "problem", "One thing needs you"),
        (states.in_trouble("credit", "refused", "answer_failed"), "during", "One step needs us. We have been told."),
        (states.live(), "after", "Example Bakery is live on WhatsApp Customers can write to +44 7700 900142 now."),
        (states.waived(), "after", "Example Bakery is connected to WhatsApp"),
    ],
)
def test_each_state_has_its_face_and_its_words(
    visitor: Visits, rt: Runtime, state: states.State, face: str, says: str
) -> None:
    page = laid(visitor, rt, state).look().text

    assert f'data-face="{face}"' in page
    assert says in text_of(page)


def test_a_live_page_shows_seven_proofs_and_asks_no_more(visitor: Visits, rt: Runtime) -> None:
    page = laid(visitor, rt, states.live()).look().text

    assert len(re.findall(r'<li class="ok">', page)) == 7
    assert "Set up in 1 min 48 s." in text_of(page)
    assert "data-poll" not in page


def test_a_waived_test_is_connected_and_never_called_live(visitor: Visits, rt: Runtime) -> None:
    page = laid(visitor, rt, states.waived()).look().text

    assert "is live" not in text_of(page)
    assert page.count("not seen") == 2
    assert ("Read back from your number" in page, "It reached us" in page) == (True, False)
    assert "data-poll" in page


def test_the_page_hands_people_back_to_the_partner(visitor: Visits, rt: Runtime) -> None:
    urls = {"success": "https://crm.example/ok", "failure": "https://crm.example/no"}

    live = laid(visitor, rt, states.live(), return_urls=urls).look().text
    stuck = laid(visitor, rt, states.waiting_for_billing(), return_urls=urls).look().text

    assert ('href="https://crm.example/ok"' in live, 'href="https://crm.example/no"' in live) == (True, False)
    assert ('href="https://crm.example/ok"' in stuck, 'href="https://crm.example/no"' in stuck) == (False, True)


def test_a_clients_trouble_says_what_to_do_and_staff_facts_stay_inside(visitor: Visits, rt: Runtime) -> None:
    state = states.in_trouble(
        "subscribe",
        "needs_us",
        "callback_differs",
        facts={"theirs": "https://old.example", "ours": "https://new.example"},
    )
    page = laid(visitor, rt, state).look().text

    assert "Messages to your number do not reach us yet." in text_of(page)
    assert "old.example" not in page
    assert "/retry" not in page


@pytest.mark.parametrize(
    ("step", "key", "first"),
    [
        ("exchange", "no_number", "Connect WhatsApp again"),
        ("exchange", "no_account_shared", "Connect WhatsApp again"),
        ("register", "number_held_elsewhere", "Try again"),
    ],
)
def test_the_button_the_words_name_comes_first(visitor: Visits, rt: Runtime, step: str, key: str, first: str) -> None:
    page = laid(visitor, rt, states.in_trouble(step, "needs_client", key)).look().text
    card = page[page.index('class="err') : page.index("</section>")]
    shown = re.findall(r'class="btn( p)?"[^>]*>(.*?)</(?:a|button)>', card, flags=re.DOTALL)

    assert [(loud, text_of(words) == first) for loud, words in shown] == [(" p", True), ("", False)]


def test_polling_is_answered_with_not_changed_until_something_changes(visitor: Visits, rt: Runtime) -> None:
    browser = visitor(**CONTACT)
    assert browser.poll().status_code == 204
    key = states.lay(rt, browser.link_id, states.waiting_for_billing(), now=clock.now())

    first = browser.poll()
    again = browser.poll(**{"If-None-Match": first.headers["ETag"]})
    with rt.db.write() as session:
        session.query(Step).filter_by(onboarding_id=key, name="credit").one().state = "done"
    changed = browser.poll(**{"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.data, changed.status_code) == (200, 304, b"", 200)
    assert first.headers["ETag"] != changed.headers["ETag"]


def test_another_device_with_the_same_link_sees_the_same(app: Flask, rt: Runtime) -> None:
    link = make_link(rt, **CONTACT)
    states.lay(rt, link[0], states.say_hi(), now=clock.now())

    assert "Your turn: say hi" in text_of(Visitor.at(app, link).look().text)
    assert "Your turn: say hi" in text_of(Visitor.at(app, link).look().text)


def test_after_a_signup_that_came_to_nothing_the_window_can_be_opened_again(visitor: Visits, rt: Runtime) -> None:
    browser = laid(visitor, rt, states.in_trouble("exchange", "needs_client", "no_account_shared"))
    again = browser.http.get(f"/connect/c/{browser.link_id}?again=1", headers=HTML).text

    assert "?again=1" in browser.look().text
    assert 'id="connect"' in again
    live = laid(visitor, rt, states.live())
    assert 'id="connect"' not in live.http.get(f"/connect/c/{live.link_id}?again=1", headers=HTML).text


def test_a_client_may_try_again_what_waits_for_it_and_nothing_else(visitor: Visits, rt: Runtime, rings: Rings) -> None:
    browser = laid(visitor, rt, states.in_trouble("register", "needs_client", "number_not_verified"))
    at = f"/connect/c/{browser.link_id}/steps"

    def press(step: str, token: str) -> int:
        return browser.http.post(f"{at}/{step}/retry", data={"csrf_token": token}, headers=HTML).status_code

    assert press("register", "") == 400
    assert press("credit", browser.csrf) == 409
    assert press("nothing", browser.csrf) == 409
    assert rings.rung == []
    assert press("register", browser.csrf) == 303
    assert rings.rung == ["onboardings"]
    assert press("register", browser.csrf) == 409


def test_a_step_that_waits_for_the_partner_is_not_the_clients_to_repeat(visitor: Visits, rt: Runtime) -> None:
    browser = laid(visitor, rt, states.in_trouble("credit", "refused", "answer_failed"))

    reply = browser.http.post(f"/connect/c/{browser.link_id}/steps/credit/retry", data={"csrf_token": browser.csrf})

    assert reply.status_code == 409


def test_the_contact_the_page_asked_for_is_kept_in_its_language(visitor: Visits, rt: Runtime) -> None:
    browser = visitor()
    browser.http.get(f"/connect/c/{browser.link_id}?lang=pt-BR")

    reply = browser.post(
        f"/connect/c/{browser.link_id}/contact", {"name": " Alex Example ", "email": "alex@bakery.example"}
    )

    assert reply.status_code == 204
    with rt.db.read() as session:
        client = get_client(session, get_link(session, browser.link_id).client_id)
    assert (client.contact_name, client.contact_email, client.language) == (
        "Alex Example",
        "alex@bakery.example",
        "pt_BR",
    )


@pytest.mark.parametrize(
    "contact",
    [
        {"name": "Alex"},
        {"name": "", "email": "a@b.example"},
        {"name": "A\nB", "email": "a@b.example"},
        {"name": "A", "email": "no"},
    ],
)
def test_a_contact_that_cannot_be_written_to_is_refused(visitor: Visits, contact: dict[str, str]) -> None:
    browser = visitor()

    assert browser.post(f"/connect/c/{browser.link_id}/contact", contact).status_code == 422


def test_the_link_can_be_handed_on_by_whoever_came_through_it(app: Flask, rt: Runtime) -> None:
    link_id, token = make_link(rt)
    browser = Visitor.at(app, (link_id, token))
    address = f"/connect/c/{link_id}/share"

    assert browser.post(address, {}).json == {"url": f"http://localhost:5000/connect/{token}"}
    assert token not in browser.look().text
    browser.http.delete_cookie(f"share-{link_id}", path=address)
    assert browser.post(address, {}).status_code == 404


@pytest.mark.parametrize(
    ("order", "accepts", "headline"),
    [
        ({}, "es-MX,es;q=0.9", "Conectar Example Bakery a WhatsApp"),
        ({}, "pt", "Conectar Example Bakery ao WhatsApp"),
        ({}, "ja", "Connect Example Bakery to WhatsApp"),
        ({"language": "es"}, "pt-BR", "Conectar Example Bakery a WhatsApp"),
    ],
)
def test_the_page_speaks_the_clients_language_else_the_browsers(
    visitor: Visits, order: dict[str, str], accepts: str, headline: str
) -> None:
    page = visitor(**order).look(**{"Accept-Language": accepts}).text

    assert headline in text_of(page)


def test_the_reader_may_choose_another_language_and_it_is_remembered(visitor: Visits) -> None:
    browser = visitor(language="es")

    chosen = browser.http.get(f"/connect/c/{browser.link_id}?lang=en")

    assert (chosen.status_code, chosen.headers["Location"]) == (303, f"/connect/c/{browser.link_id}")
    assert '<html lang="en">' in browser.look().text


@pytest.mark.parametrize("language", ["es", "pt-BR"])
@pytest.mark.parametrize(
    "state",
    [
        states.waiting_for_billing(),
        states.say_hi(),
        states.say_hi("coexistence"),
        states.live(),
        states.waived(),
        states.in_trouble("register", "needs_client", "number_not_verified"),
    ],
)
def test_no_english_is_left_on_a_translated_page(
    visitor: Visits, rt: Runtime, state: states.State, language: str
) -> None:
    browser = laid(visitor, rt, state)
    browser.http.get(f"/connect/c/{browser.link_id}?lang={language}")

    said = text_of(browser.look().text)

    assert re.findall(r"\b(?:the|your|you|with|when|is|are|Done|step|steps)\b", said) == []


@pytest.mark.parametrize("state", [None, states.say_hi(), states.live()])
def test_no_style_or_script_is_written_into_the_page(visitor: Visits, rt: Runtime, state: states.State | None) -> None:
    browser = laid(visitor, rt, state) if state else visitor()
    page = browser.look().text

    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", page) == []
