"""One signup that brings several numbers, and a client that comes back: each number is one onboarding."""

from datetime import timedelta

import time_machine

from app.kit import clock
from app.onboarding.arrivals import siblings
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding
from app.onboarding.window.events import read_end_event
from tests.onboarding.journey import CONTACT, Journey


def references(journey: Journey, key: str) -> list[str]:
    return [sibling.id for sibling in journey.progress(key).siblings]


def live(journey: Journey, key: str, number: str, *, wamid: str) -> None:
    """The client says hi to a number and Meta's receipt for the answer comes."""
    word = journey.progress(key).test_word
    body = {"phone_number_id": number, "from": CONTACT, "type": "text", "text": {"body": word}}
    journey.world._do("POST", "inbound", json=body)
    journey.hear(number, word, wamid=wamid)
    journey.walk()
    sent = [call for call in journey.world.calls("/*/messages", "POST") if call["path"].strip("/").startswith(number)]
    journey.receive(sent[-1]["reply"]["messages"][0]["id"])


def test_every_number_of_a_signup_comes_aboard_as_a_sibling_of_its_own(journey: Journey) -> None:
    lead, finished = journey.connect("several")
    others = references(journey, lead)
    runs = [journey.progress(key) for key in (lead, *others)]
    # Two accounts; the first has two numbers, the second none yet.
    assert [(run.plan, run.state) for run in runs] == [
        ("standard", "connected"),
        ("standard", "connected"),
        ("account_only", "connected"),
    ]
    assert {run.waba_id for run in runs} == set(finished["event"]["data"]["waba_ids"])
    assert len({run.phone_number_id for run in runs}) == 3
    assert len({run.test_word for run in runs}) == 3
    assert journey.world.effects("registered") == 2
    assert journey.world.count("/oauth/access_token") == 1
    # One allocation is per portfolio, one attachment per account.
    assert journey.world.effects("credit_attached") == 2


def test_walking_the_first_step_again_makes_no_second_sibling(journey: Journey) -> None:
    lead, _ = journey.connect("several")
    before = references(journey, lead)
    with journey.db.write() as session:
        ledger.get_step(session, lead, "exchange").state = "not_started"
        session.get_one(Onboarding, lead).due_at = clock.now()
    journey.walk()
    assert references(journey, lead) == before
    assert {journey.progress(key).state for key in (lead, *before)} == {"connected"}


def test_a_client_that_was_live_is_reconnected_and_its_messages_still_count(journey: Journey) -> None:
    first, finished = journey.connect()
    live(journey, first, finished["phone_number_id"], wamid="wamid.1")
    assert journey.progress(first).state == "live"
    again = journey.again(first)
    progress = journey.progress(again)
    assert (progress.plan, progress.state) == ("reconnect", "live")
    assert [step.name for step in progress.steps] == ["exchange", "subscribe", "credit", "confirm"]
    old = journey.progress(first)
    assert (old.state, old.replaced_by) == ("replaced", progress.reference)
    assert journey.world.effects("registered") == 1
    assert journey.world.effects("credit_attached") == 1


def test_a_reconnected_client_stays_one_when_its_first_step_is_walked_again(journey: Journey) -> None:
    """A death after the older run has ended and before the step is noted: the older run is no longer there to ask."""
    first, finished = journey.connect()
    live(journey, first, finished["phone_number_id"], wamid="wamid.1")
    again = journey.again(first)
    with journey.db.write() as session:
        ledger.get_step(session, again, "exchange").state = "not_started"
        session.get_one(Onboarding, again).due_at = clock.now()
    journey.walk()
    assert (journey.progress(again).plan, journey.progress(again).state) == ("reconnect", "live")
    assert "test" not in journey.states(again)


def test_a_client_that_was_not_live_yet_begins_anew_and_the_older_run_ends(journey: Journey) -> None:
    first, _ = journey.connect()
    again = journey.again(first)
    assert journey.progress(again).plan == "registered"
    assert journey.progress(again).state == "connected"
    assert journey.progress(first).state == siblings.REPLACED
    assert journey.world.effects("registered") == 1


def test_the_others_of_a_signup_that_a_person_carries_on_are_parked_as_the_first_is(journey: Journey) -> None:
    client = journey.client("several")
    event = read_end_event({**client.finished["event"], "event": "FINISH_GRANT_ONLY_API_ACCESS"})
    lead = journey.post_code(client, event=event)
    journey.walk()
    for key in (lead, *references(journey, lead)):
        current = journey.progress(key).current
        assert current is not None
        assert (current.state, current.trouble.key if current.trouble else None) == ("needs_us", "parked_app_only")


def test_without_a_word_of_the_window_an_account_that_has_a_number_leads(journey: Journey) -> None:
    """Meta names the newest account first, which here has no number; ten minutes later it still has none."""
    lead = journey.post_code(journey.client("several"))
    with time_machine.travel(clock.now() + timedelta(seconds=4), tick=True):
        journey.walk(rounds=3)
        assert journey.states(lead)["exchange"] == "waiting"
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=True):
        journey.walk()
    assert [journey.progress(key).state for key in (lead, *references(journey, lead))] == ["connected"] * 3
    assert journey.progress(lead).phone_number_id is not None
