import pytest

from app.kit import errors
from app.kit.errors import AppError, Fault, InvalidInput, NotAllowed, TooMany

TABLE = [
    (errors.NotFound("x"), 404, "not_found"),
    (errors.NotAllowed("x"), 403, "not_allowed"),
    (errors.Conflict("x"), 409, "conflict"),
    (errors.TooLarge("x"), 413, "too_large"),
    (errors.TooMany("x", retry_after=3), 429, "too_many"),
    (errors.Unavailable("x"), 503, "unavailable"),
    (errors.InvalidInput([Fault("a", "b")]), 422, "invalid_input"),
    (errors.AppError("x"), 500, "error"),
]


@pytest.mark.parametrize(("error", "status", "code"), TABLE, ids=lambda value: type(value).__name__)
def test_each_meaning_has_its_status_and_a_code_for_programs(error: AppError, status: int, code: str) -> None:
    assert isinstance(error, AppError)
    assert (error.status, error.code) == (status, code)
    assert error.title


def test_a_raiser_may_name_the_case_more_exactly() -> None:
    assert errors.Conflict("busy", code="being_completed").code == "being_completed"
    assert errors.Conflict.code == "conflict"


def test_who_is_not_known_is_asked_who_they_are() -> None:
    assert NotAllowed("who are you?", known=False).status == 401
    assert NotAllowed("not you").status == 403


def test_invalid_input_names_every_field_and_its_rule() -> None:
    error = InvalidInput([Fault("contact.email", "is missing"), Fault("plans", "knows no such plan")], code="bad_link")
    assert str(error) == "contact.email: is missing; plans: knows no such plan"
    assert error.faults == (Fault("contact.email", "is missing"), Fault("plans", "knows no such plan"))
    assert error.code == "bad_link"


def test_slow_down_says_for_how_long() -> None:
    assert TooMany("slow down", retry_after=30).retry_after == 30
