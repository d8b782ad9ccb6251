"""A number that stays on the phone app: two calls, each once, and never a registration."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.kit import clock
from app.onboarding.ledger import acts
from app.onboarding.models import Sync
from app.onboarding.reading.progress import StepView, SyncView
from tests.onboarding.journey import Journey


def sync(journey: Journey, key: str) -> StepView:
    found = journey.progress(key).step("sync")
    assert found is not None
    return found


def test_both_syncs_are_asked_for_once_and_their_requests_kept(journey: Journey) -> None:
    key, _ = journey.connect("coexistence")
    evidence = sync(journey, key).evidence
    assert evidence["smb_app_state_sync"]["request_id"]
    assert evidence["history"]["request_id"]
    assert evidence["history"] != evidence["smb_app_state_sync"]
    (proof,) = [proof for proof in journey.progress(key).proofs if proof.kind == "number_registered"]
    assert proof.evidence == {"status": "CONNECTED", "is_on_biz_app": True}


def test_they_wait_for_the_subscription_or_their_answers_would_be_lost(journey: Journey) -> None:
    journey.world.fault("/*/subscribed_apps", {"status": 500, "body": None}, times=1)
    key, _ = journey.begin("coexistence")
    journey.walker.take("w")
    assert sync(journey, key).state == "not_started"
    assert sync(journey, key).waits_for == (2,)


@pytest.mark.parametrize("bad_day", [{"drop": "after"}, {"drop": "before"}, {"html": 502}], ids=str)
def test_an_answer_that_was_lost_leaves_both_asked_for_exactly_once(journey: Journey, bad_day: dict[str, Any]) -> None:
    journey.world.fault("/*/smb_app_data", bad_day, times=1)
    key, _ = journey.connect("coexistence")
    assert sync(journey, key).state == "done"
    assert journey.world.effects("contacts_synced") == 1
    assert journey.world.effects("history_synced") == 1


def test_a_sync_asked_for_before_is_as_good(journey: Journey) -> None:
    done = {"message": "(#2593107)", "code": 2593107}
    journey.world.fault("/*/smb_app_data", {"status": 400, "body": {"error": done}})
    key, _ = journey.connect("coexistence")
    assert sync(journey, key).state == "done"
    assert sync(journey, key).evidence["history"] == {"found": "asked before"}


def test_a_sync_after_a_day_is_refused_and_the_client_must_connect_again(journey: Journey) -> None:
    key, _ = journey.begin("coexistence")
    journey.world.pass_time(24 * 3600 + 60)
    journey.walk()
    step = sync(journey, key)
    assert step.trouble is not None
    assert (step.state, step.trouble.code, step.trouble.key) == ("needs_client", 2593108, "sync_too_late")
    assert journey.world.count("/*/register") == 0


def test_a_number_that_is_not_connected_yet_is_waited_for_without_asking_again(journey: Journey) -> None:
    client = journey.client("coexistence")
    number = journey.number_of(client.finished)
    look: dict[str, Any] = {"id": number, "status": "PENDING", "is_on_biz_app": True}
    journey.world.fault(f"/{number}", {"status": 200, "body": look}, times=4)
    key = journey.post_code(client, event=client.event)
    journey.walker.take("w")
    assert sync(journey, key).state == "waiting"
    journey.walk()
    assert sync(journey, key).state == "done"
    assert journey.world.count("/*/smb_app_data") == 2


def views(journey: Journey, key: str) -> dict[str, SyncView]:
    return {view.kind: view for view in journey.progress(key).syncs}


def test_each_request_is_kept_with_its_id_and_the_end_of_its_day(journey: Journey) -> None:
    with time_machine.travel("2026-11-25 12:00:00+00:00", tick=False):
        key, _ = journey.connect("coexistence")
    with journey.db.read() as session:
        rows = session.scalars(select(Sync).order_by(Sync.kind)).all()
        assert [row.kind for row in rows] == ["history", "smb_app_state_sync"]
        assert {row.until for row in rows} == {datetime(2026, 11, 26, 12, 0, tzinfo=UTC)}
        assert {row.asked_at for row in rows} == {datetime(2026, 11, 25, 12, 0, tzinfo=UTC)}
        assert [row.request_id for row in rows] == [sync(journey, key).evidence[row.kind]["request_id"] for row in rows]


def test_before_it_is_asked_for_the_end_of_the_day_is_told(journey: Journey) -> None:
    with time_machine.travel("2026-11-25 12:00:00+00:00", tick=False) as now:
        journey.world.fault("/*/subscribed_apps", {"status": 500, "body": None}, times=1)
        key, _ = journey.begin("coexistence")
        journey.walker.take("w")
        assert {view.state for view in views(journey, key).values()} == {"to_ask"}
        assert {view.until for view in views(journey, key).values()} == {datetime(2026, 11, 26, 12, 0, tzinfo=UTC)}
        now.shift(timedelta(hours=24))
        assert {view.state for view in views(journey, key).values()} == {"too_late"}


def test_a_phone_app_that_sends_nothing_is_said_so_after_an_hour(journey: Journey) -> None:
    with time_machine.travel("2026-11-25 12:00:00+00:00", tick=False) as now:
        key, _ = journey.connect("coexistence", number="+1 555 010 0173")
        now.shift(timedelta(minutes=59))
        assert {view.state for view in views(journey, key).values()} == {"asked"}
        now.shift(timedelta(minutes=2))
        assert {view.state for view in views(journey, key).values()} == {"silent"}
    assert sync(journey, key).state == "done"


def test_another_run_of_the_number_that_has_asked_is_enough(journey: Journey) -> None:
    key, finished = journey.begin("coexistence")
    number = journey.number_of(finished)
    with journey.db.write() as session:
        for kind in ("smb_app_state_sync", "history"):
            act = acts.begin_act(session, subject=number, what=kind, onboarding_id=key, now=clock.now())
            acts.end_act(session, act, acts.DONE)
    journey.walk()
    assert sync(journey, key).state == "done"
    assert sync(journey, key).evidence["history"] == {"found": "asked before"}
    assert journey.world.count("/*/smb_app_data") == 0


def test_too_late_is_explained_with_the_way_back(journey: Journey) -> None:
    key, _ = journey.begin("coexistence")
    journey.world.pass_time(24 * 3600 + 60)
    journey.walk()
    trouble = sync(journey, key).trouble
    assert trouble is not None
    assert "Disconnect us in the WhatsApp Business app" in trouble.client_do
    assert "Connect WhatsApp again" in trouble.client_do
    calls = journey.world.count("/*/smb_app_data")
    journey.walk()
    assert journey.world.count("/*/smb_app_data") == calls
