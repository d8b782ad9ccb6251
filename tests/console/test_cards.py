from typing import Any

import pytest

from app.console.cards import Card, cards_of
from app.onboarding.reading.progress import read_progress
from app.runtime import Runtime
from tests.factories.onboardings import REFUSED, SAY_HI, add_onboarding, add_stuck


def cards(rt: Runtime, states: tuple[str, ...], troubles: dict[str, dict[str, Any]]) -> tuple[Card, ...]:
    row = add_onboarding(rt, states=states, troubles=troubles)
    with rt.db.read() as session:
        return cards_of(read_progress(session, row.id))


def test_where_a_person_must_act_comes_first(rt: Runtime) -> None:
    found = cards(
        rt,
        ("done", "retrying", "refused", "done", "needs_client"),
        {"subscribe": REFUSED, "credit": REFUSED, "test": SAY_HI},
    )
    assert [(card.step.name, card.tone, card.actor) for card in found] == [
        ("credit", "act", "partner"),
        ("test", "wait", "client"),
        ("subscribe", "busy", "nobody"),
    ]


@pytest.mark.parametrize(
    ("states", "troubles", "title"),
    [
        (
            ("done", "done", "refused", "done", "not_started"),
            {"credit": REFUSED},
            "Meta will not share our credit line",
        ),
        (
            ("done", "needs_us", "not_started", "not_started", "not_started"),
            {"subscribe": {"key": "credit_not_seen"}},
            "“Subscribe webhooks” cannot go on without us",
        ),
        (
            ("needs_client", "not_started", "not_started", "not_started", "not_started"),
            {"exchange": {"key": "token_not_valid"}},
            "“Exchange the code” cannot go on without the client",
        ),
        (
            # Parked with us by its state, and yet only the client can go on.
            ("needs_us", "not_started", "not_started", "not_started", "not_started"),
            {"exchange": {"key": "parked_app_only"}},
            "“Exchange the code” cannot go on without the client",
        ),
        (
            ("done", "done", "done", "retrying", "not_started"),
            {"register": REFUSED},
            "“Register the phone” failed; we try again by ourselves",
        ),
        (("done",) * 4 + ("needs_client",), {"test": SAY_HI}, "We wait for the client to say hi"),
    ],
)
def test_the_title_says_what_happened(
    rt: Runtime, states: tuple[str, ...], troubles: dict[str, dict[str, Any]], title: str
) -> None:
    (card,) = cards(rt, states, troubles)
    assert card.title == title


def test_a_stopped_onboarding_is_red(rt: Runtime) -> None:
    (card,) = cards(rt, ("refused",) + ("not_started",) * 4, {"exchange": {"key": "token_not_valid"}})
    assert card.tone == "stop"


def test_a_refusal_that_cannot_change_has_no_try_again(rt: Runtime) -> None:
    (card,) = cards(rt, ("refused",) + ("not_started",) * 4, {"exchange": {"key": "token_not_valid"}})
    assert card.why_no_retry == "Try again is off: the same signup would get the same answer."


def test_only_the_test_message_can_be_skipped_and_only_while_it_stands(rt: Runtime) -> None:
    row = add_stuck(rt)
    with rt.db.read() as session:
        found = {card.step.name: card for card in cards_of(read_progress(session, row.id))}
    assert (found["credit"].why_no_retry, found["test"].why_no_skip) == ("", "")
    assert found["credit"].why_no_skip == "Skip with reason is off: only the test message can be left out."
    assert found["test"].why_no_retry.startswith("Try again is off: a message from another phone is missing")
    (retrying,) = cards(rt, ("done",) * 4 + ("retrying",), {"test": REFUSED})
    assert retrying.why_no_skip == "Skip with reason is off: this step is not parked."


def test_nothing_in_the_way_is_no_card(rt: Runtime) -> None:
    assert cards(rt, ("done",) * 5, {}) == ()
