"""Openings of Meta's window as people read them: newest first, with what Meta's support asks for."""

from datetime import UTC, datetime, timedelta

import pytest

from app.audit.store import SYSTEM
from app.db import Database
from app.onboarding.links import links
from app.onboarding.links.links import LinkOrder, Visit
from app.onboarding.window import openings, signups
from app.onboarding.window.events import EndEvent
from app.onboarding.window.openings import Opening

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
MUCH_LATER = NOON + timedelta(hours=1)


@pytest.fixture
def visit(db: Database) -> Visit:
    return new_visit(db)


def new_visit(db: Database) -> Visit:
    with db.write() as session:
        made = links.create_link(session, LinkOrder("Example Bakery"), actor=SYSTEM, now=NOON)
        opened = links.open_link(session, made.token.reveal(), address=None, user_agent=None, now=NOON)
        session.flush()
        return links.visit(session, opened.link.id, opened.secret.reveal(), now=NOON)


def tell(db: Database, visit: Visit, key: str, event: EndEvent, *, now: datetime = LATER) -> None:
    with db.write() as session:
        signups.note_event(session, visit, browser_key=key, event=event, now=now)


def listed(db: Database, visit: Visit, now: datetime = MUCH_LATER) -> list[Opening]:
    with db.read() as session:
        return list(openings.list_openings(session, visit.link.id, now=now))


def test_an_error_keeps_what_metas_support_asks_for(db: Database, visit: Visit) -> None:
    event = EndEvent("CANCEL", error_message="No permission.", error_id="3441038", session_id="f34b51dab5e0498")
    tell(db, visit, "first", event)

    (opening,) = listed(db, visit)

    assert (opening.event_kind, opening.error_id, opening.error_message, opening.session_id) == (
        "CANCEL",
        "3441038",
        "No permission.",
        "f34b51dab5e0498",
    )
    assert opening.ending is not None
    assert (opening.ending.key, opening.ending.button) == ("not_an_admin", "send")
    assert (opening.opened_at, opening.heard_at, opening.onboarding_id) == (LATER, LATER, None)


def test_the_newest_opening_counts_and_all_are_listed(db: Database, visit: Visit) -> None:
    tell(db, visit, "first", EndEvent("CANCEL", current_step="PERMISSIONS"))
    tell(db, visit, "second", EndEvent("CANCEL", current_step="PHONE_NUMBER_VERIFICATION"))
    tell(db, new_visit(db), "elsewhere", EndEvent("CANCEL"))

    assert [opening.screen for opening in listed(db, visit)] == ["PHONE_NUMBER_VERIFICATION", "PERMISSIONS"]
    with db.read() as session:
        newest = openings.newest_opening(session, visit.client.id, now=MUCH_LATER)
    assert newest is not None
    assert newest.screen == "PHONE_NUMBER_VERIFICATION"


def test_an_opening_is_found_by_the_name_its_own_browser_gave_it(db: Database, visit: Visit) -> None:
    tell(db, visit, "first", EndEvent("CANCEL", current_step="PERMISSIONS"))
    with db.read() as session:
        assert openings.find_opening(session, visit, "second", now=MUCH_LATER) is None
        assert openings.find_opening(session, new_visit(db), "first", now=MUCH_LATER) is None
        found = openings.find_opening(session, visit, "first", now=MUCH_LATER)
    assert found is not None
    assert found.screen == "PERMISSIONS"


def test_a_link_that_nobody_opened_a_window_from_has_nothing_to_explain(db: Database, visit: Visit) -> None:
    with db.read() as session:
        assert openings.newest_opening(session, visit.client.id, now=NOON) is None


def test_what_was_heard_last_is_the_time_of_the_last_sign_of_life(db: Database, visit: Visit) -> None:
    with db.write() as session:
        signups.note_closed(session, visit, browser_key="first", screen=None, now=NOON)
        signups.note_event(session, visit, browser_key="first", event=EndEvent("CANCEL"), now=LATER)
    (opening,) = listed(db, visit)
    assert (opening.opened_at, opening.heard_at) == (NOON, LATER)
