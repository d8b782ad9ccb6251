"""The funnel, counted by the database: by stage, week and plan, and where Meta's window was left."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from app.db import Database
from app.onboarding.funnel.funnel import Counts, Funnel, Wish, monday_of, read_funnel
from tests.factories.links import CONNECTED, LIVE, add_link, add_onboarding_of, add_opening

# A Friday. Its week began on Monday, 16 November.
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
THIS_WEEK = NOW - timedelta(hours=3)
LAST_WEEK = NOW - timedelta(days=7)
CANCEL_AT_CODE = {"kind": "CANCEL", "current_step": "PHONE_NUMBER_VERIFICATION"}
FINISH = {"kind": "FINISH", "waba_id": "1"}


def read(db: Database, plan: str | None = None, week: date | None = None) -> Funnel:
    with db.read() as session:
        return read_funnel(session, Wish(plan, week), now=NOW)


def numbers(counts: Counts) -> tuple[int, ...]:
    return (counts.made, counts.opened, counts.window, counts.finished, counts.connected, counts.live)


@pytest.fixture
def six_links(db: Database) -> None:
    """One link of this week for each stage, the last of them live; the two that went on keep the phone app."""
    add_link(db, "Made", at=THIS_WEEK)
    add_link(db, "Opened", at=THIS_WEEK, opened_at=THIS_WEEK)
    window = add_link(db, "Window", at=THIS_WEEK, opened_at=THIS_WEEK)
    add_opening(db, window, at=THIS_WEEK, event=CANCEL_AT_CODE)
    finished = add_link(db, "Finished", at=THIS_WEEK, opened_at=THIS_WEEK)
    add_opening(db, finished, at=THIS_WEEK, event=FINISH)
    for name, proofs in (("Connected", CONNECTED), ("Live", LIVE)):
        link = add_link(db, name, at=THIS_WEEK, opened_at=THIS_WEEK)
        signup = add_opening(db, link, at=THIS_WEEK, event=FINISH, code_at=THIS_WEEK)
        add_onboarding_of(db, link, at=THIS_WEEK, signup=signup, plan="coexistence", proofs=proofs)


def test_an_empty_house_has_an_empty_funnel_of_twelve_weeks(db: Database) -> None:
    funnel = read(db)
    assert numbers(funnel.all) == (0, 0, 0, 0, 0, 0)
    assert len(funnel.weeks) == 12
    assert (funnel.weeks[0].name, funnel.weeks[11].name) == ("2026-11-16", "2026-08-31")
    assert (funnel.plans, funnel.left) == ((), ())
    assert funnel.all.share("live") == 0


def test_who_came_further_has_come_so_far_too(db: Database, six_links: None) -> None:
    funnel = read(db)
    assert numbers(funnel.all) == (6, 5, 4, 3, 2, 1)
    assert [funnel.all.share(stage) for stage in ("opened", "window", "finished", "connected", "live")] == [
        100, 80, 60, 40, 20,
    ]  # fmt: skip


def test_the_plan_is_the_one_in_force_then_the_one_asked_for(db: Database, six_links: None) -> None:
    assert [(counts.name, numbers(counts)) for counts in read(db).plans] == [
        ("coexistence", (2, 2, 2, 2, 2, 1)),
        ("standard", (2, 2, 2, 1, 0, 0)),
        ("none", (2, 1, 0, 0, 0, 0)),
    ]


def test_a_plan_and_a_week_can_be_asked_for(db: Database, six_links: None) -> None:
    old = add_link(db, "Old", at=LAST_WEEK, opened_at=LAST_WEEK)
    add_opening(db, old, at=LAST_WEEK, event=CANCEL_AT_CODE)

    assert numbers(read(db).all) == (7, 6, 5, 3, 2, 1)
    assert numbers(read(db, "standard").all) == (3, 3, 3, 1, 0, 0)
    assert numbers(read(db, "standard", date(2026, 11, 9)).all) == (1, 1, 1, 0, 0, 0)
    assert numbers(read(db, "none", date(2026, 11, 16)).all) == (2, 1, 0, 0, 0, 0)
    assert numbers(read(db, week=date(2026, 11, 2)).all) == (0, 0, 0, 0, 0, 0)
    weeks = read(db, "standard", date(2026, 11, 9)).weeks
    assert [(week.name, numbers(week)) for week in weeks[:3]] == [
        ("2026-11-16", (2, 2, 2, 1, 0, 0)),
        ("2026-11-09", (1, 1, 1, 0, 0, 0)),
        ("2026-11-02", (0, 0, 0, 0, 0, 0)),
    ]
    # The plans beside each other are those of the week, whichever of them is looked at.
    assert [counts.name for counts in read(db, "standard", date(2026, 11, 9)).plans] == ["standard"]


def test_a_link_counts_in_the_week_it_was_made_whenever_it_went_on(db: Database) -> None:
    sunday = datetime(2026, 11, 15, 23, 59, 59, tzinfo=UTC)
    monday = datetime(2026, 11, 16, tzinfo=UTC)
    late = add_link(db, "Sunday", at=sunday)
    add_onboarding_of(db, late, at=NOW, proofs=LIVE)
    add_link(db, "Monday", at=monday)
    assert [(week.name, numbers(week)) for week in read(db).weeks[:2]] == [
        ("2026-11-16", (1, 0, 0, 0, 0, 0)),
        ("2026-11-09", (1, 1, 1, 1, 1, 1)),
    ]


def test_older_weeks_are_left_out(db: Database) -> None:
    add_link(db, "Too old", at=datetime(2026, 8, 30, 23, 59, tzinfo=UTC))
    add_link(db, "Just in", at=datetime(2026, 8, 31, tzinfo=UTC))
    assert read(db).all.made == 1
    assert read(db).weeks[11].made == 1


def test_where_windows_were_left_counts_the_last_opening_of_each_link(db: Database, six_links: None) -> None:
    for name in ("Second", "Third"):
        link = add_link(db, name, at=THIS_WEEK, opened_at=THIS_WEEK)
        add_opening(db, link, at=THIS_WEEK, event={"kind": "CANCEL", "current_step": "PERMISSIONS"})
        add_opening(db, link, at=THIS_WEEK, event=CANCEL_AT_CODE)
    stuck = add_link(db, "Stuck", at=THIS_WEEK, opened_at=THIS_WEEK)
    add_opening(db, stuck, at=THIS_WEEK, event={"kind": "ERROR", "error_id": "3441038", "error_message": "No."})
    silent = add_link(db, "Silent", at=THIS_WEEK, opened_at=THIS_WEEK)
    add_opening(db, silent, at=THIS_WEEK)
    refused = add_link(db, "Refused", at=THIS_WEEK, opened_at=THIS_WEEK)
    add_opening(db, refused, at=THIS_WEEK, event=FINISH, code_refused="code_expired")
    died = add_link(db, "Died", at=THIS_WEEK, opened_at=THIS_WEEK)
    add_opening(db, died, at=THIS_WEEK, code_at=THIS_WEEK)
    for name, open_now in (("Open", {}), ("Exchanging", {"code_at": NOW}), ("Finishing", {"event": FINISH})):
        add_opening(db, add_link(db, name, at=THIS_WEEK, opened_at=NOW), at=NOW, **open_now)  # type: ignore[arg-type]
    gone = add_link(db, "Gone", at=THIS_WEEK, opened_at=THIS_WEEK)
    add_opening(db, gone, at=NOW, closed_at=NOW, event={"kind": "CLOSED"})

    assert [(left.ending.key, left.count) for left in read(db).left] == [
        ("stopped_at_the_code", 3),
        ("no_code", 2),
        ("closed", 1),
        ("code_refused", 1),
        ("not_an_admin", 1),
        ("silent", 1),
    ]
    assert read(db, "coexistence").left == ()


def test_a_hundred_links_take_as_many_queries_as_one(db: Database, six_links: None) -> None:
    def queries() -> int:
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        read(db)
        return len([text for text in asked if text.lstrip().upper().startswith(("SELECT", "WITH"))])

    first = queries()
    for place in range(20):
        link = add_link(db, f"Client {place}", at=THIS_WEEK, opened_at=THIS_WEEK)
        add_opening(db, link, at=THIS_WEEK, event=CANCEL_AT_CODE)
    assert first == queries() == 2


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC)),
        (datetime(2026, 11, 15, 23, 59, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)),
        (datetime(2027, 1, 1, 8, tzinfo=UTC), datetime(2026, 12, 28, tzinfo=UTC)),
    ],
)
def test_a_week_begins_on_monday(moment: datetime, monday: datetime) -> None:
    assert monday_of(moment) == monday
