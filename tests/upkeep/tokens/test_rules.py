"""When a token is renewed, who is warned when, and which token may take another's place; tables written by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from app.upkeep.tokens.rules import (
    Described,
    again_after,
    fault_in,
    goes_on,
    must_warn,
    next_stage_at,
    plan,
    renew_at,
    share_of,
    stage_of,
)

BEGAN = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
APP = "1234567890"


@pytest.mark.parametrize(
    ("life", "from_day", "first_day"),
    [
        (60, 45, 45.0),
        (60, 30, 30.0),
        (60, 58, 45.0),  # never with less than a fortnight and a day left
        (90, 45, 45.0),
        (20, 45, 10.0),  # a shorter one: half its life
        (30, 45, 15.0),
        (1, 45, 0.5),
    ],
)
def test_a_token_is_renewed_from_its_day_on_and_in_any_case_before_it_is_late(
    life: int, from_day: int, first_day: float
) -> None:
    at = renew_at(BEGAN, BEGAN + life * DAY, from_day=from_day, key="some-key")
    assert at is not None
    first = BEGAN + first_day * DAY
    assert first <= at <= first + min(timedelta(hours=12), life * DAY / 100)
    assert at == renew_at(BEGAN, BEGAN + life * DAY, from_day=from_day, key="some-key")


def test_tokens_made_together_are_not_due_together() -> None:
    times = {renew_at(BEGAN, BEGAN + 60 * DAY, from_day=45, key=f"key {n}") for n in range(500)}
    assert len(times) == 500
    assert all(0 <= share_of(f"key {n}") < 1 for n in range(500))


def test_a_token_without_end_is_never_due() -> None:
    assert renew_at(BEGAN, None, from_day=45, key="k") is None
    assert stage_of(None, BEGAN) is None
    assert next_stage_at(None, BEGAN) is None


@pytest.mark.parametrize(
    ("days_left", "stage", "next_in"),
    [
        (15.0, None, 1.0),
        (14.0, 14, 7.0),
        (7.1, 14, 0.1),
        (7.0, 7, 4.0),
        (3.0, 3, 2.0),
        (1.0, 1, 1.0),
        (0.1, 1, 0.1),
    ],
)
def test_the_stages_are_fourteen_seven_three_and_one(days_left: float, stage: int | None, next_in: float) -> None:
    ends = BEGAN + days_left * DAY
    assert stage_of(ends, BEGAN) == stage
    following = next_stage_at(ends, BEGAN)
    assert following is not None
    assert abs((following - BEGAN) - next_in * DAY) < timedelta(seconds=1)


def test_what_has_ended_has_no_stage_any_more() -> None:
    assert stage_of(BEGAN, BEGAN) is None
    assert next_stage_at(BEGAN, BEGAN) is None


@pytest.mark.parametrize(
    ("state", "failures", "days_left", "warned"),
    [
        ("refused", 1, 14.5, False),
        ("refused", 1, 14.0, True),
        ("waiting", 4, 10.0, False),  # Meta only asks us to come back, and there is time
        ("waiting", 4, 7.0, True),
        ("waiting", 0, 5.0, False),
        ("refused", 9, -0.1, False),
    ],
)
def test_people_hear_of_it_when_meta_refuses_or_the_end_is_near(
    state: str, failures: int, days_left: float, warned: bool
) -> None:
    assert must_warn(state, failures, BEGAN + days_left * DAY, BEGAN) is warned


def test_silence_is_waited_out_ever_longer_and_metas_own_time_counts() -> None:
    waits = [again_after(n, key="k", retry_after=None) for n in range(1, 9)]
    minutes = [wait.total_seconds() / 60 for wait in waits]
    for wait, middle in zip(minutes, (5, 15, 45, 135, 360, 360, 360, 360), strict=True):
        assert 0.75 * middle <= wait <= 1.25 * middle
    assert again_after(1, key="k", retry_after=7200) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("outcome", "failures", "further"),
    [
        ("refused", 0, True),
        ("not_later", 0, True),
        ("busy", 0, False),
        ("lost", 2, False),
        ("busy", 3, True),
        ("lost", 3, True),
    ],
)
def test_after_a_no_the_next_way_is_tried_and_after_silence_only_in_the_end(
    outcome: str, failures: int, further: bool
) -> None:
    assert goes_on(outcome, failures) is further


def described(**changed: object) -> Described:
    base = {
        "is_valid": True,
        "app_id": APP,
        "scopes": frozenset({"whatsapp_business_management", "whatsapp_business_messaging"}),
        "targets": {"whatsapp_business_management": ("1", "2"), "whatsapp_business_messaging": ("1", "2")},
        "ends_at": BEGAN + 60 * DAY,
    }
    return Described(**(base | changed))  # type: ignore[arg-type]


OLD = described(ends_at=BEGAN + 15 * DAY)


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        (described(), None),
        (described(ends_at=None), None),
        (described(is_valid=False), "invalid"),
        (described(app_id="999"), "other_app"),
        (described(app_id=None), "other_app"),
        (described(scopes=frozenset({"whatsapp_business_messaging"})), "other_scopes"),
        (described(targets={"whatsapp_business_management": ("1", "2")}), "other_targets"),
        (
            described(targets={"whatsapp_business_management": ("1",), "whatsapp_business_messaging": ("1", "2")}),
            "other_targets",
        ),
        (
            described(
                targets={"whatsapp_business_management": ("2", "1", "3"), "whatsapp_business_messaging": ("1", "2")}
            ),
            None,
        ),
        (described(targets={"whatsapp_business_management": None, "whatsapp_business_messaging": None}), None),
        (described(ends_at=BEGAN + 15 * DAY), "not_later"),
        (described(ends_at=BEGAN + 14 * DAY), "not_later"),
    ],
)
def test_a_new_token_is_proven_before_it_takes_the_old_ones_place(new: Described, fault: str | None) -> None:
    assert fault_in(new, OLD, app_id=APP) == fault


def test_a_token_that_reached_everything_is_not_replaced_by_one_that_reaches_some() -> None:
    old = described(targets={"whatsapp_business_management": None}, ends_at=BEGAN + DAY)
    assert fault_in(described(), old, app_id=APP) == "other_targets"


def test_never_ending_is_not_traded_for_sixty_days() -> None:
    assert fault_in(described(), described(ends_at=None), app_id=APP) == "not_later"


def test_whatever_lives_is_better_than_a_dead_one() -> None:
    old = described(is_valid=False, ends_at=BEGAN + 90 * DAY)
    assert fault_in(described(), old, app_id=APP) is None


def planned(
    verdict: str, *, state: str = "waiting", failures: int = 0, left: float | None = 15, **more: object
) -> object:
    given: dict[str, object] = {
        "began_at": BEGAN - 45 * DAY,
        "ends_at": None if left is None else BEGAN + left * DAY,
        "dead_since": None,
        "retry_after": None,
        "from_day": 45,
        "key": "k",
        "now": BEGAN,
    }
    then = plan(verdict, state=state, failures=failures, **(given | more))  # type: ignore[arg-type]
    due = None if then.due_at is None else round((then.due_at - BEGAN) / DAY, 3)
    return then.state, then.failures, due


def test_what_follows_a_look() -> None:
    assert planned("gone", failures=3) == ("gone", 0, None)
    assert planned("renewed", state="refused", failures=3, left=None) == ("lasting", 0, None)
    # A refusal is asked about again each day, and never so late that a warning would come late.
    assert planned("refused") == ("refused", 1, 1.0)
    assert planned("refused", failures=4, left=14.25) == ("refused", 5, 0.25)
    assert planned("refused", failures=9, left=0.5) == ("refused", 10, 0.5)
    assert planned("dead", state="waiting") == ("dead", 1, 1.0)
    assert planned("dead", state="dead", dead_since=BEGAN - 31 * DAY) == ("dead", 1, None)
    assert planned("later", state="new", retry_after=86400) == ("waiting", 1, 1.0)
    assert planned("later", state="refused", left=7.5, retry_after=86400) == ("refused", 1, 0.5)
    assert planned("later", state="dead", retry_after=86400) == ("dead", 1, 1.0)
