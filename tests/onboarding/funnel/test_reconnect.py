"""The link of a client that connects again: one for letters and staff, made when none works any more."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.audit.store import Actor
from app.clients.models import Client
from app.kit.digests import digest
from app.kit.errors import Conflict, NotFound
from app.kit.ids import new_id
from app.numbers.models import Account
from app.onboarding.funnel.reconnect import reconnect_link, show_reconnect_link
from app.onboarding.links.links import NewLink
from app.onboarding.models import Link
from app.runtime import Runtime

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ROBIN = Actor("staff", "019aa5c1-7d3a-7a54-8c1e-5b0f6a2d9e10")


@pytest.fixture
def client(rt: Runtime) -> str:
    with rt.db.write() as session:
        row = Client(id=new_id(), name="Example Bakery", created_at=NOON)
        session.add(row)
        session.flush()
        session.add(Account(client_id=row.id, waba_id="1", seen_at=NOON, told={}))
        return row.id


def show(rt: Runtime, client_id: str, *, now: datetime = NOON) -> NewLink:
    with rt.db.write() as session:
        return show_reconnect_link(session, rt.vault, client_id, actor=ROBIN, now=now)


def test_the_link_of_a_letter_is_the_one_staff_see_while_it_lives(rt: Runtime, client: str) -> None:
    with rt.db.write() as session:
        sent = reconnect_link(session, rt.vault, client, needed_until=NOON + timedelta(days=2), now=NOON)
    first, second = show(rt, client), show(rt, client)
    assert {first.link.id, second.link.id} == {sent}
    assert digest(first.token.reveal()) == first.link.token_hash


@pytest.mark.parametrize(
    "ends", [{"revoked_at": NOON}, {"expires_at": NOON + timedelta(hours=23)}], ids=["revoked", "ends soon"]
)
def test_a_link_that_works_no_more_is_followed_by_a_new_one(
    rt: Runtime, client: str, ends: dict[str, datetime]
) -> None:
    first = show(rt, client)
    with rt.db.write() as session:
        session.execute(update(Link).values(**ends))
    second = show(rt, client)
    assert second.link.id != first.link.id
    with rt.db.read() as session:
        assert [row.id for row in session.scalars(select(Link).where(Link.revoked_at.is_(None)))] == [second.link.id]


def test_the_audit_says_who_saw_it_and_never_what(rt: Runtime, client: str) -> None:
    made = show(rt, client)
    with rt.db.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    deeds = [(row.action, row.actor_id) for row in rows]
    assert deeds == [("link.created", ROBIN.id), ("link.reconnect_shown", ROBIN.id)]
    assert made.token.reveal() not in repr([vars(row) for row in rows])


def test_only_who_has_an_account_connects_again(rt: Runtime) -> None:
    with pytest.raises(NotFound):
        show(rt, "nobody")
    with rt.db.write() as session:
        row = Client(id=new_id(), name="Example Florist", created_at=NOON)
        session.add(row)
    with pytest.raises(Conflict):
        show(rt, row.id)
