"""Meta's error envelope and the HTTP status that goes with each code."""

from typing import Any

from sandbox.world import Refusal

STATUS: dict[int, int] = {
    0: 401,
    2: 503,
    3: 500,
    10: 403,
    102: 401,
    190: 401,
    200: 403,
    368: 403,
    803: 404,
    131000: 500,
    131005: 403,
    131016: 500,
    131031: 403,
    132001: 404,
    133000: 500,
    133004: 503,
}
"""Where it is not 400."""


def http_status(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    return refusal.status or STATUS.get(refusal.code, 400)


def to_envelope(refusal: Refusal, trace_id: str) -> dict[str, Any]:
    """``{"error": {…}}`` exactly as Graph writes it: the title is glued into the message, the details stand apart."""
    message = refusal.title if refusal.bare else f"(#{refusal.code}) {refusal.title}"
    error: dict[str, Any] = {"message": message, "type": _type_of(refusal), "code": refusal.code}
    if refusal.subcode is not None:
        error["error_subcode"] = refusal.subcode
    if refusal.details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": refusal.details}
    error.update(refusal.extra)
    error["fbtrace_id"] = trace_id
    return {"error": error}


def challenge_header(refusal: Refusal) -> str | None:
    """``WWW-Authenticate`` of an OAuth refusal: dead tokens and dead codes carry one."""
    if refusal.code == 190:
        return f'OAuth "Facebook Platform" "invalid_token" "{refusal.title}"'
    if refusal.subcode in (36007, 36009):
        return f'OAuth "Facebook Platform" "invalid_code" "{refusal.title}"'
    return None


def no_such_object(object_id: str, method: str = "GET") -> Refusal:
    """100/33: Graph does not say whether the object is unknown or merely out of reach."""
    text = (
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation."
    )
    return Refusal(100, text, subcode=33, bare=True)


def no_such_field(field: str, node_type: str) -> Refusal:
    """100: a field the node does not have."""
    return Refusal(100, f"Tried accessing nonexisting field ({field}) on node type ({node_type})")


def missing(parameter: str) -> Refusal:
    """100: a parameter that must be there is not."""
    return Refusal(100, f"The parameter {parameter} is required.")


def invalid(details: str) -> Refusal:
    """100: a parameter has a value Graph cannot use."""
    return Refusal(100, "Invalid parameter", details)


def no_permission(details: str) -> Refusal:
    """200, HTTP 403: the token is alive but may not do this."""
    return Refusal(200, "You do not have the necessary permissions for this call", details)


def _type_of(refusal: Refusal) -> str:
    return "GraphMethodException" if refusal.code == 100 and refusal.subcode == 33 else "OAuthException"
