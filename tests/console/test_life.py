"""What staff read of a number's life, and of what its phone app was asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from markupsafe import Markup

from app.audit.store import Actor, add_entry
from app.console.life import notice_of, syncs_of
from app.kit import clock
from app.numbers.models import Account
from app.onboarding.models import Onboarding
from app.onboarding.reading.progress import Progress, Removal, SyncView, read_progress
from app.runtime import Runtime
from tests.console.staff import Desk
from tests.factories.onboardings import LIVE, add_onboarding, add_stuck

TAKEN_AWAY = "The client took the account away"
METAS_END = "Meta has ended the connection"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def progress(rt: Runtime) -> Progress:
    row = add_onboarding(rt, proofs=LIVE)
    with rt.db.read() as session:
        return read_progress(session, row.id)


def test_a_number_that_lives_needs_no_notice(progress: Progress) -> None:
    assert notice_of(progress) is None
    assert syncs_of(progress, NOON) == ()


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("because", "by", "title", "words"),
    [
        (
            "PRIMARY_INACTIVITY",
            "SYSTEM",
            METAS_END,
            "The phone was off for about 14 days, by Meta.",
        ),
        ("ACCOUNT_DISCONNECTED", "USER", TAKEN_AWAY, "The client disconnected us in the phone app, by the client."),
        ("SOMETHING_NEW", None, TAKEN_AWAY, "Meta’s reason: SOMETHING_NEW."),
        (None, None, TAKEN_AWAY, "Meta gave no reason."),
    ],
)
def test_an_end_is_told_with_metas_reason(
    progress: Progress, because: str | None, by: str | None, title: str, words: str
) -> None:
    notice = notice_of(replace(progress, state="removed", removal=Removal(NOON, because, by)))
    assert notice is not None
    assert notice.title == title
    assert notice.words.startswith(words)
    assert isinstance(notice.words, Markup)


@time_machine.travel(NOON, tick=False)
def test_what_meta_says_is_no_markup(progress: Progress) -> None:
    notice = notice_of(replace(progress, state="removed", removal=Removal(NOON, "<b>", "<i>")))
    assert notice is not None
    assert "<b>" not in notice.words
    assert "<i>" not in notice.words


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("state", "facts", "words"),
    [
        ("to_ask", {}, "must be asked for within 3 h 12 min (until "),
        ("too_late", {}, "not asked for before "),
        ("asked", {"asked_at": NOON}, "asked "),
        ("silent", {"asked_at": NOON - timedelta(hours=2)}, "asked "),
        ("declined", {}, "the client keeps them back"),
        ("arriving", {"progress": 55, "chunks": 2, "seen_at": NOON}, "55 % in 2 pieces, last "),
        ("done", {"chunks": 1, "seen_at": NOON}, "1 contact, last "),
        ("done", {"chunks": 12, "seen_at": NOON}, "12 contacts, last "),
    ],
)
def test_each_state_of_a_sync_has_its_words(
    progress: Progress, state: str, facts: dict[str, object], words: str
) -> None:
    blank = SyncView("history", state, NOON + timedelta(hours=3, minutes=12), None, 0, None, None)
    (row,) = syncs_of(replace(progress, syncs=(replace(blank, **facts),)), NOON)  # type: ignore[arg-type]
    assert row.title == "Chats"
    assert row.words.startswith(words)
    assert ("nothing received" in row.words) == (state == "silent")


def set_account(desk: Desk, key: str, **facts: object) -> None:
    with desk.rt.db.write() as session:
        run = session.get_one(Onboarding, key)
        session.add(Account(client_id=run.client_id, waba_id=run.waba_id, seen_at=clock.now(), **facts))


def test_the_page_of_a_paused_number_says_so_above_everything(desk: Desk) -> None:
    row = add_onboarding(desk.rt, proofs=LIVE)
    set_account(desk, row.id, paused_at=clock.now())
    page = desk.get(f"/console/onboardings/{row.reference}").text
    assert "Paused: the phone app is off." in page
    assert "Sending is held; token and subscription stay." in page
    assert "<b>Sending is held.</b> Nothing to do; it goes on by itself when the phone app is back." in page
    assert "The client is connected." not in page


def test_the_page_of_an_ended_run_offers_nothing_to_press(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    set_account(desk, row.id, ended_at=clock.now(), ended_because="CHANGE_NUMBER")
    with desk.rt.db.write() as session:
        run = session.get_one(Onboarding, row.id)
        run.ended_at, run.ended_because = clock.now(), "removed"
    page = desk.get(f"/console/onboardings/{row.reference}").text
    assert "The client took the account away." in page
    assert "The client changed the number of the phone app" in page
    assert "Try again" not in page
    assert "<b>This run has ended.</b> The client can connect again with a new link." in page
    assert f'href="/console/links/new?client={row.client_id}"' in page


@pytest.mark.parametrize(("by", "title"), [("USER", TAKEN_AWAY), ("SYSTEM", METAS_END), (None, TAKEN_AWAY)])
def test_the_timeline_names_who_ended_it_as_the_notice_does(desk: Desk, by: str | None, title: str) -> None:
    row = add_stuck(desk.rt)
    set_account(desk, row.id, ended_at=clock.now(), ended_because="DISCONNECT", ended_by=by)
    with desk.rt.db.write() as session:
        run = session.get_one(Onboarding, row.id)
        run.ended_at, run.ended_because = clock.now(), "removed"
        add_entry(session, Actor("meta", None), "account.removed", "onboarding", row.id, now=clock.now())
    page = desk.get(f"/console/onboardings/{row.reference}").text
    assert page.count(title) == 2
    assert page.count({TAKEN_AWAY: METAS_END, METAS_END: TAKEN_AWAY}[title]) == 0


def test_a_refused_credit_line_says_what_it_blocks(desk: Desk) -> None:
    page = desk.get(f"/console/onboardings/{add_stuck(desk.rt).reference}").text
    assert "What it blocks" in page
    assert "Paid templates, which fail with 131042 until then." in page
