"""When steps start, how long they wait, and what is read off a token."""

from datetime import UTC, datetime, timedelta

import pytest

from app.onboarding import rules
from app.onboarding.plans import PLANS
from app.onboarding.rules import StepFacts, back_off, missing_scopes, owns_account, ready_steps

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
STANDARD, COEXISTENCE = PLANS["standard"], PLANS["coexistence"]


def steps(*names: str, **states: str) -> dict[str, StepFacts]:
    """Steps of the standard plan (or those named), `not_started` unless said."""
    wanted = names or ("exchange", "subscribe", "credit", "register", "test")
    return {name: StepFacts(name, states.get(name, "not_started")) for name in wanted}


def ready(given: dict[str, StepFacts], *under_way: str, plan: str = "standard") -> list[str]:
    return ready_steps(PLANS[plan], given, under_way=under_way, now=NOON)


def test_nothing_but_the_exchange_can_start_first() -> None:
    assert ready(steps()) == ["exchange"]


def test_after_the_exchange_three_steps_start_side_by_side_in_the_plans_order() -> None:
    assert ready(steps(exchange="done")) == ["subscribe", "credit", "register"]


def test_with_a_phone_app_number_the_syncs_wait_for_the_subscription() -> None:
    names = ("exchange", "subscribe", "credit", "sync", "test")
    assert ready(steps(*names, exchange="done"), plan="coexistence") == ["subscribe", "credit"]
    assert ready(steps(*names, exchange="done", subscribe="done"), plan="coexistence") == ["credit", "sync"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"exchange": "done", "subscribe": "done", "credit": "refused", "register": "done"}, ["test"]),
        ({"exchange": "done", "subscribe": "done", "credit": "done", "register": "waiting"}, []),
        ({"exchange": "done", "subscribe": "running", "credit": "done", "register": "done"}, ["subscribe"]),
        ({"exchange": "done", "subscribe": "done", "credit": "done", "register": "skipped"}, ["test"]),
        ({"exchange": "skipped", "subscribe": "done", "credit": "done", "register": "done"}, ["test"]),
        ({"exchange": "refused"}, []),
        ({"exchange": "running"}, ["exchange"]),
    ],
)
def test_a_step_starts_once_all_before_it_are_settled(given: dict[str, str], expected: list[str]) -> None:
    assert ready(steps(**given)) == expected


def test_a_phone_app_number_is_tested_once_it_has_synced() -> None:
    names = ("exchange", "subscribe", "credit", "sync", "test")
    done = {"exchange": "done", "subscribe": "done", "credit": "done"}
    assert ready(steps(*names, **done), plan="coexistence") == ["sync"]
    assert ready(steps(*names, **done, sync="done"), plan="coexistence") == ["test"]


@pytest.mark.parametrize("state", ["done", "skipped", "refused", "needs_client", "needs_us"])
def test_a_settled_or_parked_step_never_starts(state: str) -> None:
    assert ready(steps(exchange=state)) == (["subscribe", "credit", "register"] if state in {"done", "skipped"} else [])


@pytest.mark.parametrize("state", ["not_started", "running"])
def test_a_step_cut_off_by_a_death_starts_again_unless_this_walk_runs_it(state: str) -> None:
    given = steps(exchange="done", subscribe="done", credit="done", register=state)
    assert ready(given) == ["register"]
    assert ready(given, "register") == []


@pytest.mark.parametrize("state", ["retrying", "waiting"])
@pytest.mark.parametrize(
    ("at", "expected"),
    [(NOON - A_MOMENT, True), (NOON, True), (NOON + A_MOMENT, False), (None, False)],
)
def test_a_wait_ends_at_its_very_time_and_never_without_one(state: str, at: datetime | None, expected: bool) -> None:
    given = steps() | {"exchange": StepFacts("exchange", state, next_try_at=at)}
    assert (ready(given) == ["exchange"]) is expected


def test_the_next_look_is_the_earliest_of_those_that_wait_for_a_time() -> None:
    later, sooner = NOON + timedelta(seconds=9), NOON + timedelta(seconds=3)
    given = [
        StepFacts("subscribe", "retrying", next_try_at=later),
        StepFacts("credit", "waiting", next_try_at=sooner),
        StepFacts("register", "waiting"),
        StepFacts("test", "refused", next_try_at=NOON),
        StepFacts("exchange", "done", next_try_at=NOON),
    ]
    assert rules.next_look(given) == sooner
    assert rules.next_look(given[:1]) == later
    assert rules.next_look(given[2:]) is None
    assert rules.next_look([]) is None


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 1), (2, 3), (3, 10), (4, 30), (5, 60), (6, 120), (7, 300), (8, 600)]
)
def test_waits_grow_with_failures_in_a_row_and_jitter_adds_a_fifth_at_most(failures: int, seconds: int) -> None:
    assert back_off(failures, jitter=0) == timedelta(seconds=seconds)
    assert back_off(failures, jitter=1) == timedelta(seconds=seconds) * 1.2
    assert back_off(failures, jitter=0.5) == timedelta(seconds=seconds) * 1.1


@pytest.mark.parametrize(("failures", "goes_on"), [(1, True), (8, True), (9, False), (99, False)])
def test_after_the_last_wait_a_person_decides(failures: int, goes_on: bool) -> None:
    assert (back_off(failures, jitter=0) is not None) is goes_on


@pytest.mark.parametrize(("asked", "seconds"), [(None, 3.0), (0.0, 3.0), (2.0, 3.0), (3.5, 3.5), (300.0, 300.0)])
def test_what_meta_asks_for_is_never_undercut(asked: float | None, seconds: float) -> None:
    assert back_off(2, jitter=0, not_before=asked) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("spent", "here", "by_hand", "may"),
    [
        (0, 0, False, True),
        (2, 2, False, True),
        (3, 3, False, False),
        # Others have spent them: with three left a machine may take one, with two left none.
        (7, 0, False, True),
        (8, 0, False, False),
        (7, 2, False, True),
        (7, 3, False, False),
        (9, 0, True, True),
        (9, 9, True, True),
        (10, 0, True, False),
        (10, 10, True, False),
        (11, 0, True, False),
    ],
)
def test_a_machine_leaves_the_last_registers_to_people_and_nobody_makes_an_eleventh(
    spent: int, here: int, by_hand: bool, may: bool
) -> None:
    assert rules.may_register(spent, here=here, by_hand=by_hand) is may


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (["whatsapp_business_management", "whatsapp_business_messaging"], []),
        (["whatsapp_business_messaging", "whatsapp_business_management", "public_profile"], []),
        (["whatsapp_business_management"], ["whatsapp_business_messaging"]),
        (["whatsapp_business_messaging", "business_management"], ["whatsapp_business_management"]),
        (["whatsapp_business_manage_events"], ["whatsapp_business_management", "whatsapp_business_messaging"]),
        ([], ["whatsapp_business_management", "whatsapp_business_messaging"]),
    ],
)
def test_both_whatsapp_permissions_are_needed_and_the_missing_ones_named(scopes: list[str], missing: list[str]) -> None:
    assert missing_scopes(scopes) == missing


@pytest.mark.parametrize(
    ("targets", "owned"),
    [
        (None, True),
        (["524126980791429"], True),
        (["503299", "524126980791429"], True),
        (["503299"], False),
        ([], False),
    ],
)
def test_a_token_reaches_its_targets_and_without_the_list_every_asset(targets: list[str] | None, owned: bool) -> None:
    assert owns_account("524126980791429", targets) is owned


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hi, test K7QX", True),
        ("K7QX", True),
        ("hi, test k7qx.", True),
        ("(K7QX)", True),
        ("HI,TEST-K7QX!", True),
        ("K7QX\nthanks", True),
        ("hi, test K7QXY", False),
        ("hi, test AK7QX", False),
        ("K 7 Q X", False),
        ("K7 QX", False),
        ("hi, test", False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_whole_word_counts_however_it_is_written(text: str | None, says: bool) -> None:
    assert rules.says_word(text, "K7QX") is says
    assert rules.says_word(text, "k7qx") is says


def test_the_last_wanted_proof_gives_the_time() -> None:
    seen = {"token_valid": NOON, "message_in": NOON + timedelta(hours=1), "message_out": NOON - timedelta(hours=1)}
    assert rules.reached_at(["token_valid", "message_in"], seen) == NOON + timedelta(hours=1)
    assert rules.reached_at(["message_out", "token_valid"], seen) == NOON
    assert rules.reached_at(["token_valid", "credit_attached"], seen) is None


def test_the_week_has_room_until_the_limit_is_reached() -> None:
    moments = [NOON - timedelta(days=day) for day in range(9)]
    room = rules.weekly_room(moments, limit=8, now=NOON)
    assert (room.used, room.limit, room.left, room.is_full, room.opens_at) == (7, 8, 1, False, None)
    room = rules.weekly_room(moments, limit=7, now=NOON)
    assert (room.used, room.left, room.is_full) == (7, 0, True)
    # The oldest that counts was six days ago.
    assert room.opens_at == NOON + timedelta(days=1)


def test_over_the_limit_as_many_must_grow_old_as_are_too_many() -> None:
    moments = [NOON - timedelta(days=day) for day in (1, 5, 3, 2, 4)]
    room = rules.weekly_room(moments, limit=3, now=NOON)
    assert (room.used, room.left) == (5, 0)
    # Those of five and four days ago leave first; with the one of three days ago gone, two are left.
    assert room.opens_at == NOON + timedelta(days=4)


def test_exactly_a_week_ago_does_not_count_any_more() -> None:
    week = timedelta(days=7)
    assert rules.weekly_room([NOON - week], limit=1, now=NOON).used == 0
    assert rules.weekly_room([NOON - week + timedelta(seconds=1)], limit=1, now=NOON).used == 1


@pytest.mark.parametrize(
    ("used", "limit", "told"),
    [(0, 10, False), (7, 10, False), (8, 10, True), (10, 10, True), (159, 200, False), (160, 200, True), (1, 1, True)],
)
def test_staff_are_told_when_four_fifths_are_used(used: int, limit: int, told: bool) -> None:
    assert rules.weekly_room([NOON] * used, limit=limit, now=NOON).is_nearly_full is told
