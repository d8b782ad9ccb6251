"""Repairs of the credit line: money, so nothing is asked for twice, also where an answer was lost or a list lags."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from app.kit import clock
from app.onboarding.models import Act
from tests.onboarding.conftest import MakeWalker, with_settings
from tests.onboarding.journey import Journey
from tests.upkeep.check.conftest import Client, Rounds

SHARE = "/*/whatsapp_credit_sharing_and_attach"
TO_PORTFOLIO, ATTACH = "/*/whatsapp_credit_sharing", "/*/whatsapp_credit_attach"
LISTED = "/*/owning_credit_allocation_configs"
BUSY = {"status": 503, "body": {"error": {"message": "(#2) Service temporarily unavailable", "code": 2}}}


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def two_calls(journey: Journey, new_walker: MakeWalker, new_rounds: Callable[[Journey], Rounds]) -> Rounds:
    """One connected client of a partner who shares and attaches in two calls, found in order by a first check."""
    rounds = new_rounds(with_settings(journey, new_walker, meta_credit_sharing="two_calls"))
    rounds.connect()
    rounds.check()
    return rounds


def take_back(rounds: Rounds) -> None:
    """The line is taken back from every client's portfolio."""
    for allocation in rounds.world._do("GET", "world")["allocations"]:
        rounds.rt.meta.credit_lines.revoke(allocation["id"], rounds.rt.partner_token())


def test_a_share_whose_answer_was_lost_before_the_line_was_missed_is_not_made_twice(
    now: time_machine.Traveller, rounds: Rounds, client: Client
) -> None:
    rounds.world.change(f"accounts/{client.waba_id}", funding=None)
    with rounds.rt.db.write() as session:
        lost = {"subject": client.waba_id, "what": "share", "onboarding_id": client.key, "outcome": "unknown"}
        session.add(Act(**lost, at=clock.now()))
    before = rounds.world.count(SHARE)
    now.shift(timedelta(seconds=5))
    rounds.check()
    row = rounds.fact("credit")
    assert (row.verdict, row.repair, row.repair_trouble) == ("drift", "asked", None)
    assert rounds.world.count(SHARE) == before
    # It is in doubt for 46.1 seconds; the next check looks two minutes after the first.
    now.shift(timedelta(minutes=2))
    rounds.check()
    assert (rounds.fact("credit").verdict, rounds.world.count(SHARE)) == ("ok", before + 1)


def test_the_line_that_was_taken_back_is_shared_and_attached_again(two_calls: Rounds) -> None:
    """Also when the client came aboard moments ago: what Meta said then holds no more."""
    rounds = two_calls
    take_back(rounds)
    rounds.check()
    assert rounds.fact("credit").verdict == "ok"
    assert (rounds.world.count(TO_PORTFOLIO), rounds.world.count(ATTACH)) == (2, 2)


def test_a_portfolio_that_a_repair_has_shared_with_and_meta_does_not_list_yet_is_not_shared_with_again(
    now: time_machine.Traveller, two_calls: Rounds
) -> None:
    rounds = two_calls
    take_back(rounds)
    rounds.world.fault(LISTED, {"status": 200, "body": {"data": []}})
    rounds.world.fault(ATTACH, BUSY, times=1)
    now.shift(timedelta(minutes=1))
    rounds.check()
    assert rounds.fact("credit").repair == "refused"
    now.shift(timedelta(minutes=1))
    rounds.check()
    assert (rounds.world.count(TO_PORTFOLIO), rounds.world.count(ATTACH)) == (2, 3)
