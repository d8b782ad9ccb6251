"""``POST /_sandbox/clock`` moves the world's time; ``POST /_sandbox/reset`` starts a fresh world."""

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_body, read_typed
from sandbox.runtime import current


@bp.post("/clock")
def move_clock() -> Response:
    """Moves the clock by ``advance_seconds`` and says what time it is now."""
    seconds = read_typed(read_body("advance_seconds"), "advance_seconds", (int, float))
    if seconds is None:
        raise BadRequest("advance_seconds is missing.")
    return answer({"now": current().world.clock.advance(float(seconds))})


@bp.post("/reset")
def reset() -> Response:
    """Forgets everything but the partner: same ids, same tokens, real time."""
    read_body()
    current().reset()
    return answer({"ok": True})
