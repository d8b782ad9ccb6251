"""The one word for an onboarding, and the step to look at. Tables by hand from the plans and the page's words."""

import pytest

from app.onboarding.plans import PLANS
from app.onboarding.rules import StepFacts, state_of, step_that_matters

STANDARD = PLANS["standard"]
CONNECTED = {"token_valid", "subscription_listed", "callback_ours", "credit_attached", "number_registered"}
LIVE = CONNECTED | {"message_in", "message_out"}


def facts(exchange: str, subscribe: str, credit: str, register: str, test: str) -> dict[str, StepFacts]:
    states = {"exchange": exchange, "subscribe": subscribe, "credit": credit, "register": register, "test": test}
    return {name: StepFacts(name, state) for name, state in states.items()}


STATES = [
    # exchange, subscribe, credit, register, test, proofs, the word
    ("not_started", "not_started", "not_started", "not_started", "not_started", set(), "open"),
    ("running", "not_started", "not_started", "not_started", "not_started", set(), "open"),
    ("retrying", "not_started", "not_started", "not_started", "not_started", set(), "open"),
    ("waiting", "not_started", "not_started", "not_started", "not_started", set(), "waiting"),
    ("needs_client", "not_started", "not_started", "not_started", "not_started", set(), "stopped"),
    ("needs_us", "not_started", "not_started", "not_started", "not_started", set(), "needs_attention"),
    ("refused", "not_started", "not_started", "not_started", "not_started", set(), "stopped"),
    ("refused", "not_started", "refused", "not_started", "not_started", set(), "stopped"),
    ("done", "running", "running", "running", "not_started", {"token_valid"}, "open"),
    ("done", "running", "waiting", "running", "not_started", {"token_valid"}, "waiting"),
    ("done", "running", "refused", "waiting", "not_started", {"token_valid"}, "needs_attention"),
    ("done", "needs_us", "done", "done", "not_started", {"token_valid"}, "needs_attention"),
    ("done", "done", "done", "needs_client", "not_started", {"token_valid"}, "needs_attention"),
    ("done", "done", "done", "done", "needs_client", CONNECTED, "connected"),
    ("done", "done", "done", "done", "needs_client", CONNECTED - {"credit_attached"}, "open"),
    ("done", "done", "done", "done", "waiting", CONNECTED, "connected"),
    ("done", "done", "done", "done", "refused", CONNECTED, "needs_attention"),
    ("done", "done", "done", "done", "needs_us", CONNECTED, "needs_attention"),
    ("done", "done", "done", "done", "skipped", CONNECTED, "connected"),
    ("done", "done", "done", "done", "skipped", LIVE, "live"),
    ("done", "done", "done", "done", "done", LIVE, "live"),
    ("done", "done", "done", "done", "done", LIVE - {"message_out"}, "connected"),
    ("done", "done", "done", "done", "done", LIVE - {"token_valid"}, "open"),
    # A test message that was answered outranks a trouble that came later.
    ("done", "done", "refused", "done", "done", LIVE, "live"),
    ("done", "done", "refused", "done", "done", LIVE - {"credit_attached"}, "needs_attention"),
]


@pytest.mark.parametrize("row", STATES, ids=lambda row: "-".join(row[:5]))
def test_the_word_for_an_onboarding(row: tuple[str, str, str, str, str, set[str], str]) -> None:
    *states, proofs, word = row
    assert state_of(STANDARD, facts(*states), proofs) == word


MATTERS = [
    (("not_started", "not_started", "not_started", "not_started", "not_started"), "exchange"),
    (("done", "done", "done", "done", "done"), None),
    (("done", "done", "done", "done", "skipped"), None),
    (("done", "done", "done", "done", "needs_client"), "test"),
    (("done", "done", "refused", "waiting", "not_started"), "credit"),
    (("done", "running", "needs_us", "running", "not_started"), "credit"),
    (("done", "needs_client", "refused", "running", "not_started"), "subscribe"),
    (("done", "waiting", "running", "not_started", "not_started"), "credit"),
    (("done", "waiting", "retrying", "not_started", "not_started"), "credit"),
    (("done", "waiting", "waiting", "not_started", "not_started"), "subscribe"),
    (("done", "done", "done", "waiting", "not_started"), "register"),
    (("done", "done", "done", "done", "not_started"), "test"),
]


@pytest.mark.parametrize(("states", "expected"), MATTERS)
def test_who_needs_somebody_comes_before_what_moves_and_that_before_what_waits(
    states: tuple[str, str, str, str, str], expected: str | None
) -> None:
    assert step_that_matters(STANDARD, facts(*states)) == expected


@pytest.mark.parametrize("reached", [set(), CONNECTED, LIVE])
def test_a_run_that_ended_or_rests_is_called_that_whatever_it_had_reached(reached: set[str]) -> None:
    steps = facts("done", "done", "refused", "done", "done")
    assert state_of(STANDARD, steps, reached, ended_because="replaced") == "replaced"
    assert state_of(STANDARD, steps, reached, ended_because="removed", paused=True) == "removed"
    assert state_of(STANDARD, steps, reached, paused=True) == "paused"
