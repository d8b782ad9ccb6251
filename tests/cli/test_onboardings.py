from sqlalchemy import select

from app.onboarding.models import Step
from app.runtime import Runtime
from tests.cli.conftest import Run
from tests.conftest import Rings
from tests.factories.onboardings import LIVE, add_call, add_onboarding, add_stuck


def state_of(rt: Runtime, onboarding_id: str, name: str) -> str:
    with rt.db.read() as session:
        return session.scalars(select(Step.state).where(Step.onboarding_id == onboarding_id, Step.name == name)).one()


def test_the_list_says_who_is_stuck_where(run: Run, rt: Runtime) -> None:
    row = add_stuck(rt)
    add_onboarding(rt, "Live Ltd", proofs=LIVE)
    lines = run("onboardings", "list").stdout.splitlines()
    stuck = next(line for line in lines if row.reference in line)
    for words in ("Example Bakery", "Needs attention", "3/5", "Us", "New number"):
        assert words in stuck
    assert len(run("onboardings", "list", "--state", "live").stdout.splitlines()) == 2
    assert "Example Bakery" in run("onboardings", "list", "--search", "bake").stdout


def test_the_list_tells_how_it_goes_on(run: Run, rt: Runtime) -> None:
    for number in range(3):
        add_stuck(rt, f"Client {number}")
    first = run("onboardings", "list", "--limit", "2")
    before = first.stderr.strip().rpartition(" ")[2]
    assert "Client 0" in run("onboardings", "list", "--before", before).stdout


def test_one_onboarding_shows_steps_proofs_and_what_to_do(run: Run, rt: Runtime) -> None:
    row = add_stuck(rt)
    add_call(rt, row, reply={"error": {"code": 200}})
    result = run("onboardings", "show", row.reference, "--calls")
    assert result.exit_code == 0
    for words in ("3 Share the credit line", "Refused", "4 tries · next by hand", "Credit attached", "not seen"):
        assert words in result.stdout
    assert "whatsapp_credit_sharing_and_attach" in result.stdout
    assert "Our system user may not share the credit line" in result.stderr
    assert "Fz71LpQ0wYd" in result.stderr


def test_retry_without_a_step_takes_the_one_that_matters(run: Run, rt: Runtime, rings: Rings) -> None:
    row = add_stuck(rt)
    assert run("onboardings", "retry", row.reference).exit_code == 0
    assert state_of(rt, row.id, "credit") == "not_started"
    assert rings.rung == ["onboardings"]


def test_retry_refuses_what_is_done(run: Run, rt: Runtime, rings: Rings) -> None:
    row = add_onboarding(rt, proofs=LIVE)
    assert run("onboardings", "retry", row.reference, "credit").exit_code == 1
    nothing = run("onboardings", "retry", row.reference)
    assert nothing.exit_code == 1
    assert "there is nothing to try again" in nothing.stderr
    assert run("onboardings", "retry", row.reference, "dance").exit_code == 2
    assert rings.rung == []


def test_the_test_is_waived_with_a_reason_only(run: Run, rt: Runtime) -> None:
    row = add_stuck(rt)
    assert run("onboardings", "waive", row.reference).exit_code == 2
    assert run("onboardings", "waive", row.reference, "--reason", "no").exit_code == 1
    assert run("onboardings", "waive", row.reference, "--reason", "tested by phone").exit_code == 0
    assert state_of(rt, row.id, "test") == "skipped"


def test_an_onboarding_that_is_not_there_is_refused(run: Run) -> None:
    for typed in (("show",), ("retry",), ("waive", "--reason", "long enough")):
        result = run("onboardings", typed[0], "onb_2222-2222", *typed[1:])
        assert result.exit_code == 1
        assert "There is no such onboarding." in result.stderr
