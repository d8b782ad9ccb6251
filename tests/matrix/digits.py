"""The six digits of a number that was never confirmed: what a client does with our page and its phone."""

from datetime import timedelta
from typing import TYPE_CHECKING

from app.audit.store import Actor
from app.kit.errors import Conflict, InvalidInput, TooMany, Unavailable
from app.kit.secret import Secret
from app.onboarding.life import verification
from app.onboarding.reading.progress import Progress

if TYPE_CHECKING:
    from tests.matrix.cast import Cast

CLIENT = Actor("client", "example")
PATIENCE = 2  # how often a client presses again what Meta did not answer


def enter_code(cast: "Cast", seen: Progress) -> bool:
    """The client asks for the six digits and enters what the phone got."""
    rt = cast.journey.rt
    try:
        if not cast.of(seen).get("one_time_code"):
            verification.request_code(rt, seen.id, method="SMS", actor=CLIENT)
        code = Secret(cast.of(seen).get("one_time_code") or "000000")
        verification.enter_code(rt, seen.id, code=code, actor=CLIENT)
    except TooMany as pause:
        # The page says when the next code may be asked for, and the client waits for that.
        cast.travel(timedelta(seconds=pause.retry_after))
    except (Unavailable, InvalidInput):
        # The page says why and keeps the form; who was told so often comes back another day.
        cast.put_off += 1
        cast.travel(timedelta(seconds=61))
        return cast.put_off <= PATIENCE
    except Conflict:
        return False
    return True
