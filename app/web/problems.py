"""Errors for programs: one shape at every API door, RFC 9457 problem+json.

{"type", "title", "status", "detail", "code", "errors": [{"field", "rule"}]}
"""

import json

from flask import Response

from app.kit.errors import AppError, InvalidInput, NotAllowed, TooMany


def problem(error: AppError) -> Response:
    """The response that tells a program what an error means. Holds nothing of the request."""
    faults = error.faults if isinstance(error, InvalidInput) else ()
    body = {
        "type": f"urn:gangway:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "errors": [{"field": fault.field, "rule": fault.rule} for fault in faults],
    }
    response = Response(json.dumps(body), error.status, content_type="application/problem+json")
    response.headers.extend(headers_of(error))
    return response


def headers_of(error: AppError) -> dict[str, str]:
    """What belongs in the head of any answer to this error, page or problem."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, NotAllowed) and error.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if error.status == 503:
        return {"Retry-After": "5"}
    return {}
