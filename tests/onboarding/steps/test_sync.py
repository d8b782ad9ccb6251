"""A number that stays on the phone app: two calls, each once, and never a registration."""

from typing import Any

import pytest

from app.onboarding.progress import StepView
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
