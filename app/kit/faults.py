"""What pydantic found wrong, as our faults: a dotted field and a sentence, never the value that was sent."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.kit.errors import Fault, InvalidInput

Model = TypeVar("Model", bound=BaseModel)

# Sentences for what people get wrong most. pydantic's own words do for the rest: they state the rule, not the value.
_SENTENCES = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this door",
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "string_too_short": "needs at least {min_length} characters",
    "string_too_long": "may have at most {max_length} characters",
    "too_short": "needs at least {min_length} entries",
    "too_long": "may have at most {max_length} entries",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "string_pattern_mismatch": "has a shape that is not accepted",
}


def checked(model: type[Model], given: Mapping[str, Any]) -> Model:
    """The model made of what arrived, or `InvalidInput` with every broken rule."""
    try:
        return model.model_validate(given)
    except ValidationError as refused:
        raise InvalidInput(faults_of(refused)) from None


def faults_of(refused: ValidationError) -> tuple[Fault, ...]:
    """Each error's place and rule; the inputs and pydantic's addresses are left behind."""
    found = refused.errors(include_input=False, include_url=False)
    return tuple(
        Fault(_place(error["loc"]), _sentence(error["type"], error.get("ctx", {}), error["msg"])) for error in found
    )


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "body"


def _sentence(kind: str, context: Mapping[str, Any], words: str) -> str:
    if kind in {"string_too_short", "too_short"} and context["min_length"] == 1:
        return "must not be empty"
    known = _SENTENCES.get(kind)
    if known is not None:
        return known.format_map(context)
    return words.removeprefix("Value error, ").removeprefix("Input should be ")
