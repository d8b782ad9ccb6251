"""`@reads`: what arrived, checked against the models in a view's signature, before the view runs.

    @bp.get("/v1/links/<link_id>")
    @scope("links:read")
    @reads
    def show_link(path: LinkPath) -> …

flask-openapi3 writes the document from the same signature. Its own checking is left out: it parses JSON more loosely
than our other doors do, and answers with what was sent.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, get_type_hints

from flask import request
from pydantic import BaseModel, ValidationError

from app.kit.errors import Fault, InvalidInput, NotFound
from app.kit.faults import checked
from app.web.requests import read_json

LARGEST = 64 * 1024
"""Bytes a body may have."""


def reads(view: Callable[..., Any]) -> Callable[..., Any]:
    """Hand a view its `path`, `query` and `body`; each is a pydantic model, and may be left out of the signature."""
    hints = get_type_hints(view)
    models = {name: hints[name] for name in signature(view).parameters}

    @wraps(view)
    def checked_view(**path_values: Any) -> Any:
        given: dict[str, BaseModel] = {}
        if "path" in models:
            given["path"] = _path(models["path"], path_values)
        if "query" in models:
            given["query"] = checked(models["query"], _query())
        if "body" in models:
            given["body"] = checked(models["body"], read_json(LARGEST))
        return view(**given)

    checked_view.__delay_validate_request__ = True  # type: ignore[attr-defined]
    return checked_view


def _path(model: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    try:
        return model.model_validate(values)
    except ValidationError:
        # An id that cannot be is an id that is not there.
        raise NotFound("There is nothing at this address.") from None


def _query() -> dict[str, str]:
    doubled = [name for name, values in request.args.lists() if len(values) > 1]
    if doubled:
        raise InvalidInput([Fault(name[:64], "is given more than once") for name in doubled])
    return request.args.to_dict()
