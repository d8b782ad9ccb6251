"""The partner pays: one call or two, with an admin or an employee, proven by reading back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.audit.store import Actor
from app.kit import clock
from app.onboarding.ledger import desk
from app.onboarding.reading.progress import StepView
from tests.onboarding.conftest import MakeWalker, with_settings
from tests.onboarding.journey import Journey

SHARE = "/*/whatsapp_credit_sharing_and_attach"
REFUSED = {"status": 403, "body": {"error": {"message": "(#200) Permissions error", "code": 200, "fbtrace_id": "T1"}}}


def credit(journey: Journey, key: str) -> StepView:
    found = journey.progress(key).step("credit")
    assert found is not None
    return found


def try_again(journey: Journey, key: str) -> None:
    with journey.db.write() as session:
        desk.retry_step(session, key, "credit", actor=Actor("staff", "staff-1"), now=clock.now())
    journey.walk()


def test_attached_is_proven_by_the_accounts_own_funding(journey: Journey) -> None:
    key, finished = journey.connect()
    funding = journey.world.show("accounts", finished["waba_id"])["primary_funding_id"]
    (proof,) = [proof for proof in journey.progress(key).proofs if proof.kind == "credit_attached"]
    assert proof.evidence["primary_funding_id"] == funding
    assert proof.evidence["allocation_id"]


def test_an_admin_needs_no_assignment(journey: Journey) -> None:
    journey.connect()
    assert journey.world.count("/*/assigned_users") == 0


def test_a_refused_share_parks_only_itself_and_a_retry_by_staff_repairs_it(journey: Journey) -> None:
    journey.world.fault(SHARE, REFUSED)
    key, _ = journey.connect()
    assert journey.states(key) == {
        "exchange": "done",
        "subscribe": "done",
        "credit": "refused",
        "register": "done",
        "test": "needs_client",
    }
    trouble = credit(journey, key).trouble
    assert trouble is not None
    assert (trouble.key, trouble.who, trouble.code, trouble.trace_id) == ("credit_not_allowed", "partner", 200, "T1")
    assert journey.progress(key).state == "needs_attention"
    assert journey.progress(key).connected_at is None
    journey.world.clear_faults()
    try_again(journey, key)
    assert journey.progress(key).state == "connected"
    assert credit(journey, key).trouble is None


def test_an_employee_is_assigned_before_the_share(as_employee: Journey) -> None:
    key, finished = as_employee.connect()
    posts = [call["path"] for call in as_employee.world.calls(method="POST")]
    account, line = finished["waba_id"], as_employee.world.partner.credit_line_id
    assert posts.index(f"/{account}/assigned_users") < posts.index(f"/{line}/whatsapp_credit_sharing_and_attach")
    assert credit(as_employee, key).evidence["assigned"] == "done"
    (assigned,) = as_employee.world.calls("/*/assigned_users", "POST")
    assert assigned["params"]["user"] == as_employee.world.partner.employee_user_id
    assert assigned["token_kind"] == "system"


@pytest.mark.parametrize(
    "error",
    [
        {"message": "(#200) Permissions error", "code": 200},
        {"message": "(#100) Invalid parameter", "code": 100},
        {"message": "(#10) Denied", "code": 10},
    ],
    ids=lambda error: str(error["code"]),
)
def test_a_refused_assignment_does_not_stop_the_share(as_employee: Journey, error: dict[str, Any]) -> None:
    as_employee.world.fault("/*/assigned_users", {"status": 400, "body": {"error": error}}, method="POST")
    key, _ = as_employee.connect()
    assert as_employee.world.count(SHARE) == 1
    assert credit(as_employee, key).state == "refused"


def test_an_employee_on_the_account_already_is_not_assigned_again(as_employee: Journey) -> None:
    as_employee.world.fault(SHARE, REFUSED, times=1)
    key, _ = as_employee.connect()
    assert credit(as_employee, key).state == "refused"
    try_again(as_employee, key)
    assert as_employee.world.count("/*/assigned_users") == 1


def test_a_line_shared_before_is_found_and_not_shared_again(journey: Journey) -> None:
    journey.world.fault(SHARE, {"drop": "after"}, times=1)
    key, _ = journey.connect()
    assert credit(journey, key).state == "done"
    assert journey.world.count(SHARE) == 1


def test_a_proof_that_comes_late_is_waited_for_without_sharing_again(journey: Journey) -> None:
    key, finished = journey.begin()
    journey.world.fault(f"/{finished['waba_id']}", {"status": 200, "body": {"id": finished["waba_id"]}}, nth=3)
    journey.walker.take("w")
    step = credit(journey, key)
    assert (step.state, step.trouble) == ("waiting", None)
    assert step.condition == "credit_attached"
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.world.count(SHARE) == 1


def test_a_share_that_stays_invisible_is_asked_for_again_after_ten_minutes(journey: Journey) -> None:
    key, finished = journey.begin()
    allocation = {"id": "58501441721238", "receiving_business": {"id": finished["business_id"]}}
    reply = {"allocation_config_id": "58501441721238", "waba_id": finished["waba_id"]}
    journey.world.fault(SHARE, {"status": 200, "body": reply}, times=1)
    journey.world.fault("/58501441721238", {"status": 200, "body": {"receiving_credential": {"id": "1"}}})
    listed = journey.world.fault("/*/owning_credit_allocation_configs", {"status": 200, "body": {"data": [allocation]}})
    with time_machine.travel(clock.now(), tick=False) as now:
        journey.walker.take("w")
        assert credit(journey, key).state == "waiting"
        now.shift(timedelta(minutes=9, seconds=59))
        journey.hurry()
        journey.walker.take("w")
        assert journey.world.count(SHARE) == 1
        now.shift(timedelta(seconds=2))
        journey.hurry()
        journey.world._do("DELETE", f"faults/{listed}")
        journey.walk()
    assert journey.world.count(SHARE) == 2
    assert journey.progress(key).state == "connected"


def test_a_share_that_meta_put_off_is_asked_for_again_at_once_though_the_client_has_one_already(
    journey: Journey,
) -> None:
    """A second account of the same portfolio: its allocation is listed although nothing of ours was done."""
    _, first = journey.connect()
    busy = {"status": 503, "body": {"error": {"message": "(#2) Service temporarily unavailable", "code": 2}}}
    journey.world.fault(SHARE, busy, times=1)
    key, second = journey.begin(business={"id": first["business_id"]})
    assert second["business_id"] == first["business_id"]
    journey.walker.take("w")
    assert credit(journey, key).state == "retrying"
    journey.hurry()
    journey.walker.take("w")
    assert credit(journey, key).state == "done"


@pytest.fixture
def two_calls(journey: Journey, new_walker: MakeWalker) -> Journey:
    return with_settings(journey, new_walker, meta_credit_sharing="two_calls")


def test_two_calls_share_with_the_system_token_and_attach_with_the_business_token(two_calls: Journey) -> None:
    key, finished = two_calls.connect()
    assert two_calls.progress(key).state == "connected"
    (share,) = two_calls.world.calls("/*/whatsapp_credit_sharing", "POST")
    (attach,) = two_calls.world.calls("/*/whatsapp_credit_attach", "POST")
    assert (share["token_kind"], attach["token_kind"]) == ("system", "business")
    assert share["params"]["receiving_business_id"] == finished["business_id"]
    assert (attach["params"]["waba_id"], attach["params"]["waba_currency"]) == (finished["waba_id"], "USD")
    assert two_calls.world.count(SHARE) == 0


@pytest.mark.parametrize(
    "bad_day", [{"drop": "before"}, {"drop": "after"}, {"status": 503, "body": {"error": {"message": "", "code": 2}}}]
)
def test_a_second_call_that_failed_is_made_up_without_sharing_again(
    two_calls: Journey, bad_day: dict[str, Any]
) -> None:
    two_calls.world.fault("/*/whatsapp_credit_attach", bad_day, times=1)
    with time_machine.travel(clock.now(), tick=False) as now:
        key, _ = two_calls.begin()
        two_calls.walker.take("w")
        now.shift(timedelta(seconds=5))
        two_calls.walker.take("w")
        if bad_day == {"drop": "before"}:
            # Nobody can know that Meta never saw it; only after ten minutes unseen it is asked for again.
            assert credit(two_calls, key).state == "waiting"
            now.shift(timedelta(minutes=10))
            two_calls.walk()
    assert two_calls.progress(key).state == "connected"
    assert two_calls.world.count("/*/whatsapp_credit_sharing") == 1
    assert two_calls.world.effects("credit_attached") == 1


def test_without_a_known_portfolio_no_strangers_allocation_is_looked_at(journey: Journey) -> None:
    journey.connect()
    key, finished = journey.begin()
    bare = {"id": finished["waba_id"], "name": "Example"}
    journey.world.fault(f"/{finished['waba_id']}", {"status": 200, "body": bare}, nth=1)
    journey.world.fault(f"/{finished['waba_id']}", {"status": 200, "body": bare}, nth=1)
    journey.walk()
    assert journey.progress(key).state == "connected"
    asked = journey.world.calls("/*/owning_credit_allocation_configs")
    assert all(call["params"].get("receiving_business_id") for call in asked)
