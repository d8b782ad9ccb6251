"""The house looks at itself: each trouble opens one incident, and closes it when it is gone."""

from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.credentials.keyring import Keyring
from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.incidents.models import Incident
from app.kit import clock
from app.onboarding.models import Step, StepCall
from app.runtime import Runtime
from app.upkeep.check import house
from tests.upkeep.check.conftest import Rounds

Usage = namedtuple("Usage", "total used free")


def opened(rt: Runtime) -> dict[str, str]:
    with rt.db.read() as session:
        rows = session.scalars(select(Incident).where(Incident.open_key.is_not(None)))
        return {row.kind: row.severity for row in rows}


def with_settings(rt: Runtime, **changed: Any) -> Runtime:
    return replace(rt, settings=rt.settings.model_copy(update=changed))


def test_a_house_in_order_opens_nothing(rounds: Rounds) -> None:
    rounds.connect()
    house.look_at_house(rounds.rt)
    assert set(opened(rounds.rt)) <= {"disk_filling"}, "the disk of the machine that runs the tests may be full"


def test_a_full_disk_is_told_until_there_is_room(rt: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    giga = 1024**3
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(100 * giga, 96 * giga, 4 * giga))
    house.look_at_disk(rt, clock.now())
    assert opened(rt) == {"disk_filling": "urgent"}
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(100 * giga, 40 * giga, 60 * giga))
    house.look_at_disk(rt, clock.now())
    assert opened(rt) == {}


def test_the_end_of_the_graph_version_is_told(rt: Runtime) -> None:
    old = with_settings(rt, meta_graph_version="v22.0")
    assert house.look_at_version(old, datetime(2027, 5, 1, tzinfo=UTC)) == 1
    assert opened(rt) == {"graph_version": "warning"}
    assert house.look_at_version(rt, datetime(2027, 5, 1, tzinfo=UTC)) == 0
    assert opened(rt) == {}


def test_the_weekly_limit_is_told_when_it_is_near_and_when_it_is_full(rounds: Rounds) -> None:
    rounds.connect()
    house.look_at_week(with_settings(rounds.rt, meta_weekly_signup_limit=2), clock.now())
    assert opened(rounds.rt) == {}
    house.look_at_week(with_settings(rounds.rt, meta_weekly_signup_limit=1), clock.now())
    assert opened(rounds.rt) == {"weekly_signups": "urgent"}
    house.look_at_week(rounds.rt, clock.now() + timedelta(days=8))
    assert opened(rounds.rt) == {}


def test_a_key_is_as_old_as_its_first_row_and_a_new_one_is_new_whatever_it_wraps(rounds: Rounds) -> None:
    rt, now = rounds.rt, clock.now()
    rounds.connect()
    with rt.db.write() as session:
        session.execute(update(Credential).values(created_at=now - timedelta(days=400)))
    house.look_at_key(rt, now)
    assert opened(rt) == {"key_old": "notice"}
    keys = [type(rt.settings.credential_keys[0])("B" * 43 + "="), *rt.settings.credential_keys]
    rotated = replace(rt, vault=Vault(Keyring.from_settings(tuple(keys))))
    with rt.db.write() as session:
        rotated.vault.rewrap_batch(session, most=100)
    house.look_at_key(rotated, now)
    assert opened(rt) == {}
    house.look_at_key(rotated, now + timedelta(days=366))
    assert opened(rt) == {"key_old": "notice"}


def test_a_step_that_is_parked_for_us_is_told_and_closed_when_it_goes_on(rounds: Rounds) -> None:
    client = rounds.connect()
    with rounds.rt.db.write() as session:
        session.execute(
            update(Step)
            .where(Step.name == "credit")
            .values(state="needs_us", trouble={"key": "paid_otherwise"}, started_at=clock.now())
        )
    house.look_at_steps(rounds.rt, clock.now())
    with rounds.rt.db.read() as session:
        row = session.scalars(select(Incident)).one()
    assert (row.kind, row.subject_kind, row.subject_id) == ("step_stuck", "onboarding", client.key)
    assert row.reasons[0].startswith("credit: ")
    with rounds.rt.db.write() as session:
        session.execute(update(Step).values(state="done", trouble=None))
    house.look_at_steps(rounds.rt, clock.now())
    assert opened(rounds.rt) == {}


def test_calls_that_fail_more_than_usual_are_told(rounds: Rounds) -> None:
    client, now = rounds.connect(), clock.now()
    with rounds.rt.db.write() as session:
        for place in range(40):
            session.add(
                StepCall(
                    onboarding_id=client.key,
                    step_name="credit",
                    attempt=1,
                    at=now - timedelta(minutes=1),
                    method="GET",
                    path="/1",
                    request={},
                    status=503 if place % 2 else 200,
                    took_ms=1,
                    actor="system",
                )
            )
    house.look_at_errors(rounds.rt, now)
    assert "graph_errors" in opened(rounds.rt)
    house.look_at_errors(rounds.rt, now + timedelta(hours=2))
    assert opened(rounds.rt) == {}


def test_an_app_whose_events_go_elsewhere_is_told(rounds: Rounds) -> None:
    app = f"apps/{rounds.world.partner.app_id}"
    rounds.world.change(app, callback_url="https://elsewhere.example/hook")
    house.look_at_callback(rounds.rt, clock.now())
    assert opened(rounds.rt) == {"callback_differs": "urgent"}
    rounds.world.change(app, callback_url=rounds.rt.settings.callback_url)
    house.look_at_callback(rounds.rt, clock.now())
    assert opened(rounds.rt) == {}


def test_one_look_that_fails_keeps_none_of_the_others_from_being_done(
    rt: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> Usage:
        raise OSError("no such disk")

    monkeypatch.setattr("shutil.disk_usage", fail)
    house.look_at_house(with_settings(rt, meta_graph_version="v21.0"))
    assert "graph_version" in opened(rt)
