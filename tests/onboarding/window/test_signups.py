"""One opening of the window, told in pieces that come in any order, twice, at once, or never."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.audit.store import SYSTEM, list_of
from app.db import Database
from app.onboarding.links import links
from app.onboarding.links.links import LinkOrder, Visit
from app.onboarding.models import Consent, Signup
from app.onboarding.window import signups
from app.onboarding.window.events import EndEvent

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
CONSENT = signups.ConsentGiven("2026-11-01", "es", ("whatsapp_business_management",), "192.0.2.7", "E" * 400)
CANCEL = EndEvent("CANCEL", current_step="PERMISSIONS")


@pytest.fixture
def visit(db: Database) -> Visit:
    with db.write() as session:
        made = links.create_link(session, LinkOrder("Example Bakery"), actor=SYSTEM, now=NOON)
        opened = links.open_link(session, made.token.reveal(), address=None, user_agent=None, now=NOON)
        session.flush()
        return links.visit(session, opened.link.id, opened.secret.reveal(), now=NOON)


def open_window(db: Database, visit: Visit, *, now: datetime = NOON, plan: str = "standard") -> None:
    with db.write() as session:
        signups.note_opened(
            session,
            visit,
            browser_key="k",
            plan_asked=plan,
            answers={"portfolio": "yes"},
            consent=CONSENT,
            now=now,
        )


def tell(db: Database, visit: Visit, event: EndEvent, *, now: datetime = NOON) -> str | None:
    with db.write() as session:
        return signups.note_event(session, visit, browser_key="k", event=event, now=now)


def close(db: Database, visit: Visit, screen: str | None, *, now: datetime = NOON) -> None:
    with db.write() as session:
        signups.note_closed(session, visit, browser_key="k", screen=screen, now=now)


def row(db: Database) -> Signup:
    with db.read() as session:
        return session.scalars(select(Signup)).one()


def test_opening_keeps_what_was_asked_and_what_was_agreed_to(db: Database, visit: Visit) -> None:
    open_window(db, visit)
    assert (row(db).plan_asked, row(db).answers, row(db).opened_at) == ("standard", {"portfolio": "yes"}, NOON)
    with db.read() as session:
        consent = session.scalars(select(Consent)).one()
    assert (consent.terms_version, consent.language, consent.scopes, consent.address, consent.at) == (
        "2026-11-01",
        "es",
        ["whatsapp_business_management"],
        "192.0.2.7",
        NOON,
    )
    assert consent.user_agent == "E" * 300
    assert consent.client_id == visit.client.id


def test_opening_told_twice_changes_nothing(db: Database, visit: Visit) -> None:
    open_window(db, visit)
    open_window(db, visit, now=LATER, plan="coexistence")
    assert (row(db).plan_asked, row(db).opened_at) == ("standard", NOON)
    with db.read() as session:
        assert [entry.action for entry in list_of(session, "link", visit.link.id)].count("signup.opened") == 1


def test_a_cancel_is_kept_with_its_screen(db: Database, visit: Visit) -> None:
    open_window(db, visit)
    assert tell(db, visit, CANCEL, now=LATER) is None
    assert row(db).event == {"kind": "CANCEL", "current_step": "PERMISSIONS"}
    assert row(db).event_at == LATER


def test_the_pieces_may_come_in_any_order(db: Database, visit: Visit) -> None:
    tell(db, visit, CANCEL)
    open_window(db, visit, now=LATER)
    assert row(db).event is not None
    assert row(db).opened_at == LATER


ERROR = EndEvent("CANCEL", error_message="No.", error_id="524126", session_id="f34b51")
PROGRESS = EndEvent("PROGRESS", current_step="PHONE_NUMBER_SETUP")
FINISH = EndEvent("FINISH", waba_id="1")


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (
            CANCEL,
            EndEvent("CANCEL", current_step="PHONE_NUMBER_SETUP"),
            {"kind": "CANCEL", "current_step": "PERMISSIONS"},
        ),
        (CANCEL, FINISH, {"kind": "FINISH", "waba_id": "1"}),
        (FINISH, CANCEL, {"kind": "FINISH", "waba_id": "1"}),
        (FINISH, EndEvent("FINISH", waba_id="2"), {"kind": "FINISH", "waba_id": "1"}),
        (
            CANCEL,
            ERROR,
            {
                "kind": "CANCEL",
                "current_step": "PERMISSIONS",
                "error_message": "No.",
                "error_id": "524126",
                "session_id": "f34b51",
            },
        ),
        (ERROR, CANCEL, {"kind": "CANCEL", "error_message": "No.", "error_id": "524126", "session_id": "f34b51"}),
        (ERROR, FINISH, {"kind": "FINISH", "waba_id": "1"}),
        (
            PROGRESS,
            EndEvent("PROGRESS", current_step="PERMISSIONS"),
            {"kind": "PROGRESS", "current_step": "PERMISSIONS"},
        ),
        (PROGRESS, EndEvent("CANCEL"), {"kind": "CANCEL", "current_step": "PHONE_NUMBER_SETUP"}),
        (CANCEL, PROGRESS, {"kind": "CANCEL", "current_step": "PERMISSIONS"}),
        (PROGRESS, FINISH, {"kind": "FINISH", "waba_id": "1"}),
    ],
)
def test_of_two_events_the_weightier_counts_and_of_two_alike_the_first(
    db: Database, visit: Visit, first: EndEvent, second: EndEvent, kept: dict[str, str]
) -> None:
    """Somebody may report an error, go on all the same, and finish."""
    tell(db, visit, first)
    tell(db, visit, second, now=LATER)
    assert row(db).event == kept


def test_where_somebody_is_has_no_end_yet(db: Database, visit: Visit) -> None:
    tell(db, visit, PROGRESS)
    assert row(db).event_at is None
    close(db, visit, None, now=LATER)
    assert row(db).event == {"kind": "CLOSED", "current_step": "PHONE_NUMBER_SETUP"}
    assert row(db).closed_at == LATER


def test_why_meta_refused_a_code_is_kept_until_the_next_one_comes(db: Database, visit: Visit) -> None:
    open_window(db, visit)
    with db.write() as session:
        signups.get_signup(session, visit, "k").code_at = NOON
        signups.note_refusal(session, visit, browser_key="k", key="code_expired")
    assert (row(db).code_refused, row(db).code_at) == ("code_expired", None)


def test_a_window_that_went_away_is_kept_with_its_last_screen(db: Database, visit: Visit) -> None:
    close(db, visit, "PHONE_NUMBER_SETUP" * 10)
    assert row(db).event == {"kind": "CLOSED", "current_step": ("PHONE_NUMBER_SETUP" * 10)[:100]}
    close(db, visit, "PERMISSIONS", now=LATER)
    assert row(db).closed_at == NOON


def test_a_late_event_replaces_our_own_word_for_a_closed_window(db: Database, visit: Visit) -> None:
    close(db, visit, "PERMISSIONS")
    tell(db, visit, EndEvent("FINISH", waba_id="1"), now=LATER)
    assert row(db).event == {"kind": "FINISH", "waba_id": "1"}


def test_closing_after_the_end_says_nothing_new(db: Database, visit: Visit) -> None:
    tell(db, visit, CANCEL)
    close(db, visit, "PERMISSIONS", now=LATER)
    assert row(db).event == {"kind": "CANCEL", "current_step": "PERMISSIONS"}
    close(db, visit, None, now=LATER)
    assert row(db).closed_at == LATER


def test_another_browsers_window_is_another_signup(db: Database, visit: Visit) -> None:
    tell(db, visit, CANCEL)
    with db.write() as session:
        signups.note_event(session, visit, browser_key="other", event=EndEvent("FINISH"), now=NOON)
    with db.read() as session:
        kinds = {signup.browser_key: (signup.event or {})["kind"] for signup in session.scalars(select(Signup))}
    assert kinds == {"k": "CANCEL", "other": "FINISH"}


def test_pieces_that_arrive_at_once_make_one_row_and_none_is_lost(db: Database, visit: Visit) -> None:
    start = threading.Barrier(3)
    pieces: list[Callable[[], object]] = [
        lambda: open_window(db, visit),
        lambda: tell(db, visit, CANCEL),
        lambda: close(db, visit, None),
    ]

    def send(piece: Callable[[], object]) -> None:
        start.wait(10)
        piece()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(send, pieces))
    assert (row(db).opened_at, row(db).event_at, row(db).closed_at) == (NOON, NOON, NOON)
