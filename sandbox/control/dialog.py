"""``/_sandbox/dialog``: how signup windows opened from now on hand over their result."""

from flask import Response, current_app

from sandbox.control.doors import BadRequest, answer, bp, read_body
from sandbox.dialog.desk import Desk, Tricks
from sandbox.dialog.tricks import change_tricks
from sandbox.runtime import current


@bp.get("/dialog")
def show_tricks() -> Response:
    """What holds now: ``{order, report_as, forge}``."""
    return answer(_show(_tricks()))


@bp.post("/dialog")
def turn_tricks() -> Response:
    """Sets what is named: ``order`` (message_first, code_first, message_lost, random), ``report_as`` (CANCEL, ERROR),
    ``forge`` (a result of somebody else's comes first, from another origin). A reset puts all back."""
    tricks = _tricks()
    try:
        change_tricks(tricks, read_body("order", "report_as", "forge"), keep_random=True)
    except ValueError as problem:
        raise BadRequest(str(problem)) from problem
    return answer(_show(tricks))


def _tricks() -> Tricks:
    desk: Desk = current_app.extensions["sandbox.dialog"]
    return desk.tricks(current().world)


def _show(tricks: Tricks) -> dict[str, object]:
    return {"order": tricks.order.value, "report_as": tricks.report_as, "forge": tricks.forge}
