"""Reads what a caller sent: query, form, multipart and JSON become one dictionary; ``fields=`` becomes a tree."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from flask import Request

from sandbox.world import Refusal


def read_params(request: Request) -> dict[str, Any]:
    """All parameters of a call. The body wins over the query. Refuses (100) a JSON body that is none."""
    params: dict[str, Any] = request.args.to_dict()
    if request.method == "GET" and not request.content_length:
        return params
    if request.mimetype == "application/json":
        params.update(_read_json(request.get_data()))
    else:
        params.update(request.form.to_dict())
        params.update({name: upload.filename for name, upload in request.files.items()})
    return params


def text(params: dict[str, Any], name: str) -> str | None:
    """A parameter as text, None if it is missing or empty. Numbers are what their digits say."""
    value = params.get(name)
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) or None


def flag(params: dict[str, Any], name: str) -> bool:
    """A parameter that says yes, in any of the ways Graph understands."""
    return (text(params, name) or "").lower() in ("true", "1")


def structure(params: dict[str, Any], name: str) -> Any:
    """A parameter that holds an object or a list, sent as JSON or as text with JSON (or Graph's ``['A']``) in it."""
    value = params.get(name)
    if not isinstance(value, str):
        return value
    for candidate in (value, value.replace("'", '"')):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return None


@dataclass(frozen=True, slots=True)
class Field:
    """One wanted field: ``name.arg(value){inner}``."""

    name: str
    inner: tuple["Field", ...] = ()
    arguments: dict[str, str] = field(default_factory=dict)


_TOKEN = re.compile(r"\s*([A-Za-z0-9_]+|[{},]|\.[a-z_]+\([^)]*\))")


def read_fields(wanted: str) -> tuple[Field, ...]:
    """Parses ``a,b{c,d}.limit(5)``. Refuses (100) what does not follow that syntax."""
    tokens: list[str] = []
    position = 0
    while position < len(wanted.rstrip()):
        found = _TOKEN.match(wanted, position)
        if found is None:
            raise Refusal(100, f"Syntax error at character {position} of the fields parameter")
        tokens.append(found[1])
        position = found.end()
    fields, rest = _read_list(tokens)
    if rest:
        raise Refusal(100, "Syntax error in the fields parameter: unbalanced braces")
    return fields


def _read_list(tokens: list[str]) -> tuple[tuple[Field, ...], list[str]]:
    fields: list[Field] = []
    while tokens and tokens[0] != "}":
        name, *tokens = tokens
        if name == ",":
            continue
        if name in "{" or name.startswith("."):
            raise Refusal(100, "Syntax error in the fields parameter: a name is missing")
        inner: tuple[Field, ...] = ()
        arguments: dict[str, str] = {}
        while tokens and (tokens[0] == "{" or tokens[0].startswith(".")):
            modifier, *tokens = tokens
            if modifier == "{":
                inner, tokens = _read_list(tokens)
                if not tokens:
                    raise Refusal(100, "Syntax error in the fields parameter: unbalanced braces")
                tokens = tokens[1:]
            else:
                key, _, value = modifier[1:-1].partition("(")
                arguments[key] = value
        fields.append(Field(name, inner, arguments))
    return tuple(fields), tokens


def _read_json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        value = json.loads(body)
    except ValueError as error:
        raise Refusal(100, "Invalid parameter", "The request body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise Refusal(100, "Invalid parameter", "The request body must be a JSON object.")
    return value
