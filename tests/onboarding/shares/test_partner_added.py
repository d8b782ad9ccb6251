"""`PARTNER_ADDED` before or after everything, twice, for another account, for another client, for nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.kit import clock
from app.onboarding.models import Onboarding, UnclaimedAccount
from app.onboarding.shares import partner_added, shares, unclaimed
from app.onboarding.shares.shares import Share
from tests.onboarding.journey import Journey

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def tell(
    journey: Journey,
    waba_id: str,
    business_id: str | None = "2729063490586005",
    *,
    at: datetime = AT,
    kind: str = "PARTNER_ADDED",
    solution_id: str | None = None,
) -> bool:
    with journey.db.write() as session:
        share = Share(kind, waba_id, business_id, solution_id)
        return partner_added.seen(session, share, at=at, now=clock.now())


def rows(journey: Journey) -> list[tuple[str, str | None]]:
    """Account and settlement of each entry, oldest first."""
    with journey.db.read() as session:
        found = session.scalars(select(UnclaimedAccount).order_by(UnclaimedAccount.id))
        return [(row.waba_id, row.settled_as) for row in found]


def noted(journey: Journey, key: str, step: str = "exchange", name: str = "partner_added") -> Any:
    found = journey.progress(key).step(step)
    assert found is not None
    return found.evidence.get(name)


def test_it_confirms_the_onboardings_of_that_account(journey: Journey) -> None:
    key, finished = journey.connect()
    other, _ = journey.connect()
    assert not tell(journey, finished["waba_id"])
    assert noted(journey, key) == {"at": "2026-11-02T12:00:00+00:00", "business_id": "2729063490586005"}
    assert noted(journey, other) is None
    assert journey.progress(key).state == "connected"
    assert rows(journey) == []


# What comes in which order: c the code, e the end event, a PARTNER_ADDED of the account, A the same once more,
# o PARTNER_ADDED of another account. What is left: entries of the account, entries of the other.
@pytest.mark.parametrize(
    ("order", "entries"),
    [
        ("cea", []),
        ("ceaA", []),
        ("eca", ["claimed"]),
        ("ace", ["claimed"]),
        ("aec", ["claimed"]),
        ("aAce", ["claimed"]),
        ("aceA", ["claimed"]),
        ("eac", ["claimed"]),
        ("cae", ["claimed"]),
        ("ac", ["claimed"]),
        ("ca", ["claimed"]),
        ("oce", ["open other"]),
        ("ceo", ["open other"]),
        ("oace", ["open other", "claimed"]),
    ],
)
def test_every_order_ends_connected_and_claims_what_is_its_own(
    journey: Journey, order: str, entries: list[str]
) -> None:
    client = journey.client()
    waba_id, business_id = client.finished["waba_id"], client.finished["business_id"]
    key = ""
    for place, what in enumerate(order):
        at = AT + timedelta(seconds=place)
        if what == "c":
            key = journey.post_code(client)
        elif what == "e":
            journey.post_event(client)
        else:
            tell(journey, "524126980791429" if what == "o" else waba_id, business_id, at=at)
        if place and order[: place + 1].endswith("ce"):
            journey.walk()
    if "e" not in order:
        # The window stays silent for longer than anybody waits for it.
        with journey.db.write() as session:
            session.execute(update(Onboarding).values(begun_at=clock.now() - timedelta(seconds=4)))
    journey.walk()

    assert journey.progress(key).state == "connected"
    assert journey.progress(key).waba_id == waba_id
    assert (noted(journey, key) is not None) == ("a" in order)
    said = {None: "open other", "claimed": "claimed"}
    assert [said[how] for _, how in rows(journey)] == entries


def test_another_clients_code_claims_the_account_it_proves(journey: Journey) -> None:
    first, second = journey.client(), journey.client()
    tell(journey, second.finished["waba_id"])
    one, other = journey.post_code(first, event=first.event), journey.post_code(second, event=second.event)
    journey.walk()
    assert noted(journey, one) is None
    assert noted(journey, other) is not None
    assert rows(journey) == [(second.finished["waba_id"], "claimed")]


def test_an_entry_is_shown_only_after_three_minutes(journey: Journey) -> None:
    tell(journey, "524126980791429")
    now = clock.now()
    with journey.db.read() as session:
        assert unclaimed.list_unclaimed(session, now=now) == ()
        (shown,) = unclaimed.list_unclaimed(session, now=now + timedelta(minutes=3, seconds=1))
        assert unclaimed.count_unclaimed(session, now=now + timedelta(minutes=3, seconds=1)) == 1
    assert (shown.waba_id, shown.business_id, shown.kind) == ("524126980791429", "2729063490586005", "PARTNER_ADDED")


@pytest.mark.parametrize("how", ["refused", "removed"])
def test_an_account_shared_anew_is_entered_anew_but_a_repeat_is_not(journey: Journey, how: str) -> None:
    tell(journey, "524126980791429")
    with journey.db.write() as session:
        if how == "removed":
            shares.take_back(session, "524126980791429", now=clock.now())
        else:
            row = shares.find_newest(session, "524126980791429")
            assert row is not None
            shares.settle(row, how, now=clock.now())
    tell(journey, "524126980791429")
    assert rows(journey) == [("524126980791429", how)]
    tell(journey, "524126980791429", at=AT + timedelta(hours=1))
    assert rows(journey) == [("524126980791429", how), ("524126980791429", None)]


def test_told_twice_while_open_it_is_one_entry_and_knows_all_that_was_told(journey: Journey) -> None:
    tell(journey, "524126980791429", None, kind="PARTNER_APP_INSTALLED")
    tell(journey, "524126980791429", at=AT + timedelta(seconds=5), solution_id="774")
    with journey.db.read() as session:
        row = session.scalars(select(UnclaimedAccount)).one()
    assert (row.kind, row.business_id, row.solution_id) == ("PARTNER_ADDED", "2729063490586005", "774")


def test_an_app_that_was_let_in_is_named_on_its_run(journey: Journey) -> None:
    key, finished = journey.connect()
    tell(journey, finished["waba_id"], kind="PARTNER_APP_INSTALLED")
    assert noted(journey, key, name="app_installed") is not None
    assert noted(journey, key) is None


def test_a_solution_told_before_the_code_parks_the_run(journey: Journey) -> None:
    client = journey.client()
    tell(journey, client.finished["waba_id"], solution_id="774")
    key = journey.post_code(client, event=client.event)
    journey.walk()
    progress = journey.progress(key)
    assert progress.plan == "solution"
    assert journey.states(key) == {"exchange": "needs_us"}
    assert journey.world.effects("registered", "credit_attached") == 0


def test_a_solution_told_after_the_plan_was_chosen_parks_the_run_then(journey: Journey) -> None:
    key, finished = journey.begin()
    journey.world.lag(subscribed_apps=50)
    journey.walk(rounds=3)
    assert journey.progress(key).plan == "standard"
    tell(journey, finished["waba_id"], solution_id="774")
    assert journey.states(key) == {"exchange": "needs_us"}
    step = journey.progress(key).step("exchange")
    assert step is not None
    assert step.trouble is not None
    assert step.trouble.key == "parked_solution"
    journey.walk()
    assert journey.states(key) == {"exchange": "needs_us"}


def test_a_solution_told_of_a_connected_client_changes_nothing_but_the_evidence(journey: Journey) -> None:
    key, finished = journey.connect()
    tell(journey, finished["waba_id"], solution_id="774")
    assert journey.progress(key).state == "connected"
    assert noted(journey, key)["solution_id"] == "774"
