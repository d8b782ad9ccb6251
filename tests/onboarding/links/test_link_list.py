from datetime import UTC, datetime, timedelta

from app.audit.store import SYSTEM
from app.db import Database
from app.onboarding.links import links
from app.onboarding.links.link_list import count_links, list_links, list_references, read_link
from app.onboarding.links.links import LinkOrder, NewLink
from tests.onboarding.journey import Journey

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def create(db: Database, days: int = 30) -> NewLink:
    with db.write() as session:
        order = LinkOrder("Example Bakery", contact_name="Alex Example", life=timedelta(days=days))
        return links.create_link(session, order, actor=SYSTEM, now=NOON)


def test_links_are_listed_newest_first_in_pages_that_lose_and_repeat_nothing(db: Database) -> None:
    made = [create(db).link.id for _ in range(5)]
    found: list[str] = []
    before, pages = None, 0
    while pages == 0 or before is not None:
        with db.read() as session:
            page = list_links(session, now=NOON, before=before, limit=2)
        found += [row.id for row in page.rows]
        before, pages = page.next, pages + 1
    assert (found, pages) == (made[::-1], 3)


def test_each_state_is_listed_and_counted(db: Database) -> None:
    opened, expired, revoked = create(db), create(db, days=1), create(db, days=1)
    with db.write() as session:
        links.revoke_link(session, revoked.link.id, actor=SYSTEM, now=NOON)
    later = NOON + timedelta(days=1)
    with db.read() as session:
        by_state = {
            state: [row.id for row in list_links(session, now=later, state=state).rows]
            for state in ("open", "expired", "revoked")
        }
        counts = count_links(session, now=later)
        states = {row.id: row.state for row in list_links(session, now=later).rows}
    assert by_state == {"open": [opened.link.id], "expired": [expired.link.id], "revoked": [revoked.link.id]}
    assert counts == {"open": 1, "expired": 1, "revoked": 1}
    assert states == {opened.link.id: "open", expired.link.id: "expired", revoked.link.id: "revoked"}


def test_a_row_shows_the_client_and_never_the_token(db: Database) -> None:
    made = create(db)
    with db.read() as session:
        row = read_link(session, made.link, now=NOON)
    assert (row.client_name, row.contact_name, row.plans) == (
        "Example Bakery",
        "Alex Example",
        ("standard", "coexistence", "from_provider"),
    )
    assert made.token.reveal() not in str(row)
    assert made.link.token_hash not in str(row)


def test_a_link_names_the_onboardings_that_came_through_it(journey: Journey) -> None:
    key, _ = journey.begin()
    progress = journey.progress(key)
    assert progress.link_id is not None
    with journey.db.read() as session:
        assert list_references(session, progress.link_id) == (progress.reference,)
        assert list_references(session, "nothing") == ()
