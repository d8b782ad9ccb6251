"""The catalogue as a list: numbers as people write them, found by number and by words."""

import pytest

from app.kit.errors import InvalidInput
from app.meta.catalogue import entries, read_numbers, search


def keys(wanted: str) -> list[str]:
    return [entry.explanation.key for entry in search(wanted)]


def test_every_explanation_of_a_number_and_every_finding_is_listed_once() -> None:
    listed = [entry.explanation.key for entry in entries()]
    assert len(listed) == len(set(listed))
    assert {"pin_mismatch", "permission_denied", "code_expired", "say_hi", "callback_differs"} <= set(listed)
    assert "meta_busy" not in listed


@pytest.mark.parametrize(
    ("key", "numbers", "steps"),
    [
        ("pin_mismatch", ("133005",), ()),
        ("permission_denied", ("10", "200–299"), ()),
        ("token_expired", ("190/463",), ()),
        ("code_expired", ("100/36007",), ()),
        ("system_token_invalid", ("0/*", "102/*", "190/*"), ("credit", "fetch")),
        ("callback_differs", (), ()),
    ],
)
def test_numbers_are_written_as_people_write_them(key: str, numbers: tuple[str, ...], steps: tuple[str, ...]) -> None:
    entry = next(entry for entry in entries() if entry.explanation.key == key)
    assert (entry.numbers, entry.steps) == (numbers, steps)


@pytest.mark.parametrize(
    ("wanted", "first"),
    [("133005", "pin_mismatch"), ("190/463", "token_expired"), ("100/2388001", "number_held_elsewhere")],
)
def test_a_number_finds_what_speaks_of_it(wanted: str, first: str) -> None:
    assert keys(wanted) == [first]


def test_a_number_inside_a_range_is_found_in_all_steps() -> None:
    assert set(keys("(#270)")) == {"permission_denied", "credit_not_allowed", "token_not_handed_over"}


def test_words_find_what_holds_all_of_them() -> None:
    assert "pin_mismatch" in keys("two-step PIN")
    assert keys("two-step elephants") == []
    assert len(search("")) == len(entries())


@pytest.mark.parametrize(
    ("typed", "numbers"), [("133005", (133005, None)), (" 190/463 ", (190, 463)), ("(#131030)", (131030, None))]
)
def test_numbers_are_read_as_meta_and_people_write_them(typed: str, numbers: tuple[int, int | None]) -> None:
    assert read_numbers(typed) == numbers


@pytest.mark.parametrize("typed", ["", "abc", "190/", "1/2/3", "99999999999"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="code: must be a number of Meta’s"):
        read_numbers(typed)
