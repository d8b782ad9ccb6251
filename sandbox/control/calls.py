"""``GET /_sandbox/calls``: the Graph calls as they came, secrets cut."""

from flask import Response, request

from sandbox.control.doors import BadRequest, answer, bp
from sandbox.runtime import current


@bp.get("/calls")
def list_calls() -> Response:
    """``since`` (an id: only newer calls), ``path`` (a glob without the version), ``method`` narrow the list.

    ``brief`` leaves out what was sent and answered: who counts many calls needs neither.
    """
    since = request.args.get("since", "0")
    if not since.isdecimal():
        raise BadRequest("since must be the id of a call.")
    entries = current().calls.list(since=int(since), path=request.args.get("path"), method=request.args.get("method"))
    if request.args.get("brief") == "true":
        return answer({"calls": [entry.to_brief() for entry in entries]})
    return answer({"calls": [entry.to_dict() for entry in entries]})
