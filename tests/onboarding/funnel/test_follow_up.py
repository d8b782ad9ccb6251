"""A new link for a client that stopped: everything as before, the old one ends, and two people send one address."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.audit.store import Actor, list_of
from app.db import Database
from app.kit.errors import Conflict, NotFound
from app.onboarding.funnel.follow_up import follow_up
from app.onboarding.links import links
from app.onboarding.links.links import NewLink
from app.onboarding.models import Link
from tests.factories.links import CONNECTED, add_link, add_onboarding_of

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=3)
STAFF = Actor("staff", "staff-1")
PREFILL = {"business": {"name": "Example Bakery Ltd"}, "phone": {"category": "RESTAURANT"}}
RETURN_URLS = {"success": "https://crm.example/ok", "failure": "https://crm.example/no"}


def press(db: Database, link_id: str, *, now: datetime = LATER) -> NewLink:
    with db.write() as session:
        return follow_up(session, link_id, actor=STAFF, now=now)


def read(db: Database, link_id: str) -> Link:
    with db.read() as session:
        return links.get_link(session, link_id)


def test_the_new_link_has_all_the_old_one_had(db: Database) -> None:
    old = add_link(
        db,
        at=NOON,
        plans=("coexistence",),
        prefill=PREFILL,
        return_urls=RETURN_URLS,
        language="es",
        contact_name="Alex Example",
        contact_email="alex@bakery.example",
        life=timedelta(days=7),
    )
    made = press(db, old.id)

    assert made.link.client_id == old.client_id
    assert (made.client.language, made.client.contact_email) == ("es", "alex@bakery.example")
    assert (made.link.plans, made.link.prefill, made.link.return_urls) == (["coexistence"], PREFILL, RETURN_URLS)
    assert made.link.expires_at == LATER + timedelta(days=7)
    assert made.link.opened_at is None
    assert made.link.token_hash != old.token_hash
    ended = read(db, old.id)
    assert (ended.revoked_at, ended.revoked_because) == (LATER, "replaced")
    with db.write() as session:
        opened = links.open_link(session, made.token.reveal(), address=None, user_agent=None, now=LATER)
    assert opened.link.id == made.link.id


def test_who_did_it_is_written_down_on_both(db: Database) -> None:
    old = add_link(db, at=NOON)
    made = press(db, old.id)
    with db.read() as session:
        told = [(entry.action, entry.actor_id, entry.facts) for entry in list_of(session, "link", old.id)]
        assert told[0] == ("link.followed_up", "staff-1", {"client_id": old.client_id, "by": made.link.id})
        assert ("link.revoked", "staff-1", {"because": "replaced"}) in told
        assert [entry.action for entry in list_of(session, "link", made.link.id)] == ["link.created"]


def test_an_expired_and_a_revoked_link_can_be_followed_up(db: Database) -> None:
    expired = add_link(db, "Expired", at=NOON, life=timedelta(hours=1))
    press(db, expired.id)
    assert read(db, expired.id).revoked_because == "replaced"
    revoked = add_link(db, "Revoked", at=NOON)
    with db.write() as session:
        links.revoke_link(session, revoked.id, actor=STAFF, now=NOON)
    press(db, revoked.id)
    assert (read(db, revoked.id).revoked_at, read(db, revoked.id).revoked_because) == (NOON, "revoked")


def test_a_link_with_a_newer_one_is_not_followed_up(db: Database) -> None:
    old = add_link(db, at=NOON)
    made = press(db, old.id)
    with pytest.raises(Conflict) as refused:
        press(db, old.id)
    assert refused.value.code == "replaced"
    assert links.state_of(read(db, made.link.id), now=LATER) == "open"


def test_a_client_that_came_aboard_is_not_followed_up(db: Database) -> None:
    link = add_link(db, at=NOON)
    add_onboarding_of(db, link, at=NOON, proofs=CONNECTED[:4])
    other = add_link(db, "Sample Florist", at=NOON)
    add_onboarding_of(db, other, at=NOON, proofs=CONNECTED)
    with pytest.raises(Conflict) as refused:
        press(db, other.id)
    assert refused.value.code == "came_aboard"
    assert read(db, other.id).revoked_at is None
    # An onboarding that has come to a stand leaves the way open.
    assert press(db, link.id).link.client_id == link.client_id


def test_a_link_that_is_not_there_cannot_be_followed_up(db: Database) -> None:
    with pytest.raises(NotFound):
        press(db, "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010")


def test_of_two_who_press_at_once_one_is_told_so(db: Database) -> None:
    old = add_link(db, at=NOON)
    start = threading.Barrier(2)

    def pressed(_: int) -> str:
        start.wait(10)
        try:
            return press(db, old.id).link.id
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(pressed, range(2)))
    assert answers[1] == "replaced"
    assert read(db, answers[0]).revoked_at is None
