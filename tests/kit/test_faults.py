from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from app.kit.errors import InvalidInput
from app.kit.faults import checked


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    word: str = Field(min_length=1, max_length=3)


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")
    count: int = Field(ge=1, le=9)
    kind: Literal["a", "b"] = "a"
    inner: Inner | None = None


def refused(**given: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        checked(Form, given)
    return {fault.field: fault.rule for fault in error.value.faults}


def test_what_is_right_becomes_the_model() -> None:
    assert checked(Form, {"count": 3}) == Form(count=3)


def test_every_broken_rule_has_its_place_and_sentence() -> None:
    assert refused(kind="c", inner={"word": "long", "extra": 1}, typo=True) == {
        "count": "is required",
        "kind": "must be 'a' or 'b'",
        "inner.word": "may have at most 3 characters",
        "inner.extra": "is not a field of this door",
        "typo": "is not a field of this door",
    }


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"count": 0}, "must be 1 or more"),
        ({"count": 10}, "must be 9 or less"),
        ({"count": "x"}, "must be a whole number"),
        ({"count": []}, "must be a whole number"),
        ({"count": 1, "inner": {"word": ""}}, "must not be empty"),
        ({"count": 1, "inner": 7}, "must be an object"),
    ],
)
def test_sentences_say_the_rule(given: dict[str, object], rule: str) -> None:
    assert list(refused(**given).values()) == [rule]


@given(st.text(min_size=12, alphabet="QXZJK0987"))
def test_no_sentence_holds_what_was_sent(value: str) -> None:
    found = refused(count=value, kind=value, inner={"word": value})
    assert value not in " ".join(found.values())
