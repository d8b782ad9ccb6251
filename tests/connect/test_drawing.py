"""What is read off an onboarding: numbers in groups, the QR code, the order of troubles."""

import pytest

from app.connect.drawing import qr
from app.connect.views import initials
from app.connect.words import digits_of, international


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("+44 7700 900142", "+44 7700 900142"),
        ("447700900142", "+44 7700 900142"),
        ("+1 555-010-0110", "+1 555-010-0110"),
        ("+55 11 3000-0000", "+55 11 3000-0000"),
        ("not a number", "not a number"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_is_shown_in_international_groups_and_never_broken(given: str | None, shown: str) -> None:
    # Neither a space nor a hyphen ends a line here: the one never does, the other stands between two word joiners.
    wanted = shown if given == "not a number" else shown.replace(" ", "\u00a0").replace("-", "\u2060-\u2060")

    assert international(given) == wanted


def test_the_digits_of_a_number_are_what_an_address_needs() -> None:
    assert digits_of("+44 7700 900-142") == "447700900142"


def test_the_qr_code_is_a_drawing_without_style_or_script() -> None:
    drawn = str(qr("https://wa.me/447700900142?text=hi%2C%20test%20K7QX"))

    assert drawn.startswith('<svg viewBox="0 0 ')
    assert drawn.count("<path") == 2
    assert "style" not in drawn
    assert "wa.me" not in drawn


@pytest.mark.parametrize(("name", "letters"), [("Example Bakery", "EB"), ("one", "O"), ("A b c", "AB"), ("", "")])
def test_two_letters_stand_for_a_firm(name: str, letters: str) -> None:
    assert initials(name) == letters
