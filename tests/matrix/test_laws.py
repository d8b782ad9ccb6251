"""Each law that holds in any order can be broken: here each is, by hand, and says so."""

from typing import Any, cast

import pytest

from app.onboarding.models import Step
from app.onboarding.reading.progress import Progress
from tests.matrix import laws
from tests.matrix.judge import twice


def step(name: str, state: str, run: str = "run-1") -> Step:
    return Step(onboarding_id=run, name=name, state=state)


def call(edge: str, effect: str | None, *, node: str = "900", **params: str) -> dict[str, Any]:
    return {"path": f"/{node}/{edge}", "method": "POST", "effect": effect, "params": params, "reply": {}}


def test_a_step_that_was_done_and_is_not_any_more_went_back() -> None:
    done: dict[str, set[str]] = {}
    assert laws.went_back([step("register", "running"), step("credit", "done")], done) == []
    assert laws.went_back([step("register", "done"), step("credit", "done")], done) == []
    assert laws.went_back([step("register", "not_started"), step("credit", "done")], done) == [
        "register was done once, and is not_started now"
    ]
    assert laws.went_back([step("register", "not_started", "run-2")], done) == [], "another run's step is another"


def test_a_step_that_was_waived_afterwards_or_went_with_its_plan_has_not_gone_back() -> None:
    done = {"run-1": {"register", "verify"}}
    assert laws.went_back([step("register", "skipped")], done) == []


def test_a_token_whose_version_falls_went_back() -> None:
    seen: dict[str, int] = {}
    assert laws.versions_went_back([("900", 2)], seen) == []
    assert laws.versions_went_back([("900", 3)], seen) == []
    assert laws.versions_went_back([("900", 2), ("901", 1)], seen) == ["the token of 900 went from version 3 back to 2"]


@pytest.mark.parametrize(
    ("log", "wrong"),
    [
        ([call("register", None), call("register", "registered")], []),
        (
            [call("register", "registered"), call("register", "registered")],
            ["register of 900 was asked for again after it had been done"],
        ),
        ([call("register", "registered"), call("register", "registered", node="901")], []),
        ([call("register", None)] * 10, []),
        ([call("register", None)] * 11, ["11 registers of 900"]),
        (
            [call("whatsapp_credit_sharing_and_attach", "credit_attached", node=line, waba_id="7") for line in "12"],
            ["whatsapp_credit_sharing_and_attach of 7 was asked for again after it had been done"],
        ),
        (
            [call("smb_app_data", "history_synced", sync_type="history")] * 2,
            ["history_synced twice for 900"],
        ),
    ],
)
def test_what_happens_once_and_is_asked_for_again_is_named(log: list[dict[str, Any]], wrong: list[str]) -> None:
    assert twice(log) == wrong


@pytest.mark.parametrize(
    ("effects", "replies", "wrong"),
    [
        (["sent"], [{"messages": []}], []),
        ([None, "sent"], [{"error": {"code": 1}}, {"messages": []}], []),
        ([None, "sent"], [None, {"messages": []}], ["2 times key-1"]),
        (["sent", "sent"], [{"messages": []}, {"messages": []}], ["2 times key-1"]),
    ],
)
def test_an_answer_that_may_have_come_is_not_sent_again(
    effects: list[str | None], replies: list[Any], wrong: list[str]
) -> None:
    log = [
        call("messages", effect, biz_opaque_callback_data="key-1") | {"reply": reply}
        for effect, reply in zip(effects, replies, strict=True)
    ]
    assert laws.answered_twice(log) == wrong


class _Told:
    """As much of a progress as the law looks at."""

    def __init__(self, state: str, trouble: Any = None, *, has_step: bool = True) -> None:
        self.state = state
        self.current = _Step(trouble) if has_step else None


class _Step:
    def __init__(self, trouble: Any) -> None:
        self.trouble = trouble


class _Trouble:
    def __init__(self, do: str) -> None:
        self.do = do


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        (_Told("live"), None),
        (_Told("open"), "it is open, and nothing will move it"),
        (_Told("waiting"), "it is waiting, and nothing will move it"),
        (_Told("needs_attention"), "it is parked without a reason"),
        (_Told("stopped", has_step=False), "it is parked without a reason"),
        (_Told("stopped", _Trouble("")), "it is parked without anything to do"),
        (_Told("stopped", _Trouble("Press the button.")), None),
    ],
)
def test_whoever_stands_still_without_a_reason_and_a_way_on_is_stuck(seen: _Told, wrong: str | None) -> None:
    assert laws.stuck(cast(Progress, seen), {"live"}) == wrong
