"""One real renewal, asked for: with the first client that is live, kept in words."""

import pytest

from app.audit.store import SYSTEM
from app.kit import clock
from app.kit.errors import Conflict
from app.upkeep.tokens.proving import find_proven, prove_first, prove_renewal
from tests.upkeep.tokens.calendar import DAY, Calendar


def bring_live(calendar: Calendar, **wish: object) -> str:
    """A client that is live: both messages were seen."""
    key, finished = calendar.journey.connect(**wish)
    calendar.journey.write_in(finished, calendar.journey.progress(key).test_word)
    calendar.journey.walk()
    for call in calendar.world.calls("/*/messages", "POST"):
        for sent in (call["reply"] or {}).get("messages", []):
            calendar.journey.receive(sent["id"])
    calendar.journey.walk()
    calendar.look()
    assert calendar.journey.progress(key).live_at is not None
    return key


def test_the_first_live_client_whose_token_ends_is_taken(calendar: Calendar) -> None:
    calendar.connect()  # not live yet
    bring_live(calendar, token_ttl="never")
    run = calendar.onboarding(bring_live(calendar, token_ttl="60d"))
    calendar.traveller.shift(DAY)
    done = prove_renewal(calendar.rt, actor=SYSTEM, now=clock.now())
    assert done.outcomes == (("exchange", "renewed", None, None),)
    assert calendar.tries(run.waba_id) == [("exchange", "renewed")]
    with calendar.rt.db.read() as session:
        assert find_proven(session) == done


def test_what_meta_refuses_is_kept_with_its_numbers(calendar: Calendar) -> None:
    bring_live(calendar, token_ttl="60d")
    calendar.refuse(exchange=True, fetch=True)
    done = prove_renewal(calendar.rt, actor=SYSTEM, now=clock.now())
    assert done.outcomes == (("exchange", "refused", 100, None), ("fetch", "refused", 100, 33))
    assert done.new_end is None


def test_without_a_live_client_nothing_is_tried(calendar: Calendar) -> None:
    calendar.connect()
    with pytest.raises(Conflict, match="No client is live"):
        prove_renewal(calendar.rt, actor=SYSTEM, now=clock.now())
    with calendar.rt.db.read() as session:
        assert find_proven(session) is None


def test_the_night_after_the_first_client_went_live_it_is_tried_by_itself_and_only_once(calendar: Calendar) -> None:
    assert prove_first(calendar.rt) == 0
    run = calendar.onboarding(bring_live(calendar, token_ttl="60d"))
    calendar.traveller.shift(DAY)
    assert (prove_first(calendar.rt), prove_first(calendar.rt)) == (1, 0)
    assert calendar.tries(run.waba_id) == [("exchange", "renewed")]
    calendar.pass_days(3)
    assert prove_first(calendar.rt) == 0
    assert calendar.tries(run.waba_id) == [("exchange", "renewed")]


def test_a_trial_that_meta_refuses_warns_nobody_while_the_end_is_far(calendar: Calendar) -> None:
    bring_live(calendar, token_ttl="60d")
    calendar.refuse(exchange=True, fetch=True)
    calendar.traveller.shift(DAY)
    assert prove_first(calendar.rt) == 1
    calendar.pass_days(20)
    assert calendar.warnings() == []
    assert prove_first(calendar.rt) == 0
