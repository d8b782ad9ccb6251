import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def test_a_code_is_explained_with_who_acts_and_what_helps(run: Run) -> None:
    said = run("errors", "explain", "133005", "--step", "register")
    assert said.exit_code == 0
    assert "pin_mismatch" in said.stdout
    assert "Client" in said.stdout
    assert "Enter the PIN" in said.stdout
    assert "https://business.facebook.com/wa/manage/phone-numbers/" in said.stdout


def test_the_step_decides_whose_token_it_was(run: Run) -> None:
    assert "system_token_invalid" in run("errors", "explain", "190", "--step", "fetch").stdout
    assert "token_invalid" in run("errors", "explain", "190", "--step", "subscribe").stdout


def test_what_is_no_number_is_refused(run: Run) -> None:
    said = run("errors", "explain", "pin")
    assert said.exit_code == 1
    assert "code: must be a number of Meta’s" in said.stderr


def test_the_list_holds_what_was_searched_for(run: Run) -> None:
    said = run("errors", "list", "two-step", "PIN")
    assert "133005" in said.stdout
    assert "131056" not in said.stdout
    assert "Nothing in the catalogue" in run("errors", "list", "elephants").stderr
