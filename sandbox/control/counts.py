"""``GET /_sandbox/counts``: how often each thing that must not be done twice was done, and tried."""

from flask import Response, request

from sandbox.control.doors import answer, bp
from sandbox.runtime import current


@bp.get("/counts")
def list_counts() -> Response:
    """``what`` and ``object`` in the query narrow the list."""
    counts = current().counts.list(what=request.args.get("what"), object_=request.args.get("object"))
    rows = [
        {
            "what": count.what,
            "object": count.object,
            "attempts": count.attempts,
            "done": count.done,
            "again": count.again,
            "refused": count.refused,
        }
        for count in counts
    ]
    return answer({"counts": rows})
