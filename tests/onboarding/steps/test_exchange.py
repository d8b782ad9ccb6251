"""What a token is and whose the ids are: the browser is believed nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.kit import clock
from app.numbers.models import Account, Number
from app.onboarding.reading.progress import StepView
from app.onboarding.window.events import EndEvent
from tests.onboarding.journey import Journey

TOKEN = "whatsapp_business_management", "whatsapp_business_messaging"


def exchange(journey: Journey, key: str) -> StepView:
    found = journey.progress(key).step("exchange")
    assert found is not None
    return found


def assert_nothing_was_taken(journey: Journey, key: str) -> None:
    progress = journey.progress(key)
    assert (progress.waba_id, progress.phone_number_id, progress.business_id) == (None, None, None)
    with journey.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0
        assert session.scalar(select(func.count()).select_from(Number)) == 0
    assert [state for name, state in journey.states(key).items() if name != "exchange"] == ["not_started"] * 4
    assert journey.proofs(key) == set()
    assert [call for call in journey.world.calls(method="POST") if "oauth" not in call["path"]] == []


@pytest.mark.parametrize("all_targets", [False, True])
@pytest.mark.parametrize("stolen", ["waba_id", "both"])
def test_ids_of_another_client_are_refused_and_nothing_of_theirs_is_taken(
    journey: Journey, stolen: str, all_targets: bool
) -> None:
    victim = journey.world.signup("standard")
    client = journey.client(all_targets=all_targets)
    number = victim["phone_number_id"] if stolen == "both" else client.finished["phone_number_id"]
    key = journey.post_code(client, event=EndEvent("FINISH", waba_id=victim["waba_id"], phone_number_id=number))
    journey.walk()
    step = exchange(journey, key)
    assert step.state == "needs_client"
    assert step.trouble is not None
    assert step.trouble.key == "ids_not_of_token"
    assert journey.progress(key).state == "stopped"
    assert_nothing_was_taken(journey, key)


def test_a_number_of_another_client_is_refused_once_it_cannot_be_merely_late(journey: Journey) -> None:
    victim = journey.world.signup("standard")
    client = journey.client()
    event = EndEvent("FINISH", waba_id=client.finished["waba_id"], phone_number_id=victim["phone_number_id"])
    key = journey.post_code(client, event=event)
    journey.walker.take("w")
    assert exchange(journey, key).state == "waiting"
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        journey.walk()
    step = exchange(journey, key)
    assert step.state == "needs_client"
    assert step.trouble is not None
    assert step.trouble.key == "ids_not_of_token"
    assert_nothing_was_taken(journey, key)


def test_a_number_that_meta_lists_late_is_waited_for(journey: Journey) -> None:
    empty: dict[str, Any] = {"data": [], "paging": {}}
    journey.world.fault("/*/phone_numbers", {"status": 200, "body": empty}, times=2)
    key, _ = journey.connect()
    assert journey.progress(key).state == "connected"
    assert exchange(journey, key).attempts == 3


def test_a_token_for_all_assets_is_proven_by_reading_the_account_with_it(journey: Journey) -> None:
    key, finished = journey.connect(all_targets=True)
    assert journey.progress(key).state == "connected"
    assert journey.progress(key).waba_id == finished["waba_id"]


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (["whatsapp_business_management", "business_management"], "whatsapp_business_messaging"),
        (["whatsapp_business_messaging", "business_management"], "whatsapp_business_management"),
        (["business_management"], "whatsapp_business_management, whatsapp_business_messaging"),
    ],
)
def test_a_token_without_whatsapp_is_the_partners_problem(journey: Journey, scopes: list[str], missing: str) -> None:
    key, _ = journey.connect(scopes=scopes)
    step = exchange(journey, key)
    assert step.state == "needs_us"
    assert step.trouble is not None
    assert (step.trouble.key, step.trouble.who) == ("scopes_missing", "partner")
    assert step.trouble.meaning.startswith("The signup configuration does not ask for WhatsApp")
    assert missing in step.trouble.meaning
    assert journey.progress(key).state == "needs_attention"


def inspected(journey: Journey, **data: Any) -> None:
    granular = [{"scope": scope} for scope in TOKEN]
    body = {"app_id": journey.world.partner.app_id, "is_valid": True, "expires_at": 0, "scopes": list(TOKEN)}
    reply = {"data": {**body, "granular_scopes": granular, **data}}
    journey.world.fault("/debug_token", {"status": 200, "body": reply})


@pytest.mark.parametrize(
    ("data", "state", "key"),
    [
        ({"is_valid": False, "error": {"code": 190, "subcode": 463}}, "needs_client", "token_not_valid"),
        ({"app_id": "999999999999999"}, "needs_us", "token_of_other_app"),
    ],
)
def test_a_token_that_is_not_good_parks_the_first_step(
    journey: Journey, data: dict[str, Any], state: str, key: str
) -> None:
    inspected(journey, **data)
    onboarding, _ = journey.connect()
    step = exchange(journey, onboarding)
    assert step.state == state
    assert step.trouble is not None
    assert step.trouble.key == key
    assert_nothing_was_taken(journey, onboarding)


def test_a_token_that_reaches_no_account_is_told_to_the_client(journey: Journey) -> None:
    granular = [{"scope": scope, "target_ids": []} for scope in TOKEN]
    inspected(journey, granular_scopes=granular)
    client = journey.client()
    key = journey.post_code(client, event=EndEvent("FINISH"))
    journey.walk()
    step = exchange(journey, key)
    assert step.trouble is not None
    assert (step.state, step.trouble.key) == ("needs_client", "no_account_shared")


def test_an_account_without_a_number_is_taken_aboard_when_the_window_said_so(journey: Journey) -> None:
    key, finished = journey.connect("account_only")
    progress = journey.progress(key)
    assert (progress.plan, progress.state, progress.waba_id) == ("account_only", "connected", finished["waba_id"])
    assert [step.name for step in progress.steps] == ["exchange", "subscribe", "credit"]
    assert (progress.phone_number_id, progress.live_at) == (None, None)
    assert journey.world.count("/*/register") == 0


def test_an_account_whose_number_stays_away_is_told_to_the_client_after_ten_minutes(journey: Journey) -> None:
    client = journey.client("account_only")
    key = journey.post_code(client, event=EndEvent("FINISH", waba_id=client.finished["waba_id"]))
    journey.walker.take("w")
    assert exchange(journey, key).condition == "number_listed"
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        journey.walk()
    step = exchange(journey, key)
    assert step.trouble is not None
    assert (step.state, step.trouble.key) == ("needs_client", "no_number")


@pytest.mark.parametrize(("ttl", "ends"), [("never", None), ("60d", timedelta(days=60))])
def test_the_end_of_the_token_is_read_from_its_inspection(journey: Journey, ttl: str, ends: timedelta | None) -> None:
    before = datetime.now(UTC)
    key, finished = journey.connect(token_ttl=ttl)
    with journey.db.read() as session:
        held = journey.rt.vault.open_current(
            session,
            kind="business_token",
            client_id=journey.progress(key).client_id,
            subject=finished["waba_id"],
        )
    assert held is not None
    if ends is None:
        assert held.expires_at is None
    else:
        assert held.expires_at is not None
        assert abs(held.expires_at - before - ends) < timedelta(minutes=5)


def test_what_meta_says_of_account_and_number_is_kept(journey: Journey) -> None:
    key, finished = journey.connect(business={"name": "Example Bakery 7"})
    with journey.db.read() as session:
        account = session.scalars(select(Account)).one()
        number = session.scalars(select(Number)).one()
    assert (account.waba_id, account.business_id, account.name) == (
        finished["waba_id"],
        finished["business_id"],
        "Example Bakery 7",
    )
    assert (number.phone_number_id, number.account_id) == (finished["phone_number_id"], account.id)
    assert journey.progress(key).display_phone_number == number.display_phone_number
    assert exchange(journey, key).evidence["account"] == "Example Bakery 7"
