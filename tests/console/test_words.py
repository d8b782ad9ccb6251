from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.console.words import actor_of, answer_of, edge_of, initials, number_of, sentence_of, took_of
from app.onboarding.reading.progress import CallView, Progress, read_progress
from app.runtime import Runtime
from tests.factories.onboardings import LIVE, SAY_HI, add_onboarding, add_stuck


def progress_of(rt: Runtime, **staged: Any) -> Progress:
    row = add_onboarding(rt, **staged)
    with rt.db.read() as session:
        return read_progress(session, row.id)


@pytest.mark.parametrize(
    ("states", "troubles", "actor"),
    [
        (("done",) * 5, {}, "nobody"),
        (("running",) + ("not_started",) * 4, {}, "nobody"),
        (("done", "done", "waiting", "done", "not_started"), {}, "meta"),
        (("done",) * 4 + ("needs_client",), {"test": SAY_HI}, "client"),
        (("done", "needs_us", "not_started", "not_started", "not_started"), {}, "partner"),
        (("needs_client",) + ("not_started",) * 4, {}, "client"),
        (("done", "done", "refused", "done", "not_started"), {"credit": {"key": "credit_refused"}}, "partner"),
    ],
)
def test_somebody_or_nobody_must_act(rt: Runtime, states: tuple[str, ...], troubles: Any, actor: str) -> None:
    assert actor_of(progress_of(rt, states=states, troubles=troubles)) == actor


def test_a_live_client_needs_nobody(rt: Runtime) -> None:
    assert actor_of(progress_of(rt, proofs=LIVE)) == "nobody"


def test_each_step_says_in_a_line_how_it_stands(rt: Runtime) -> None:
    progress = progress_of(
        rt,
        states=("done", "done", "waiting", "done", "not_started"),
        evidence={
            "exchange": {"account": "Example Bakery"},
            "subscribe": {"callback": "https://connect.partner.example/api/webhooks/whatsapp"},
            "register": {"pin": "sealed"},
        },
    )
    steps = [replace(step, condition="credit_attached") if step.name == "credit" else step for step in progress.steps]
    assert [sentence_of(step) for step in steps] == [
        "1 try · 2.0 s · account Example Bakery",
        "1 try · 2.0 s · listed, callback ours",
        "1 try · Accepted by Meta, not yet visible on the account",
        "1 try · 2.0 s · PIN sealed",
        "Starts as soon as a worker is free",
    ]


def test_a_shared_line_says_under_which_allocation(rt: Runtime) -> None:
    progress = progress_of(rt, evidence={"credit": {"allocation_id": "58501441721238"}})
    assert sentence_of(progress.steps[2]) == "1 try · 2.0 s · allocation 58501441721238"


def test_a_step_says_which_steps_it_waits_for(rt: Runtime) -> None:
    progress = progress_of(rt, states=("done", "running", "done", "retrying", "not_started"))
    assert sentence_of(progress.steps[4]) == "Waits for step 2 and step 4"
    assert sentence_of(progress.steps[1]) == "1 try"


def test_a_skipped_step_says_why(rt: Runtime) -> None:
    progress = progress_of(
        rt, states=("done",) * 4 + ("skipped",), evidence={"test": {"waived": {"reason": "tested by phone"}}}
    )
    assert sentence_of(progress.steps[4]) == "Skipped: tested by phone"
    assert sentence_of(progress_of(rt, states=("done",) * 4 + ("skipped",)).steps[4]) == "Skipped"


def test_a_parked_step_says_how_it_goes_on(rt: Runtime) -> None:
    row = add_stuck(rt)
    with rt.db.read() as session:
        progress = read_progress(session, row.id)
    assert sentence_of(progress.steps[2]) == "4 tries · next by hand"
    assert sentence_of(progress.steps[4]) == "1 try · waits for a message with the word"


@pytest.mark.parametrize(
    ("display", "shown"),
    [
        ("+44 7700 900142", "+44\u00a07700\u00a0900142"),
        ("447700900142", "+44\u00a07700\u00a0900142"),
        ("not a number", "not a number"),
        (None, "no number yet"),
    ],
)
def test_numbers_are_grouped_and_never_broken(display: str | None, shown: str) -> None:
    assert number_of(display) == shown


def call(status: int | None, reply: dict[str, Any] | None) -> CallView:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return CallView("credit", 1, at, "POST", "1/x", {}, status, reply, None, 412, None, "system")


@pytest.mark.parametrize(
    ("status", "reply", "shown"),
    [
        (200, {"id": "1"}, "200"),
        (200, None, "200"),
        (400, {"error": {"code": 100, "error_subcode": 33}}, "400 · code 100/33"),
        (500, {"error": {"code": 2}}, "500 · code 2"),
        (502, {"error": "a page"}, "502"),
        (None, None, "no answer"),
    ],
)
def test_an_answer_is_told_short(status: int | None, reply: dict[str, Any] | None, shown: str) -> None:
    assert answer_of(call(status, reply)) == shown


def test_small_words() -> None:
    assert (took_of(412), took_of(999), took_of(1240)) == ("412 ms", "999 ms", "1.2 s")
    assert edge_of("/1972385232742146/whatsapp_credit_sharing_and_attach") == "whatsapp_credit_sharing_and_attach"
    assert edge_of("524126980791429") == "524126980791429"
    assert (initials("Robin Example"), initials("robin"), initials("Ana Maria de Sample")) == ("RE", "RO", "AS")
