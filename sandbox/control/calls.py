"""``GET /_sandbox/calls``: the Graph calls as they came, secrets cut."""

from flask import Response, request

from sandbox.control.doors import BadRequest, answer, bp
from sandbox.runtime import current


@bp.get("/calls")
def list_calls() -> Response:
    """``since`` (an id: only newer calls), ``path`` (a glob without the version), ``method`` narrow the list."""
    since = request.args.get("since", "0")
    if not since.isdecimal():
        raise BadRequest("since must be the id of a call.")
    entries = current().calls.list(since=int(since), path=request.args.get("path"), method=request.args.get("method"))
    return answer({"calls": [entry.to_dict() for entry in entries]})
