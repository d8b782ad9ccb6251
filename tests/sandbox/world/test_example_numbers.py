"""How a typed number behaves, and how it is shown."""

import pytest

from sandbox.world.example_numbers import EXAMPLES, NumberKind, find_example, to_display


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+1 (555) 010-0110", NumberKind.NEW),
        ("+1 555 010 0199", NumberKind.NEW),
        ("+55 11 30000-0070", NumberKind.PHONE_APP),
        ("+1 555 078 3881", NumberKind.META),
        ("+1 555 010 0185", NumberKind.PREREGISTERED),
        ("1234567", NumberKind.INVALID),
        ("1234567890123456", NumberKind.INVALID),
        ("no number", NumberKind.INVALID),
    ],
)
def test_the_last_two_digits_decide(number: str, kind: NumberKind) -> None:
    assert find_example(number).kind == kind


def test_each_example_is_an_example_of_itself() -> None:
    assert [find_example(example.number) for example in EXAMPLES] == list(EXAMPLES)


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("15550100110", "+1 555-010-0110"),
        ("551130000000", "+55 11 3000-0000"),
        ("5511930000000", "+55 11 93000-0000"),
        ("49301234567", "+49 30 1234567"),
    ],
)
def test_numbers_are_shown_formatted(digits: str, shown: str) -> None:
    assert to_display(digits) == shown
