"""Codes and PINs from the command line: read from a pipe, never typed beside the command."""

from app.runtime import Runtime
from tests.cli.conftest import Run
from tests.connect.aboard import OLD_PIN, bring_aboard, code_of
from tests.connect.visitor import make_link
from tests.factories.onboardings import LIVE, add_onboarding
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


def test_a_code_is_asked_for_and_entered_from_a_pipe(run: Run, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], "unverified")
    reference = journey.progress(key).reference

    assert run("onboardings", "request-code", reference, "--method", "VOICE").exit_code == 0
    at_once = run("onboardings", "request-code", reference)
    assert at_once.exit_code == 1
    assert "less than a minute ago" in at_once.stderr
    assert run("onboardings", "enter-code", reference, "123456").exit_code == 2
    assert run("onboardings", "enter-code", reference, stdin="12345\n").exit_code == 1
    assert run("onboardings", "enter-code", reference, stdin=f"{code_of(journey, key)}\n").exit_code == 0

    journey.walk()
    assert journey.states(key)["register"] == "done"


def test_the_pin_is_read_from_a_pipe_and_not_from_the_command_line(run: Run, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], number="+1 555 010 0182")
    reference = journey.progress(key).reference

    assert run("onboardings", "pin", reference, OLD_PIN).exit_code == 2
    refused = run("onboardings", "pin", reference, stdin="24681\n")
    assert (refused.exit_code, "PIN: must be six digits" in refused.stderr) == (1, True)
    given = run("onboardings", "pin", reference, stdin=f"{OLD_PIN}\n")

    assert given.exit_code == 0
    assert OLD_PIN not in given.stdout + given.stderr
    journey.walk()
    assert journey.states(key)["register"] == "done"
    assert run("onboardings", "two-step-off", reference).exit_code == 1


def test_one_onboarding_shows_way_plan_and_siblings(run: Run, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], "several")
    progress = journey.progress(key)

    shown = run("onboardings", "show", progress.reference).stderr

    assert "Signup window · New number" in shown
    assert f"Same signup: {progress.siblings[0].reference}" in shown


def test_the_list_is_filtered_by_plan_and_way(run: Run, rt: Runtime) -> None:
    add_onboarding(rt, "Example Bakery", proofs=LIVE)
    add_onboarding(rt, "Sample Florist", plan="coexistence", proofs=LIVE)

    kept = run("onboardings", "list", "--plan", "coexistence").stdout
    assert "Sample Florist" in kept
    assert "Example Bakery" not in kept
    assert run("onboardings", "list", "--way", "hosted").stdout == ""
    assert run("onboardings", "list", "--plan", "dance").exit_code == 2
