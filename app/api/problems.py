"""The problems every door of the API may answer with, as the document shows them."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict

Responses = dict[str | int | HTTPStatus, type[BaseModel] | dict[Any, Any] | None]
"""What flask-openapi3 takes: a reply for each status."""


class BrokenRule(BaseModel):
    """One broken rule: `field` is a dotted path into what was sent."""

    field: str
    rule: str


class Problem(BaseModel):
    """RFC 9457 problem details, the one shape of every error. `code` is stable; `detail` is for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:gangway:problem:invalid_input",
                    "title": "Some of this cannot be accepted",
                    "status": 422,
                    "detail": "contact.email: is not an e-mail address",
                    "code": "invalid_input",
                    "errors": [{"field": "contact.email", "rule": "is not an e-mail address"}],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[BrokenRule]


def _problem(description: str, code: str, title: str, detail: str, status: int) -> dict[str, Any]:
    example = {
        "type": f"urn:gangway:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [],
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema, "example": example}}}


NO_KEY: Responses = {
    401: _problem(
        "No key, a wrong key, or a revoked one",
        "wrong_key",
        "Not allowed",
        "Send a valid API key as Authorization: Bearer gw_live_…",
        401,
    )
}
NO_SCOPE: Responses = {
    403: _problem(
        "The key lacks the scope", "missing_scope", "Not allowed", "This key lacks the scope links:write.", 403
    )
}
NOT_THERE: Responses = {
    404: _problem("There is no such thing", "not_found", "Not found", "There is nothing at this address.", 404)
}
CLASHES: Responses = {
    409: _problem(
        "It clashes with what is already so; `code` says with what",
        "replaced",
        "This clashes with what is already so",
        "A newer link of this client has taken its place; follow up that one.",
        409,
    )
}
TOO_LARGE: Responses = {
    413: _problem("The body is too long", "too_large", "Too large", "This door takes at most 65,536 bytes.", 413)
}
NOT_ACCEPTED: Responses = {
    422: _problem(
        "Something sent breaks a rule; `errors` names each field and its rule",
        "invalid_input",
        "Some of this cannot be accepted",
        "life_days: must be 90 or less",
        422,
    )
}
TOO_OFTEN: Responses = {
    429: _problem(
        "Too many requests; `Retry-After` says for how many seconds to wait",
        "too_many",
        "Too many requests",
        "That was too often in a short time. Wait a moment, then try again.",
        429,
    )
}
EVERYWHERE: Responses = {**NO_KEY, **NO_SCOPE, **NOT_ACCEPTED, **TOO_OFTEN}
