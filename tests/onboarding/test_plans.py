"""The table of plans, held against the one below, which was written by hand from Meta's pages."""

from app.onboarding.plans import AFTER, ASKED, FIRST_OF, FIRST_STEPS, PLANS, PROVEN_BY, plan_for
from app.onboarding.steps.registry import STEPS

FIVE = ("token_valid", "subscription_listed", "callback_ours", "credit_attached", "number_registered")
MESSAGES = ("message_in", "message_out")
STEPS_OF = {
    "standard": "exchange subscribe credit register test",
    "coexistence": "exchange subscribe credit sync test",
    "from_provider": "exchange subscribe credit register test",
    "account_only": "exchange subscribe credit",
    "unverified": "exchange subscribe credit verify register test",
    "registered": "exchange subscribe credit confirm test",
    "virtual": "exchange subscribe credit register name test",
    "reconnect": "exchange subscribe credit confirm",
    "preverified": "exchange",
    "app_only": "exchange",
    "solution": "exchange",
}
FIRST = {"popup": "exchange", "redirect": "exchange", "hosted": "fetch", "adopted": "fetch", "by_hand": "inspect"}


def test_each_plan_has_its_own_steps_in_the_order_a_page_draws_them() -> None:
    assert {name: " ".join(plan.steps) for name, plan in PLANS.items()} == STEPS_OF


def test_a_number_is_connected_by_five_proofs_and_live_by_two_more() -> None:
    with_number = {name for name, plan in PLANS.items() if not plan.parked} - {"account_only"}
    for name in with_number:
        assert (PLANS[name].connected, PLANS[name].live) == (FIVE, MESSAGES), name
    assert (PLANS["account_only"].connected, PLANS["account_only"].live) == (FIVE[:4], ())
    parked = {name for name, plan in PLANS.items() if plan.parked}
    assert parked == {"preverified", "app_only", "solution"}
    assert {PLANS[name].live for name in parked} == {()}


def test_a_client_may_be_asked_for_three_of_them() -> None:
    assert ASKED == ("standard", "coexistence", "from_provider")


def test_the_way_a_client_came_decides_the_first_step() -> None:
    assert FIRST_OF == FIRST
    assert {"exchange", "fetch", "inspect"} == FIRST_STEPS
    for way, first in FIRST.items():
        assert plan_for("standard", way=way).steps == (first, "subscribe", "credit", "register", "test")
        assert plan_for("standard", way=way).before("subscribe") == (first,)


def test_a_partner_without_a_credit_line_has_no_step_and_no_proof_for_it() -> None:
    plan = plan_for("standard", on_our_credit=False)
    assert plan.steps == ("exchange", "subscribe", "register", "test")
    assert plan.proofs == ("token_valid", "subscription_listed", "callback_ours", "number_registered", *MESSAGES)
    assert plan_for("app_only", on_our_credit=False).steps == ("exchange",)


def test_a_step_that_the_plan_does_not_have_is_not_waited_for() -> None:
    assert PLANS["standard"].before("test") == ("subscribe", "register")
    assert PLANS["coexistence"].before("test") == ("subscribe", "sync")
    assert PLANS["registered"].before("test") == ("subscribe", "confirm")
    assert PLANS["unverified"].before("register") == ("exchange", "verify")
    assert PLANS["standard"].before("register") == ("exchange",)
    assert PLANS["standard"].before("exchange") == ()


def test_what_a_plan_orders_otherwise_is_added_to_the_common_order() -> None:
    assert PLANS["from_provider"].before("register") == ("exchange", "subscribe", "credit")
    assert PLANS["virtual"].before("name") == ("exchange", "register")
    assert PLANS["virtual"].before("test") == ("subscribe", "register", "name")
    assert plan_for("from_provider", on_our_credit=False).before("register") == ("exchange", "subscribe")


def test_every_step_of_every_plan_can_be_done_and_has_its_place_in_the_order() -> None:
    for plan in PLANS.values():
        assert set(plan.steps) <= set(STEPS)
        for position, name in enumerate(plan.steps):
            assert set(plan.before(name)) <= set(plan.steps[:position]), name
    assert set(AFTER) == set(STEPS)
    assert set(PROVEN_BY) <= set(STEPS)
