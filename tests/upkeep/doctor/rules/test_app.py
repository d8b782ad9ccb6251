from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.upkeep.doctor.facts import Facts, Trouble
from app.upkeep.doctor.rules import app
from app.upkeep.doctor.verdicts import verdict
from tests.upkeep.doctor.healthy import APP, FAILED, HEALTHY, NOON, SILENT, of_meta, of_ours, of_wire, refused

NO_ANSWER = verdict("unchecked", because="Meta gave no answer in time")
OUR_FAULT = verdict("unchecked", because="our own program failed at asking; the log says how")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (HEALTHY, verdict("ok", ms=120)),
        (of_wire(silent=9), verdict("silent", address="https://graph.facebook.com")),
        (of_wire(silent=8), verdict("slow", silent=8, asked=9)),
        (of_wire(silent=1), verdict("slow", silent=1, asked=9)),
    ],
)
def test_meta_answers_all_some_or_none_of_the_questions(facts: Facts, said: object) -> None:
    assert app.meta_answers(facts, NOON) == said


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (None, verdict("ok", app_id="1234567890")),
        (refused(101), verdict("unknown_app", app_id="1234567890")),
        (refused(1), verdict("wrong_secret", app_id="1234567890", answer="code 1")),
        (refused(190, 467, "token"), verdict("wrong_secret", app_id="1234567890", answer="code 190/467")),
        (Trouble("refused"), verdict("unchecked", because="Meta refused to tell (no code)")),
        (SILENT, NO_ANSWER),
        (FAILED, OUR_FAULT),
    ],
)
def test_the_newest_secret_is_the_apps(secret: Trouble | None, said: object) -> None:
    assert app.app_secret(of_meta(secrets=(secret, refused(1))), NOON) == said


@pytest.mark.parametrize(
    ("older", "said"),
    [
        ((), verdict("none")),
        ((None,), verdict("ok")),
        ((None, refused(1)), verdict("dead", places="3")),
        ((refused(1), None, refused(1)), verdict("dead", places="2, 4")),
        ((refused(1), SILENT), NO_ANSWER),
        ((FAILED, None), OUR_FAULT),
    ],
)
def test_older_secrets_are_told_by_their_place(older: tuple[Trouble | None, ...], said: object) -> None:
    assert app.older_secrets(of_meta(secrets=(refused(1), *older)), NOON) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, verdict("look")),
        ({"privacy_policy_url": None}, verdict("cannot_be_live", missing="Privacy policy URL")),
        ({"terms_of_service_url": ""}, verdict("cannot_be_live", missing="Terms of Service URL")),
        (
            {"privacy_policy_url": None, "category": None},
            verdict("cannot_be_live", missing="Privacy policy URL, Category"),
        ),
    ],
)
def test_the_app_mode_is_never_in_order_because_graph_does_not_tell_it(changes: Any, said: object) -> None:
    assert app.app_mode(of_meta(app=replace(APP, **changes)), NOON) == said


def test_an_app_that_is_not_shown_is_not_judged() -> None:
    assert app.app_mode(of_meta(app=SILENT), NOON) == NO_ANSWER
    told = verdict("unchecked", because="Meta refused to tell (code 100/33)")
    assert app.app_mode(of_meta(app=refused(100, 33, "permission")), NOON) == told


@pytest.mark.parametrize(
    ("required", "said"),
    [(True, verdict("ok")), (False, verdict("not_required")), (SILENT, NO_ANSWER)],
)
def test_meta_asks_for_the_proof(required: bool | Trouble, said: object) -> None:
    assert app.app_proof(of_meta(proof_required=required), NOON) == said


@pytest.mark.parametrize(
    ("version", "now", "said"),
    [
        ("v25.0", NOON, verdict("ok", version="v25.0", day="29 July 2028")),
        ("v26.0", NOON, verdict("no_end_yet", version="v26.0")),
        # ninety-one days before the last day, ninety, and that day itself
        ("v24.0", datetime(2027, 11, 19, 23, tzinfo=UTC), verdict("ok", version="v24.0", day="18 February 2028")),
        (
            "v24.0",
            datetime(2027, 11, 20, 0, tzinfo=UTC),
            verdict("ending", version="v24.0", day="18 February 2028", days=90),
        ),
        (
            "v24.0",
            datetime(2028, 2, 18, 23, tzinfo=UTC),
            verdict("ending", version="v24.0", day="18 February 2028", days=0),
        ),
        ("v24.0", datetime(2028, 2, 19, 0, tzinfo=UTC), verdict("ended", version="v24.0", day="18 February 2028")),
        ("v23.0", NOON, verdict("ended_long_ago", version="v23.0")),
        ("v9.0", NOON, verdict("ended_long_ago", version="v9.0")),
        ("v27.0", NOON, verdict("not_in_table", version="v27.0")),
        ("v100.0", NOON, verdict("not_in_table", version="v100.0")),
    ],
)
def test_a_version_is_judged_by_its_last_day(version: str, now: datetime, said: object) -> None:
    facts = replace(of_ours(graph_version=version), meta=of_wire(served=version).meta)
    assert app.graph_version(facts, now) == said


def test_a_version_that_another_one_answers_for_does_not_work() -> None:
    assert app.graph_version(of_wire(served="v26.0"), NOON) == verdict(
        "served_by_another", version="v25.0", served="v26.0"
    )
    assert app.graph_version(of_wire(served=None), NOON).case == "ok"
    ended = replace(of_wire(served="v26.0"), versions={"v25.0": date(2026, 11, 24)})
    assert app.graph_version(ended, NOON) == verdict("ended", version="v25.0", day="24 November 2026")
