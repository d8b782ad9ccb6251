"""New clients as Meta counts them: by portfolio, the first time, within seven days."""

from datetime import UTC, datetime, timedelta

import pytest

from app.audit.store import SYSTEM
from app.db import Database
from app.onboarding.links import links
from app.onboarding.links.links import LinkOrder, Visit
from app.onboarding.links.room import WeeklyRoom
from app.onboarding.links.weekly import is_known, read_room
from tests.factories.links import add_link, add_onboarding_of

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
A_SECOND = timedelta(seconds=1)


def aboard(
    db: Database,
    client: str = "Example Bakery",
    *,
    ago: timedelta | None = timedelta(days=1),
    business_id: str | None = None,
    way: str = "popup",
    ref: str | None = None,
) -> None:
    """An onboarding whose first step was done so long ago, or is not done."""
    link = add_link(db, client, at=NOW - WEEK * 3, external_ref=ref)
    done = NOW - ago if ago is not None else None
    add_onboarding_of(db, link, at=done or NOW, way=way, first_step_done_at=done, business_id=business_id)


def room(db: Database, limit: int = 10) -> WeeklyRoom:
    with db.read() as session:
        return read_room(session, limit=limit, now=NOW)


def test_nobody_is_new_in_an_empty_house(db: Database) -> None:
    assert room(db) == WeeklyRoom(0, 10, None)


def test_a_client_is_new_from_the_moment_its_first_step_is_done_for_seven_days(db: Database) -> None:
    aboard(db, "Now", ago=timedelta(0))
    aboard(db, "Nearly a week", ago=WEEK - A_SECOND)
    aboard(db, "A week", ago=WEEK)
    aboard(db, "Long ago", ago=WEEK * 2)
    aboard(db, "Under way", ago=None)
    assert room(db).used == 2


def test_a_portfolio_counts_once_however_often_it_comes(db: Database) -> None:
    aboard(db, "Example Bakery", business_id="2729063490586005")
    aboard(db, "Example Bakery, another number", business_id="2729063490586005", ago=timedelta(hours=1))
    aboard(db, "Sample Florist", business_id="3000000000000001")
    assert room(db).used == 2


def test_a_reconnect_of_a_portfolio_we_hold_is_nothing_new(db: Database) -> None:
    aboard(db, "Example Bakery", business_id="2729063490586005", ago=WEEK * 2)
    aboard(db, "Example Bakery again", business_id="2729063490586005", ago=timedelta(hours=1))
    assert room(db).used == 0


def test_one_client_with_two_portfolios_is_two_customers_of_metas(db: Database) -> None:
    aboard(db, business_id="2729063490586005", ago=WEEK * 2, ref="crm-1")
    aboard(db, business_id="3000000000000001", ago=timedelta(hours=1), ref="crm-1")
    assert room(db).used == 1


@pytest.mark.parametrize(("first", "second"), [(None, "2729063490586005"), ("2729063490586005", None), (None, None)])
def test_where_a_portfolio_is_unknown_one_client_is_one_customer(
    db: Database, first: str | None, second: str | None
) -> None:
    aboard(db, business_id=first, ago=timedelta(days=2), ref="crm-1")
    aboard(db, business_id=second, ago=timedelta(hours=1), ref="crm-1")
    assert room(db).used == 1


@pytest.mark.parametrize(("first", "second"), [(None, "2729063490586005"), ("2729063490586005", None), (None, None)])
def test_nor_does_it_become_new_by_coming_again(db: Database, first: str | None, second: str | None) -> None:
    aboard(db, business_id=first, ago=WEEK * 2, ref="crm-1")
    aboard(db, business_id=second, ago=timedelta(hours=1), ref="crm-1")
    assert room(db).used == 0


@pytest.mark.parametrize("way", ["adopted", "by_hand"])
def test_what_was_taken_over_is_nothing_new_then_or_later(db: Database, way: str) -> None:
    aboard(db, "Example Bakery", business_id="2729063490586005", way=way, ago=timedelta(days=3))
    assert room(db).used == 0
    aboard(db, "Example Bakery", business_id="2729063490586005", ago=timedelta(hours=1))
    assert room(db).used == 0


def test_when_it_is_full_the_next_place_is_free_a_week_after_the_oldest(db: Database) -> None:
    for place in range(3):
        aboard(db, f"Client {place}", ago=timedelta(days=place + 1))
    assert room(db, 4) == WeeklyRoom(3, 4, None)
    assert room(db, 3) == WeeklyRoom(3, 3, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert room(db, 1) == WeeklyRoom(3, 1, datetime(2026, 11, 26, 12, 0, tzinfo=UTC))


def visit(db: Database, **order: object) -> Visit:
    with db.write() as session:
        made = links.create_link(session, LinkOrder("Example Bakery", **order), actor=SYSTEM, now=NOW)  # type: ignore[arg-type]
        opened = links.open_link(session, made.token.reveal(), address=None, user_agent=None, now=NOW)
        session.flush()
        return links.visit(session, opened.link.id, opened.secret.reveal(), now=NOW)


def known(db: Database, visitor: Visit) -> bool:
    with db.read() as session:
        return is_known(session, visitor)


def test_a_client_that_came_aboard_once_is_known_however_long_ago(db: Database) -> None:
    aboard(db, ago=WEEK * 50, ref="crm-1")
    assert known(db, visit(db, external_ref="crm-1"))
    assert not known(db, visit(db, external_ref="crm-2"))


def test_a_first_step_that_is_not_done_makes_nobody_known(db: Database) -> None:
    aboard(db, ago=None, ref="crm-1")
    assert not known(db, visit(db, external_ref="crm-1"))


def test_a_link_may_name_a_portfolio_that_is_known(db: Database) -> None:
    aboard(db, "Somebody", business_id="2729063490586005")
    aboard(db, "Somebody else", business_id=None)
    assert known(db, visit(db, prefill={"business": {"id": "2729063490586005"}}))
    assert not known(db, visit(db, prefill={"business": {"id": "3000000000000001"}}))
    assert not known(db, visit(db, prefill={"business": {"name": "Example Bakery"}}))
