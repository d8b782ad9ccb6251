"""How much room Meta's weekly limit leaves."""

from datetime import UTC, datetime, timedelta

import pytest

from app.onboarding.links.room import weekly_room

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_the_week_has_room_until_the_limit_is_reached() -> None:
    moments = [NOON - timedelta(days=day) for day in range(9)]
    room = weekly_room(moments, limit=8, now=NOON)
    assert (room.used, room.limit, room.left, room.is_full, room.opens_at) == (7, 8, 1, False, None)
    room = weekly_room(moments, limit=7, now=NOON)
    assert (room.used, room.left, room.is_full) == (7, 0, True)
    # The oldest that counts was six days ago.
    assert room.opens_at == NOON + timedelta(days=1)


def test_over_the_limit_as_many_must_grow_old_as_are_too_many() -> None:
    moments = [NOON - timedelta(days=day) for day in (1, 5, 3, 2, 4)]
    room = weekly_room(moments, limit=3, now=NOON)
    assert (room.used, room.left) == (5, 0)
    # Those of five and four days ago leave first; with the one of three days ago gone, two are left.
    assert room.opens_at == NOON + timedelta(days=4)


def test_exactly_a_week_ago_does_not_count_any_more() -> None:
    week = timedelta(days=7)
    assert weekly_room([NOON - week], limit=1, now=NOON).used == 0
    assert weekly_room([NOON - week + timedelta(seconds=1)], limit=1, now=NOON).used == 1


@pytest.mark.parametrize(
    ("used", "limit", "told"),
    [(0, 10, False), (7, 10, False), (8, 10, True), (10, 10, True), (159, 200, False), (160, 200, True), (1, 1, True)],
)
def test_staff_are_told_when_four_fifths_are_used(used: int, limit: int, told: bool) -> None:
    assert weekly_room([NOON] * used, limit=limit, now=NOON).is_nearly_full is told
