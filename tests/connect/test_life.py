"""What a client reads when its number is paused, taken away, or kept on its phone app."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.kit import clock
from app.numbers.models import Account
from app.onboarding.life import syncs
from app.onboarding.models import Onboarding, Sync
from app.runtime import Runtime
from tests.connect import states
from tests.connect.conftest import Visits
from tests.connect.test_pages import CONTACT, laid, text_of
from tests.connect.visitor import Visitor

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def account(rt: Runtime, **facts: Any) -> None:
    """The account of the one onboarding there is, with these facts."""
    with rt.db.write() as session:
        run = session.query(Onboarding).one()
        row = session.query(Account).filter_by(client_id=run.client_id, waba_id=run.waba_id).one_or_none()
        if row is None:
            row = Account(client_id=run.client_id, waba_id=run.waba_id, seen_at=clock.now())
            session.add(row)
        for name, value in facts.items():
            setattr(row, name, value)


def remove(rt: Runtime, because: str | None) -> None:
    now = clock.now()
    account(rt, ended_at=now, ended_because=because)
    with rt.db.write() as session:
        run = session.query(Onboarding).one()
        run.ended_at, run.ended_because = now, "removed"


def live(visitor: Visits, rt: Runtime) -> Visitor:
    return laid(visitor, rt, states.live())


def test_a_phone_app_that_is_off_is_told_with_what_helps(visitor: Visits, rt: Runtime) -> None:
    browser = live(visitor, rt)
    account(rt, paused_at=clock.now())
    page = text_of(browser.look().text)
    assert "Your WhatsApp Business app is off just now" in page
    assert "Sending is paused, and nothing is lost." in page
    assert "Connect WhatsApp again" not in page
    assert "Start verification" not in page


@pytest.mark.parametrize(
    ("because", "words"),
    [
        ("ACCOUNT_DISCONNECTED", "You disconnected us in the WhatsApp Business app."),
        ("PRIMARY_INACTIVITY", "The phone with the WhatsApp Business app was off for about two weeks"),
        ("APP_UNINSTALLED", "Our app was taken off your account at Meta."),
        (None, "Your account is not shared with us any more."),
        ("SOMETHING_NEW", "Your account is not shared with us any more."),
    ],
)
def test_an_account_that_was_taken_away_is_told_why_and_offered_again(
    visitor: Visits, rt: Runtime, because: str | None, words: str
) -> None:
    browser = live(visitor, rt)
    remove(rt, because)
    answer = browser.look().text
    page = text_of(answer)
    assert "Example Bakery is not connected any more" in page
    assert words in page
    assert ("That happens when somebody removes Example Partner" in page) == (because in {None, "SOMETHING_NEW"})
    assert "Connect WhatsApp again" in page
    assert "data-poll" not in answer
    again = browser.http.get(f"/connect/c/{browser.link_id}?again=1", headers={"Accept": "text/html"})
    assert "Connect Example Bakery to WhatsApp" in text_of(again.text)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"seen_at": None}, "Your phone app sends them now."),
        ({"asked_at": timedelta(hours=-2)}, "We asked for them, and nothing has come yet."),
        ({"done_at": timedelta(0), "seen_at": timedelta(0)}, "Your contacts and chats are here."),
        ({"declined_at": timedelta(0)}, "Your contacts come over; your chats stay on your phone, as you chose."),
    ],
)
def test_what_of_contacts_and_chats_has_come_is_told_honestly(
    visitor: Visits, rt: Runtime, facts: dict[str, timedelta | None], words: str
) -> None:
    browser = visitor(**CONTACT)
    states.lay(rt, browser.link_id, states.say_hi("coexistence"), now=clock.now())
    now = clock.now()
    with rt.db.write() as session:
        run = session.query(Onboarding).one()
        for kind in syncs.KINDS:
            syncs.note_asked(session, run.id, kind, begun_at=run.begun_at, now=now)
    set_facts(rt, {name: now + by if by is not None else None for name, by in facts.items()})
    assert words in text_of(browser.look().text)


def set_facts(rt: Runtime, facts: dict[str, datetime | None]) -> None:
    with rt.db.write() as session:
        for row in session.query(Sync):
            for name, value in facts.items():
                setattr(row, name, value)
