"""Adopting and entering by hand on the command line, over the local Meta."""

import pytest
from sqlalchemy import func, select

from app.kit.secret import Secret
from app.onboarding.models import Onboarding
from tests.cli.conftest import Run
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


def runs(journey: Journey) -> int:
    with journey.db.read() as session:
        return session.scalar(select(func.count()).select_from(Onboarding)) or 0


def test_shared_accounts_are_listed(run: Run, journey: Journey) -> None:
    shared = journey.world.share(business={"name": "Example Florist"})
    _, ours = journey.connect()
    said = run("accounts", "list").stdout
    assert shared["waba_id"] in said
    assert "Example Florist" in said
    assert ours["waba_id"] not in said
    assert ours["waba_id"] in run("accounts", "list", "--all").stdout


def test_a_dry_run_does_nothing(run: Run, journey: Journey) -> None:
    shared = journey.world.share(numbers=[{"status": "PENDING"}])
    said = run("accounts", "adopt", shared["waba_id"], "--dry-run")
    assert said.exit_code == 0
    assert "will be registered" in said.stdout
    assert "changes" in said.stdout
    assert runs(journey) == 0


def test_adopting_asks_before_it_acts(run: Run, journey: Journey) -> None:
    shared = journey.world.share()
    run("accounts", "adopt", shared["waba_id"], stdin="n\n")
    assert runs(journey) == 0
    said = run("accounts", "adopt", shared["waba_id"], "--client-name", "Example Spa", stdin="y\n")
    assert "Taken over for Example Spa." in said.stdout
    assert runs(journey) == 1


def test_all_that_nobody_holds_are_adopted_at_once(run: Run, journey: Journey) -> None:
    for _ in range(3):
        journey.world.share()
    journey.connect()
    said = run("accounts", "adopt", "--all", "--yes")
    assert said.stdout.count("Taken over for") == 3
    assert runs(journey) == 4
    assert "No shared account that we do not hold." in (run("accounts", "adopt", "--all", "--yes").stderr)


@pytest.mark.parametrize("typed", [[], ["--all", "5241"], ["--all", "--client-name", "Example"]])
def test_what_is_meant_must_be_clear(run: Run, journey: Journey, typed: list[str]) -> None:
    assert run("accounts", "adopt", *typed).exit_code == 2


def test_a_client_is_entered_with_a_token_from_stdin(run: Run, journey: Journey) -> None:
    finished = journey.world.signup(token_ttl="60d")
    token = journey.rt.meta.oauth.exchange(Secret(finished["code"])).reveal()
    said = run("onboardings", "by-hand", finished["waba_id"], "--client-name", "Example Spa", stdin=f"{token}\n")
    assert said.exit_code == 0
    assert said.stdout.startswith("onb_")
    assert "Example Spa: begun; the token is sealed." in said.stderr
    assert "Mind: This token ends in" in said.stderr
    assert token not in said.stdout + said.stderr
    journey.walk()
    assert runs(journey) == 1


def test_a_refused_entry_says_why_and_not_the_token(run: Run, journey: Journey) -> None:
    finished = journey.world.signup()
    token = journey.rt.meta.oauth.exchange(Secret(finished["code"])).reveal()
    said = run("onboardings", "by-hand", finished["phone_number_id"], stdin=f"{token}\n")
    assert said.exit_code == 1
    assert "account_id: is the id of a phone number" in said.stderr
    assert token not in said.stdout + said.stderr
    assert run("onboardings", "by-hand", finished["waba_id"], stdin="\n").exit_code == 1
    assert runs(journey) == 0
