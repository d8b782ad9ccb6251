"""How a window ends, and what is told to whoever opened it."""

import json
import math
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from sandbox.dialog.desk import Window
from sandbox.world import World
from sandbox.world.ids import new_id
from sandbox.world.signup import CURRENT_STEP, PopupError, Signup, cancel, finish, report_error
from sandbox.world.tokens import CODE_LIFE_S

_EVENT_TYPE = "WA_EMBEDDED_SIGNUP"


def finish_early(world: World, window: Window) -> None:
    """Makes the result as soon as the last screen is shown, because closing that screen by hand delivers it too.

    A window that is being closed can post what it holds but cannot ask for more. So the code waits on the screen, and
    its 30 seconds begin when the person leaves (:func:`leave`).
    """
    with world.lock:
        if window.finished is None:
            window.finished = finish(world, window.signup)
            _keep_code_until(world, window, math.inf)


def leave(world: World, window: Window, by: str) -> bool:
    """The person left: ``by`` is ``finish``, ``cancel``, ``report`` or ``close``. A second leave is False."""
    with world.lock:
        if window.ending is not None:
            return False
        if window.finished is not None:
            _keep_code_until(world, window, world.now() + CODE_LIFE_S)
            window.ending = "finish"
        elif by == "report":
            report_error(world, window.signup, newer=window.tricks.report_as == "ERROR")
            window.ending = "report"
        else:
            cancel(world, window.signup)
            window.ending = "cancel"
        return True


def _keep_code_until(world: World, window: Window, until: float) -> None:
    if window.finished is not None and window.finished.code is not None:
        world.records.codes[window.finished.code].expires_at = until


def cancel_message(signup: Signup) -> str | None:
    """The end event of giving up on this screen, or None where there is nothing left to give up.

    The page holds it beforehand: a window that is being closed has no time to ask.
    """
    step = CURRENT_STEP.get(signup.screen)
    return None if step is None else _message("CANCEL", {"current_step": step})


def report_message(window: Window, error: PopupError, now: float) -> str:
    """The end event of reporting ``error``: older pages call its number ``error_id``, the newest ``error_code``."""
    newer = window.tricks.report_as == "ERROR"
    data = {
        "error_message": error.message,
        "error_code" if newer else "error_id": error.error_id,
        "session_id": window.signup.session_id,
        "timestamp": str(int(now)),
    }
    return _message("ERROR" if newer else "CANCEL", data)


def end_message(window: Window) -> str | None:
    """The end event of a finished window."""
    return None if window.finished is None else json.dumps(window.finished.event)


def forged_message() -> str:
    """A well-formed end event about assets that are nobody's here. A page that believes it would take them over."""
    ids = {"phone_number_id": new_id(), "waba_id": new_id(), "business_id": new_id(16)}
    return _message("FINISH", ids)


def return_address(window: Window) -> str | None:
    """Where a page that was walked to goes back: with the code, or with Meta's words for a person who said no.

    The hosted page has no code to bring, and no address to go to unless it was given one.
    """
    arrival = window.arrival
    if arrival.redirect_uri is None:
        return None
    if window.ending == "finish" and window.finished is not None:
        answer = {"code": window.finished.code} if window.finished.code else {}
    else:
        answer = {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
        }
    if arrival.state is not None:
        answer["state"] = arrival.state
    return add_to_address(arrival.redirect_uri, answer)


def add_to_address(address: str, answer: dict[str, str]) -> str:
    """The address with the answer in its query, beside what stood there already."""
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(answer)) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _message(event: str, data: dict[str, Any]) -> str:
    return json.dumps({"data": data, "type": _EVENT_TYPE, "event": event, "version": "3"})
