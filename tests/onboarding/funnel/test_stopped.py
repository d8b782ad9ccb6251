"""Who stopped: everybody who stands still, nobody who is under way, aboard, or has a newer link."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.db import Database
from app.onboarding.funnel.funnel import Wish
from app.onboarding.funnel.stopped import Stopped, list_stopped
from app.onboarding.links.links import revoke_link
from tests.factories.links import CONNECTED, LIVE, add_link, add_onboarding_of, add_opening
from tests.onboarding.links.test_links import PARTNER

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=3)
YESTERDAY = NOW - timedelta(days=1)
CANCEL = {"kind": "CANCEL", "current_step": "PHONE_NUMBER_VERIFICATION"}
FINISH = {"kind": "FINISH", "waba_id": "1"}
A_SECOND = timedelta(seconds=1)


def listed(db: Database, stage: str | None = None, **wish: object) -> list[Stopped]:
    with db.read() as session:
        return list(list_stopped(session, Wish(**wish), now=NOW, stage=stage).rows)  # type: ignore[arg-type]


def names(db: Database, stage: str | None = None, **wish: object) -> list[str]:
    return [row.client_name for row in listed(db, stage, **wish)]


def test_each_stands_where_it_stopped_with_what_was_said_last(db: Database) -> None:
    add_link(db, "Unopened", at=YESTERDAY)
    add_link(db, "Looked", at=EARLIER, opened_at=EARLIER)
    left = add_link(db, "Left", at=EARLIER, opened_at=EARLIER, contact_email="alex@bakery.example")
    add_opening(db, left, at=NOW - A_SECOND, event=CANCEL | {"session_id": "f34b51"}, plan="coexistence")
    begun = add_link(db, "Begun", at=EARLIER, opened_at=EARLIER)
    begun_row = add_onboarding_of(db, begun, at=EARLIER)
    quiet = add_link(db, "Quiet", at=EARLIER, opened_at=EARLIER)
    quiet_row = add_onboarding_of(db, quiet, at=EARLIER, proofs=CONNECTED)

    rows = listed(db)

    assert [(row.client_name, row.stage, row.plan, row.since) for row in rows] == [
        ("Quiet", "connected", "standard", EARLIER),
        ("Begun", "finished", "standard", EARLIER),
        ("Left", "window", "coexistence", NOW - A_SECOND),
        ("Looked", "opened", None, EARLIER),
        ("Unopened", "made", None, YESTERDAY),
    ]
    assert [row.reference for row in rows] == [quiet_row.reference, begun_row.reference, None, None, None]
    opening = rows[2].opening
    assert opening is not None
    assert opening.ending is not None
    assert (opening.screen, opening.session_id) == ("PHONE_NUMBER_VERIFICATION", "f34b51")
    assert opening.ending.key == "stopped_at_the_code"
    assert (rows[2].link_id, rows[2].link_state, rows[2].contact_email) == (left.id, "open", "alex@bakery.example")
    assert rows[2].plans == ("standard", "coexistence", "from_provider")


@pytest.mark.parametrize(
    ("opened", "opening", "stopped"),
    [
        (None, None, False),
        (timedelta(minutes=59), None, False),
        (timedelta(minutes=60), None, True),
        (timedelta(hours=2), {"at": timedelta(minutes=29)}, False),
        (timedelta(hours=2), {"at": timedelta(minutes=30)}, True),
        (timedelta(hours=2), {"at": A_SECOND, "event": CANCEL}, True),
        (timedelta(hours=2), {"at": A_SECOND, "event": {"kind": "ERROR"}}, True),
        (timedelta(hours=2), {"at": A_SECOND, "event": {"kind": "PROGRESS", "current_step": "PERMISSIONS"}}, False),
        (timedelta(hours=2), {"at": A_SECOND, "event": {"kind": "CLOSED"}, "closed_at": NOW}, True),
        (timedelta(hours=2), {"at": timedelta(seconds=19), "event": FINISH}, False),
        (timedelta(hours=2), {"at": timedelta(seconds=20), "event": FINISH}, True),
        (timedelta(hours=2), {"at": timedelta(seconds=59), "event": FINISH, "code_at": NOW}, False),
        (timedelta(hours=2), {"at": timedelta(minutes=9), "event": FINISH, "code_at": YESTERDAY}, True),
        (timedelta(hours=2), {"at": A_SECOND, "event": FINISH, "code_refused": "code_used"}, True),
    ],
)
def test_who_may_still_go_on_has_not_stopped(
    db: Database, opened: timedelta | None, opening: dict[str, object] | None, stopped: bool
) -> None:
    link = add_link(db, at=EARLIER, opened_at=NOW - opened if opened else None)
    if opening is not None:
        add_opening(db, link, **opening | {"at": NOW - opening["at"]})  # type: ignore[arg-type, operator]
    assert bool(names(db)) == stopped
    # What is listed has words for it.
    assert all(row.opening is None or row.opening.ending is not None for row in listed(db))


@pytest.mark.parametrize(("age", "stopped"), [(timedelta(hours=23), False), (timedelta(hours=24), True)])
def test_a_link_may_lie_for_a_day(db: Database, age: timedelta, stopped: bool) -> None:
    add_link(db, at=NOW - age)
    assert bool(names(db)) == stopped


@pytest.mark.parametrize(("age", "stopped"), [(timedelta(minutes=59), False), (timedelta(minutes=60), True)])
def test_an_onboarding_has_an_hour(db: Database, age: timedelta, stopped: bool) -> None:
    link = add_link(db, at=EARLIER, opened_at=EARLIER)
    add_onboarding_of(db, link, at=NOW - age)
    assert bool(names(db)) == stopped


def test_who_is_live_has_a_newer_link_or_was_given_up_is_not_listed(db: Database) -> None:
    live = add_link(db, "Live", at=EARLIER, opened_at=EARLIER)
    add_onboarding_of(db, live, at=EARLIER, proofs=LIVE)
    add_link(db, "Twice", at=YESTERDAY, external_ref="crm-1")
    add_link(db, "Twice", at=EARLIER, external_ref="crm-1", opened_at=EARLIER)
    ended = add_link(db, "Ended", at=YESTERDAY)
    with db.write() as session:
        revoke_link(session, ended.id, actor=PARTNER, now=NOW)
    assert [(row.client_name, row.stage) for row in listed(db)] == [("Twice", "opened")]


def test_a_client_that_is_aboard_by_another_link_has_not_stopped(db: Database) -> None:
    first = add_link(db, "Aboard", at=YESTERDAY, external_ref="crm-1", opened_at=YESTERDAY)
    add_onboarding_of(db, first, at=YESTERDAY, proofs=CONNECTED)
    add_link(db, "Aboard", at=YESTERDAY, external_ref="crm-1", opened_at=EARLIER)
    assert names(db) == []


def test_an_expired_link_stays_listed_and_says_so(db: Database) -> None:
    add_link(db, at=YESTERDAY, opened_at=YESTERDAY, life=timedelta(hours=1))
    assert [row.link_state for row in listed(db)] == ["expired"]


def test_plan_week_and_stage_choose(db: Database) -> None:
    last_week = NOW - timedelta(days=7)
    old = add_link(db, "Old", at=last_week, opened_at=last_week)
    add_opening(db, old, at=last_week, event=CANCEL, plan="coexistence")
    new = add_link(db, "New", at=EARLIER, opened_at=EARLIER)
    add_opening(db, new, at=EARLIER, event=CANCEL)
    add_link(db, "Looked", at=EARLIER, opened_at=EARLIER)

    assert names(db) == ["Looked", "New", "Old"]
    assert names(db, plan="standard") == ["New"]
    assert names(db, plan="none") == ["Looked"]
    assert names(db, week=date(2026, 11, 9)) == ["Old"]
    assert names(db, "window") == ["New", "Old"]
    assert names(db, "opened") == ["Looked"]


def test_the_list_is_turned_over_page_by_page(db: Database) -> None:
    for place in range(5):
        add_link(db, f"Client {place}", at=EARLIER + timedelta(minutes=place), opened_at=EARLIER)
    seen: list[str] = []
    before = None
    with db.read() as session:
        for _ in range(3):
            page = list_stopped(session, Wish(), now=NOW, before=before, limit=2)
            seen += [row.client_name for row in page.rows]
            before = page.next
    assert seen == ["Client 4", "Client 3", "Client 2", "Client 1", "Client 0"]
    assert before is None
