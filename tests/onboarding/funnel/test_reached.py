"""How far one link has brought its client: the furthest of everything that came through it."""

from datetime import UTC, datetime

import pytest

from app.db import Database
from app.onboarding.funnel.reached import read_stage
from app.onboarding.plans import PLANS
from tests.factories.links import CONNECTED, LIVE, add_link, add_onboarding_of, add_opening

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def stage(db: Database, link_id: str) -> str:
    with db.read() as session:
        return read_stage(session, link_id)


def test_a_link_goes_from_made_to_live(db: Database) -> None:
    made = add_link(db, at=NOON)
    assert stage(db, made.id) == "made"
    link = add_link(db, "Sample Florist", at=NOON, opened_at=NOON)
    assert stage(db, link.id) == "opened"
    add_opening(db, link, at=NOON, event={"kind": "CANCEL"})
    assert stage(db, link.id) == "window"
    add_opening(db, link, at=NOON, event={"kind": "FINISH_SOMETHING_NEW"})
    assert stage(db, link.id) == "finished"
    add_onboarding_of(db, link, at=NOON, proofs=CONNECTED)
    assert stage(db, link.id) == "connected"
    add_onboarding_of(db, link, at=NOON, proofs=LIVE)
    assert stage(db, link.id) == "live"
    # A new try that comes to nothing takes nothing away.
    add_onboarding_of(db, link, at=NOON)
    add_opening(db, link, at=NOON, event={"kind": "CANCEL"})
    assert stage(db, link.id) == "live"


def test_a_code_without_any_event_is_a_finish_too(db: Database) -> None:
    link = add_link(db, at=NOON, opened_at=NOON)
    add_opening(db, link, at=NOON, code_at=NOON)
    assert stage(db, link.id) == "finished"


def test_one_proof_too_few_is_not_connected(db: Database) -> None:
    link = add_link(db, at=NOON, opened_at=NOON)
    add_onboarding_of(db, link, at=NOON, proofs=CONNECTED[1:])
    assert stage(db, link.id) == "finished"


@pytest.mark.parametrize("plan", [*PLANS, None])
def test_each_plan_is_judged_by_its_own_proofs(db: Database, plan: str | None) -> None:
    """Held against the rule that derives the same from the same proofs elsewhere."""
    wanted = PLANS[plan or "standard"]
    link = add_link(db, at=NOON, opened_at=NOON)
    add_onboarding_of(db, link, at=NOON, plan=plan, proofs=wanted.connected)
    other = add_link(db, "Sample Florist", at=NOON, opened_at=NOON)
    add_onboarding_of(db, other, at=NOON, plan=plan, proofs=wanted.proofs)
    # A plan may want no messages; then connected is all there is.
    assert stage(db, link.id) == ("connected" if wanted.live else "live")
    assert stage(db, other.id) == "live"
