"""Who pays in which currency, what a refusal blocks, and a partner who pays for nobody; against the local Meta."""

from typing import Any

import pytest

from app.onboarding.reading.replies import told
from tests.onboarding.conftest import MakeWalker, with_settings
from tests.onboarding.journey import Journey
from tests.onboarding.steps.test_credit import REFUSED, SHARE, credit, try_again


def asked_in(journey: Journey) -> list[str]:
    return [call["params"]["waba_currency"] for call in journey.world.calls(SHARE, "POST")]


@pytest.mark.parametrize(
    ("country", "currency"), [("US", "USD"), ("DE", "EUR"), ("IN", "INR"), ("MX", "MXN"), ("BR", "USD")]
)
def test_an_account_without_a_currency_is_billed_in_that_of_its_country(
    journey: Journey, country: str, currency: str
) -> None:
    key, finished = journey.connect(business={"name": "Example Bakery", "country": country})
    assert asked_in(journey) == [currency]
    assert journey.world.show("accounts", finished["waba_id"])["currency"] == currency
    assert credit(journey, key).evidence["currency"] == currency
    assert journey.progress(key).state == "connected"


def test_the_accounts_own_currency_counts_for_more(journey: Journey) -> None:
    client = journey.client()
    journey.world.change(f"accounts/{client.finished['waba_id']}", currency="GBP")
    key = journey.post_code(client, event=client.event)
    journey.walk()
    assert asked_in(journey) == ["GBP"]
    assert journey.progress(key).state == "connected"


def test_a_currency_no_line_is_shared_in_is_parked_before_any_call(journey: Journey, new_walker: MakeWalker) -> None:
    journey = with_settings(journey, new_walker, meta_credit_currency="JPY")
    key, _ = journey.connect(business={"name": "Example Bakery", "country": "JP"})
    found = credit(journey, key)
    assert found.trouble is not None
    assert (found.state, found.trouble.key) == ("needs_us", "credit_currency_unknown")
    assert found.trouble.meaning.startswith("The account is billed in JPY")
    assert [call["path"] for call in journey.world.calls("/*credit*")] == []
    assert journey.states(key)["test"] == "needs_client"


def test_a_refusal_says_what_it_blocks_and_the_test_message_goes_on(journey: Journey) -> None:
    journey.world.fault(SHARE, REFUSED)
    key, finished = journey.connect()
    assert credit(journey, key).blocks == "paid_templates"
    reply = told(journey.progress(key))
    assert {step.name: step.blocks for step in reply.steps}["credit"] == ["paid_templates"]
    journey.write_in(finished, journey.progress(key).test_word)
    journey.walker.take("w")
    assert journey.world.count("/*/messages") == 1
    journey.world.clear_faults()
    try_again(journey, key)
    assert credit(journey, key).blocks is None


@pytest.mark.parametrize("sharing", ["one_call", "two_calls"])
def test_an_account_that_somebody_else_pays_for_is_settled_by_people(
    journey: Journey, new_walker: MakeWalker, sharing: str
) -> None:
    journey = with_settings(journey, new_walker, meta_credit_sharing=sharing)
    client = journey.client(attached_elsewhere=True)
    journey.world.change(f"accounts/{client.finished['waba_id']}", funding="own")
    key = journey.post_code(client, event=client.event)
    journey.walk()
    found = credit(journey, key)
    assert found.trouble is not None
    assert (found.state, found.trouble.key, found.trouble.code) == ("refused", "credit_elsewhere", 100)
    assert journey.world.effects("credit_attached") == 0
    calls = journey.world.count("/*credit*")
    journey.walk()
    assert journey.world.count("/*credit*") == calls


def test_two_accounts_of_one_client_share_the_line_once_in_two_calls(journey: Journey, new_walker: MakeWalker) -> None:
    journey = with_settings(journey, new_walker, meta_credit_sharing="two_calls")
    key, _ = journey.connect("several", accounts=[["+1 555 010 0110"], ["+1 555 010 0210"]])
    (sibling,) = journey.progress(key).siblings
    assert [journey.progress(one).state for one in (key, sibling.id)] == ["connected", "connected"]
    assert journey.world.effects("credit_shared") == 1
    assert journey.world.effects("credit_attached") == 2


@pytest.mark.parametrize("plan", ["standard", "coexistence", "registered", "account_only"])
def test_a_partner_without_a_credit_line_has_no_step_for_it(
    journey: Journey, new_walker: MakeWalker, plan: str
) -> None:
    journey = with_settings(journey, new_walker, meta_credit_line_id="")
    key, finished = journey.connect(plan)
    progress = journey.progress(key)
    assert progress.step("credit") is None
    assert progress.state == "connected"
    assert "credit_attached" not in {proof.kind for proof in progress.proofs}
    assert journey.world.calls("/*credit*") == []
    if plan != "account_only":
        journey.write_in(finished, progress.test_word)
        journey.walker.take("w")
        wamid = _sent(journey)
        journey.receive(wamid)
        assert journey.progress(key).state == "live"


def _sent(journey: Journey) -> str:
    (call,) = journey.world.calls("/*/messages", "POST")
    reply: dict[str, Any] = call["reply"]
    return str(reply["messages"][0]["id"])
