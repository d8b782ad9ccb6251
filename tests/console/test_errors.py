import pytest

from tests.console.staff import Desk

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def test_the_catalogue_is_found_by_number(desk: Desk) -> None:
    page = desk.get("/console/errors?find=133005").text
    assert 'id="pin_mismatch"' in page
    assert 'id="token_expired"' not in page
    assert "Enter the PIN" in page


def test_the_catalogue_is_found_by_words_and_shown_whole(desk: Desk) -> None:
    assert 'id="credit_not_allowed"' in desk.get("/console/errors?find=credit+line").text
    whole = desk.get("/console/errors").text
    assert 'id="pin_mismatch"' in whole
    assert 'id="callback_differs"' in whole


def test_what_is_not_there_is_said_and_nothing_typed_becomes_markup(desk: Desk) -> None:
    page = desk.get("/console/errors?find=<b>elephants</b>").text
    assert "Nothing in the catalogue speaks of “&lt;b&gt;elephants&lt;/b&gt;”" in page


def test_the_catalogue_is_for_staff(nobody: Desk) -> None:
    assert nobody.get("/console/errors").status_code == 303
