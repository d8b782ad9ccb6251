"""Reading values of any shape without an accident."""

from datetime import UTC, datetime

import pytest

from app.webhooks.loose import dig, int_at, items_at, moment_at, text_at


def test_digging_stops_at_what_is_not_there() -> None:
    assert dig({"a": {"b": 7}}, "a", "b") == 7
    assert dig({"a": {"b": 7}}, "a", "c", "d") is None
    assert dig({"a": [1]}, "a", "b") is None
    assert dig("text", "a") is None
    assert dig(7) == 7


@pytest.mark.parametrize(
    ("value", "text"),
    [("x", "x"), (7, "7"), (0, "0"), ("", None), (True, None), (None, None), (1.5, None), ([], None), ({}, None)],
)
def test_text_is_text_or_a_whole_number(value: object, text: str | None) -> None:
    assert text_at({"a": value}, "a") == text


@pytest.mark.parametrize(("value", "items"), [([1, 2], [1, 2]), ([], []), (None, []), ({"x": 1}, [{"x": 1}]), (7, [7])])
def test_items_are_a_list_or_the_one_thing_that_stands_for_it(value: object, items: list[object]) -> None:
    assert items_at({"a": value}, "a") == items
    assert items_at({}, "a") == []


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (131047, 131047),
        ("131047", 131047),
        (0, 0),
        (2_147_483_647, 2_147_483_647),
        (2_147_483_648, None),
        ("99999999999999999999", None),
        (-5, None),
        ("1.5", None),
        ("²", None),
        (True, None),
        (None, None),
    ],
)
def test_a_whole_number_fits_its_column(value: object, number: int | None) -> None:
    assert int_at({"a": value}, "a") == number


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("1790000000", datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        (1790000000, datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        ("253402300799", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("253402300800", None),
        ("999999999999", None),
        ("1790000000000", None),
        ("-1", None),
        ("soon", None),
        ("１７９", datetime(1970, 1, 1, 0, 2, 59, tzinfo=UTC)),
        (None, None),
        (1790000000.5, None),
    ],
)
def test_a_moment_is_unix_seconds_or_nothing(value: object, moment: datetime | None) -> None:
    assert moment_at({"t": value}, "t") == moment
