"""The list: its state, derived in SQL, is that of the rules; search, counts, and pages that lose and repeat nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clients.store import add_client
from app.db import Database
from app.numbers.models import Account
from app.onboarding import rules
from app.onboarding.models import Onboarding, Proof, Step
from app.onboarding.plans import FIRST_OF, PLANS, plan_for
from app.onboarding.reading.progress import read_progress
from app.onboarding.reading.shelf import STATES, Page, list_progress

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
EVERY_STATE = [
    "not_started",
    "running",
    "retrying",
    "waiting",
    "needs_client",
    "needs_us",
    "refused",
    "done",
    "skipped",
]


def add(
    db: Database,
    *,
    name: str = "Example Bakery",
    plan: str = "standard",
    steps: tuple[str, ...] = PLANS["standard"].steps,
    states: tuple[str, ...] = ("not_started",) * 5,
    proofs: tuple[str, ...] = (),
    paused: bool = False,
    **more: Any,
) -> str:
    with db.write() as session:
        client = add_client(
            session,
            name=name,
            external_ref=None,
            contact_name=None,
            contact_email=None,
            language=None,
            now=NOON,
        )
        given = {"reference": f"onb_{client.id[-9:]}", "test_word": "K7QX", "begun_at": NOON, "plan": plan} | more
        if paused:
            given["waba_id"] = "503299000000001"
            session.add(Account(client_id=client.id, waba_id="503299000000001", paused_at=NOON, seen_at=NOON))
        row = Onboarding(client_id=client.id, **given)
        session.add(row)
        session.flush()
        for position, (step, state) in enumerate(zip(steps, states, strict=True), start=1):
            session.add(Step(onboarding_id=row.id, name=step, position=position, state=state))
        session.add_all(Proof(onboarding_id=row.id, kind=kind, seen_at=NOON) for kind in proofs)
        return row.id


def page(db: Database, **wanted: Any) -> Page:
    with db.read() as session:
        return list_progress(session, **wanted)


def keys(found: Page) -> list[str]:
    return [row.id for row in found.rows]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(PLANS)),
    way=st.sampled_from(sorted(FIRST_OF)),
    on_our_credit=st.booleans(),
    many=st.tuples(*[st.sampled_from(EVERY_STATE)] * 6),
    lacking=st.sets(st.sampled_from(PLANS["standard"].proofs), max_size=3),
    ended=st.sampled_from([None, None, None, "replaced", "removed"]),
    paused=st.booleans(),
)
def test_the_state_derived_in_sql_is_that_of_the_rules(
    db: Database,
    name: str,
    way: str,
    on_our_credit: bool,
    many: tuple[str, ...],
    lacking: set[str],
    ended: str | None,
    paused: bool,
) -> None:
    plan = plan_for(name, way=way, on_our_credit=on_our_credit)
    states = many[: len(plan.steps)]
    proofs = tuple(kind for kind in plan.proofs if kind not in lacking)
    ended_at = NOON if ended else None
    more = {"way": way, "on_our_credit": on_our_credit, "ended_because": ended, "ended_at": ended_at, "paused": paused}
    key = add(db, plan=name, steps=plan.steps, states=states, proofs=proofs, **more)
    facts = {step: rules.StepFacts(step, state) for step, state in zip(plan.steps, states, strict=True)}
    word = rules.state_of(plan, facts, proofs, ended_because=ended, paused=paused)
    with db.read() as session:
        assert read_progress(session, key).state == word
    assert {state for state in STATES if key in keys(page(db, state=state, limit=1))} == {word}


DONE = ("done",) * 5
BY_STATE: list[tuple[str, dict[str, Any]]] = [
    ("needs_attention", {"states": ("done", "done", "refused", "done", "not_started")}),
    ("stopped", {"states": ("refused", "not_started", "not_started", "not_started", "not_started")}),
    ("waiting", {"states": ("waiting", "not_started", "not_started", "not_started", "not_started")}),
    ("open", {}),
    ("connected", {"states": ("done", "done", "done", "done", "needs_client"), "proofs": PLANS["standard"].connected}),
    ("live", {"states": DONE, "proofs": PLANS["standard"].proofs}),
    ("paused", {"states": DONE, "proofs": PLANS["standard"].proofs, "paused": True}),
    ("replaced", {"states": DONE, "proofs": PLANS["standard"].proofs, "ended_because": "replaced"}),
    ("removed", {"states": DONE, "proofs": PLANS["standard"].proofs, "ended_because": "removed"}),
]


def test_each_state_is_listed_and_counted_whatever_the_filter(db: Database) -> None:
    made = {state: add(db, **facts) for state, facts in BY_STATE}
    add(db)
    for state, key in made.items():
        found = page(db, state=state)
        assert key in keys(found)
        assert {row.state for row in found.rows} == {state}
        assert found.counts == {
            "needs_attention": 1,
            "stopped": 1,
            "paused": 1,
            "waiting": 1,
            "open": 2,
            "connected": 1,
            "live": 1,
            "replaced": 1,
            "removed": 1,
        }


def test_an_empty_list_counts_nothing_of_everything(db: Database) -> None:
    found = page(db)
    assert (found.rows, found.next) == ((), None)
    assert found.counts == dict.fromkeys(STATES, 0)


def test_pages_go_from_new_to_old_and_lose_and_repeat_nothing(db: Database) -> None:
    made = [add(db) for _ in range(5)]
    first = page(db, limit=2)
    assert keys(first) == [made[4], made[3]]
    added = add(db)
    second = page(db, limit=2, before=first.next)
    assert keys(second) == [made[2], made[1]]
    third = page(db, limit=2, before=second.next)
    assert (keys(third), third.next) == ([made[0]], None)
    assert keys(page(db, limit=1)) == [added]


def test_a_page_that_is_just_full_is_the_last(db: Database) -> None:
    add(db)
    add(db)
    assert page(db, limit=2).next is None
    assert page(db, limit=1).next is not None


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("bakery", {"bakery"}),
        ("BAKERY", {"bakery"}),
        ("Example", {"bakery", "percent", "underscore"}),
        ("100%", {"percent"}),
        ("%", {"percent"}),
        ("_", {"underscore"}),
        ("a_b", {"underscore"}),
        ("ONB_7Q2F", {"bakery"}),
        ("onb_7q2f-4kdm", {"bakery"}),
        ("7Q2F", set()),
        ("524126980791429", {"bakery"}),
        ("52412698079142", set()),
        ("106540352242922", {"percent"}),
        ("\\", set()),
        ("'; DROP TABLE onboardings; --", set()),
    ],
)
def test_a_search_takes_every_character_as_itself(db: Database, search: str, found: set[str]) -> None:
    made = {
        "bakery": add(db, name="Example Bakery", reference="onb_7Q2F-4KDM", waba_id="524126980791429"),
        "percent": add(db, name="Example 100% Rye", reference="onb-2222-2222", phone_number_id="106540352242922"),
        "underscore": add(db, name="Example a_b", reference="onb-3333-3333"),
    }
    assert set(keys(page(db, search=search))) == {made[name] for name in found}


def test_search_state_and_link_narrow_the_same_list(db: Database) -> None:
    wanted = add(db, name="Example Bakery", states=("done", "done", "refused", "done", "not_started"))
    add(db, name="Example Bakery")
    add(db, name="Example Garage", states=("done", "done", "refused", "done", "not_started"))
    assert keys(page(db, search="bakery", state="needs_attention")) == [wanted]
    assert keys(page(db, search="bakery", link_id="nothing")) == []
