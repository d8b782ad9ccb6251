"""Meta sends this account's events to our app, and the app's callback is our address."""

from typing import Any

import pytest

from app.onboarding.reading.progress import StepView
from tests.onboarding.journey import Journey
from tests.onboarding.world import CALLBACK

ELSEWHERE = "https://other.example/hooks"


def subscribe(journey: Journey, key: str) -> StepView:
    found = journey.progress(key).step("subscribe")
    assert found is not None
    return found


def test_the_app_is_subscribed_and_its_callback_is_ours(journey: Journey) -> None:
    key, _ = journey.connect()
    assert subscribe(journey, key).evidence["callback"] == CALLBACK
    proofs = {proof.kind: proof.evidence for proof in journey.progress(key).proofs if proof.seen_at}
    assert proofs["subscription_listed"] == {"app": journey.world.partner.app_id}
    assert proofs["callback_ours"] == {"callback": CALLBACK}


def test_an_account_that_is_subscribed_already_is_left_as_it_is(journey: Journey) -> None:
    client = journey.client()
    token = journey.rt.meta.oauth.exchange(client.code)
    journey.rt.meta.accounts.subscribe(client.finished["waba_id"], token)
    again = journey.client(business={"id": client.finished["business_id"]}, account_id=client.finished["waba_id"])
    key = journey.post_code(again, event=again.event)
    journey.walk()
    assert subscribe(journey, key).state == "done"
    assert journey.world.count("/*/subscribed_apps") == 1


def test_an_app_of_another_partner_beside_ours_does_not_count(journey: Journey) -> None:
    other = {"whatsapp_business_api_data": {"id": "999999999999999", "name": "Example Other"}}
    journey.world.fault("/*/subscribed_apps", {"status": 200, "body": {"data": [other]}}, method="GET", times=1)
    key, _ = journey.connect()
    assert journey.world.count("/*/subscribed_apps") == 1
    assert subscribe(journey, key).state == "done"


def test_a_subscription_that_is_listed_late_is_waited_for(journey: Journey) -> None:
    journey.world.fault("/*/subscribed_apps", {"status": 200, "body": {"data": []}}, method="GET", times=2)
    key, _ = journey.begin()
    journey.walker.take("w")
    assert subscribe(journey, key).state == "waiting"
    journey.walk()
    assert subscribe(journey, key).state == "done"


HOOKS: list[tuple[dict[str, str], str | None]] = [
    ({"application": CALLBACK}, None),
    ({"application": ELSEWHERE}, ELSEWHERE),
    ({"application": CALLBACK, "whatsapp_business_account": ELSEWHERE}, ELSEWHERE),
    ({"application": ELSEWHERE, "whatsapp_business_account": CALLBACK}, None),
    ({"application": CALLBACK, "whatsapp_business_account": CALLBACK, "phone_number": ELSEWHERE}, ELSEWHERE),
    ({"application": ELSEWHERE, "phone_number": CALLBACK}, None),
]


@pytest.mark.parametrize(("hooks", "theirs"), HOOKS)
def test_the_nearest_address_decides_where_messages_go(
    journey: Journey, hooks: dict[str, str], theirs: str | None
) -> None:
    key, finished = journey.begin()
    number = finished["phone_number_id"]
    look: dict[str, Any] = {"id": number, "status": "CONNECTED", "platform_type": "CLOUD_API"}
    journey.world.fault(f"/{number}", {"status": 200, "body": {**look, "webhook_configuration": hooks}})
    journey.walk()
    step = subscribe(journey, key)
    if theirs is None:
        assert step.state == "done"
        return
    assert step.state == "needs_us"
    assert step.trouble is not None
    assert (step.trouble.key, step.trouble.who) == ("callback_differs", "partner")
    assert theirs in step.trouble.meaning
    assert CALLBACK in step.trouble.meaning
    assert "callback_ours" not in journey.proofs(key)


def test_where_the_number_says_nothing_the_app_itself_is_asked(journey: Journey) -> None:
    key, finished = journey.begin()
    number = finished["phone_number_id"]
    look: dict[str, Any] = {"id": number, "status": "CONNECTED", "platform_type": "CLOUD_API"}
    journey.world.fault(f"/{number}", {"status": 200, "body": look})
    journey.walk()
    assert subscribe(journey, key).state == "done"
    (asked,) = journey.world.calls(f"/{journey.world.partner.app_id}/subscriptions")
    assert asked["token_kind"] == "app"


def test_an_app_without_a_callback_is_the_partners_to_repair(journey: Journey) -> None:
    key, finished = journey.begin()
    look: dict[str, Any] = {"id": finished["phone_number_id"], "status": "CONNECTED", "platform_type": "CLOUD_API"}
    journey.world.fault(f"/{finished['phone_number_id']}", {"status": 200, "body": look})
    other = {"object": "page", "callback_url": CALLBACK, "active": True, "fields": []}
    journey.world.fault("/*/subscriptions", {"status": 200, "body": {"data": [other]}})
    journey.walk()
    step = subscribe(journey, key)
    assert step.trouble is not None
    assert (step.state, step.trouble.key) == ("needs_us", "callback_differs")
