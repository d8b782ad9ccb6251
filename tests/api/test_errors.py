import pytest

from tests.api.conftest import MakeProgram
from tests.api.program import Program, faults_of

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def test_an_error_is_explained(program: Program) -> None:
    said = program.get("/v1/errors/133005", step="register")
    assert said.status_code == 200
    told = said.get_json()
    assert (told["key"], told["who"], told["button"], told["retry"]) == (
        "pin_mismatch",
        "client",
        "enter_pin",
        "by_hand",
    )
    assert told["step"] == "register"
    assert told["link"] == "https://business.facebook.com/wa/manage/phone-numbers/"


def test_a_subcode_counts(program: Program) -> None:
    assert program.get("/v1/errors/190", subcode="463").get_json()["key"] == "token_expired"
    assert program.get("/v1/errors/100", subcode="36007", step="exchange").get_json()["key"] == "code_expired"


def test_a_code_nobody_wrote_about_has_an_answer_all_the_same(program: Program) -> None:
    assert program.get("/v1/errors/987654").get_json()["key"] == "refused"


def test_what_is_no_code_or_step_is_refused(program: Program, with_scopes: MakeProgram) -> None:
    assert program.get("/v1/errors/pin").status_code == 404
    assert "step" in faults_of(program.get("/v1/errors/1", step="dance"))
    assert with_scopes("links:read").get("/v1/errors/1").status_code == 403
