from app.onboarding.plans import AFTER, PLANS
from app.onboarding.steps.registry import STEPS

FIVE = ("token_valid", "subscription_listed", "callback_ours", "credit_attached", "number_registered")


def test_a_new_number_is_registered_and_a_phone_app_number_is_synced_instead() -> None:
    assert PLANS["standard"].steps == ("exchange", "subscribe", "credit", "register", "test")
    assert PLANS["coexistence"].steps == ("exchange", "subscribe", "credit", "sync", "test")
    assert set(PLANS) == {"standard", "coexistence"}


def test_both_plans_are_connected_by_five_proofs_and_live_by_two_more() -> None:
    for plan in PLANS.values():
        assert plan.connected == FIVE
        assert plan.live == ("message_in", "message_out")
        assert plan.proofs == (*FIVE, "message_in", "message_out")


def test_a_step_that_the_plan_does_not_have_is_not_waited_for() -> None:
    assert PLANS["standard"].before("test") == ("subscribe", "register")
    assert PLANS["coexistence"].before("test") == ("subscribe", "sync")
    assert PLANS["standard"].before("exchange") == ()


def test_every_step_of_every_plan_can_be_done_and_has_its_place_in_the_order() -> None:
    for plan in PLANS.values():
        assert set(plan.steps) <= set(STEPS)
        for position, name in enumerate(plan.steps):
            assert set(plan.before(name)) <= set(plan.steps[:position]), name
    assert set(AFTER) == set(STEPS)
