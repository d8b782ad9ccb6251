"""`flask tokens`, as a person types it, against the local Meta."""

import pytest

from app.kit.secret import Secret
from app.upkeep.tokens.reading import find_ours, list_tokens, list_tries
from tests.cli.conftest import Run
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


@pytest.fixture
def aboard(journey: Journey) -> str:
    """A client whose token is ten days old: within a second of its making there is no later end to get."""
    _, finished = journey.connect(token_ttl="60d")
    journey.world.change("tokens", account_id=finished["waba_id"], expires_in=50 * 24 * 3600)
    return str(finished["waba_id"])


def token_of(journey: Journey) -> Secret:
    with journey.db.read() as session:
        (one,) = [row for row in list_tokens(session) if row.client_id]
        held = journey.rt.vault.open_current(
            session, kind="business_token", client_id=one.client_id, subject=str(one.waba_id)
        )
    assert held is not None
    return held.secret


def test_the_list_shows_whose_token_ends_when_and_no_token(run: Run, aboard: str, journey: Journey) -> None:
    shown = run("tokens", "list").stdout
    assert "Example Bakery" in shown
    assert aboard in shown
    assert "we ourselves" in shown
    token = token_of(journey)
    assert token.last_four in shown
    assert token.reveal() not in shown


def test_one_account_is_renewed_at_once_and_each_way_is_told(run: Run, aboard: str, journey: Journey) -> None:
    before = token_of(journey)
    done = run("tokens", "refresh", aboard)
    assert done.exit_code == 0, done.output
    assert "Example Bakery" in done.stdout
    assert "renewed, ends" in done.stdout
    assert "Renewing it (fb_exchange_token) worked." in done.stderr
    assert token_of(journey) != before
    with journey.db.read() as session:
        (one,) = [row for row in list_tokens(session) if row.client_id]
        assert [(each.way, each.outcome, each.asked_by) for each in list_tries(session, one.watch_id)] == [
            ("exchange", "renewed", "staff")
        ]


def test_what_meta_refuses_is_told_with_its_numbers(run: Run, aboard: str, journey: Journey) -> None:
    journey.world.change(f"apps/{journey.world.partner.app_id}", extends_tokens=False, fetch_gives="nothing")
    done = run("tokens", "refresh", aboard)
    assert done.exit_code == 1
    assert "Renewing it (fb_exchange_token) was refused (code 100)." in done.stderr
    assert "Fetching it anew (system_user_access_tokens) was refused (code 100/33)." in done.stderr


def test_our_own_token_is_renewed_too(run: Run, aboard: str, journey: Journey) -> None:
    user = journey.world.partner.admin_user_id
    journey.world.change("tokens", user_id=user, expires_in=5_000_000)
    done = run("tokens", "refresh", "--partner")
    assert done.exit_code == 0, done.output
    assert "we ourselves: renewed" in done.stdout
    with journey.db.read() as session:
        ours = find_ours(session)
    assert ours is not None
    assert ours.last_outcome == "renewed"


def test_all_of_them_are_left_to_the_worker(run: Run, aboard: str, journey: Journey) -> None:
    done = run("tokens", "refresh", "--all")
    assert "1 tokens are asked for" in done.stderr
    assert journey.rt.wakes.rung[-1] == "tokens"  # type: ignore[attr-defined]


def test_one_thing_is_named(run: Run, aboard: str) -> None:
    assert run("tokens", "refresh").exit_code == 2
    assert run("tokens", "refresh", aboard, "--all").exit_code == 2
    assert run("tokens", "refresh", "4711").exit_code == 1
