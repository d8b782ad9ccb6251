"""``/_sandbox/faults``: order, list and clear bad days."""

from typing import Any

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_body, read_typed
from sandbox.faults import LAGGING, Action, Change, Fault
from sandbox.runtime import current

_ACTIONS = ("status", "body", "headers", "delay_ms", "drop", "hang_s", "html", "half", "do")


@bp.get("/faults")
def list_faults() -> Response:
    """All faults with how often they matched and fired."""
    return answer({"faults": [_show(fault) for fault in current().faults.list()]})


@bp.post("/faults")
def add_fault() -> Response:
    """Orders one fault."""
    body = read_body("match", "action", "when", "times")
    match = read_typed(body, "match", dict, {})
    if unknown := set(match) - {"method", "path", "nth", "from_nth"}:
        raise BadRequest(f"match knows method, path, nth and from_nth, not {', '.join(sorted(unknown))}.")
    when = body.get("when", "before")
    if when not in ("before", "after"):
        raise BadRequest("when must be before or after.")
    fault = current().faults.add(
        _read_action(body),
        method=read_typed(match, "method", str),
        path=read_typed(match, "path", str),
        nth=_read_count(match, "nth"),
        from_nth=_read_count(match, "from_nth"),
        when=when,
        times=_read_count(body, "times"),
    )
    return answer(_show(fault), 201)


@bp.delete("/faults")
def clear_faults() -> Response:
    """Removes all faults."""
    return answer({"removed": current().faults.clear()})


@bp.delete("/faults/<int:fault_id>")
def clear_fault(fault_id: int) -> Response:
    """Removes one fault."""
    removed = current().faults.clear(fault_id)
    if not removed:
        raise BadRequest("There is no such fault.", 404)
    return answer({"removed": removed})


@bp.get("/lag")
def show_lag() -> Response:
    """How many looks at each account find nothing of what is there: ``{phone_numbers, primary_funding_id, …}``."""
    return answer(_show_lag())


@bp.post("/lag")
def set_lag() -> Response:
    """Sets those that are named. Looks that were hidden before this do not count."""
    body = read_body(*LAGGING)
    wanted = {what: read_typed(body, what, int, 0) for what in LAGGING if what in body}
    if any(looks < 0 for looks in wanted.values()):
        raise BadRequest("A number of looks must not be negative.")
    lag = current().faults.lag
    lag.looks.update(wanted)
    for key in [key for key in lag.hidden if key[0] in wanted]:
        del lag.hidden[key]
    return answer(_show_lag())


def _show_lag() -> dict[str, int]:
    lag = current().faults.lag
    return {what: lag.looks.get(what, 0) for what in LAGGING}


def _read_action(body: dict[str, Any]) -> Action:
    wanted = read_typed(body, "action", dict)
    if not wanted:
        raise BadRequest("action is missing.")
    if unknown := set(wanted) - set(_ACTIONS):
        raise BadRequest(f"action knows {', '.join(_ACTIONS)}, not {', '.join(sorted(unknown))}.")
    if wanted.get("drop") not in (None, "before", "after", "midway"):
        raise BadRequest("drop must be before, after or midway.")
    headers = read_typed(wanted, "headers", dict, {})
    return Action(
        status=_read_status(wanted, "status"),
        body=wanted.get("body"),
        headers={str(name): str(value) for name, value in headers.items()},
        delay_ms=_read_duration(wanted, "delay_ms") or 0.0,
        drop=wanted.get("drop"),
        hang_s=_read_duration(wanted, "hang_s"),
        html=_read_status(wanted, "html"),
        half=read_typed(wanted, "half", bool, False),
        do=tuple(_read_change(change) for change in read_typed(wanted, "do", list, [])),
    )


def _read_change(wanted: Any) -> Change:
    """One of the doors with its body: ``{"door": "POST /tokens", "body": {…}}``."""
    if not isinstance(wanted, dict) or not {"door"} <= set(wanted) <= {"door", "body"}:
        raise BadRequest('do lists doors with their bodies: {"door": "POST /tokens", "body": {…}}.')
    method, _, door = str(wanted["door"]).partition(" ")
    if method not in ("POST", "DELETE") or not door.startswith("/"):
        raise BadRequest("A door to open is POST or DELETE and its path below /_sandbox.")
    return Change(method, door, wanted.get("body"))


def _read_status(wanted: dict[str, Any], key: str) -> int | None:
    status = read_typed(wanted, key, int)
    if status is not None and not 200 <= status <= 599:
        raise BadRequest(f"{key} must be an HTTP status from 200 to 599.")
    return None if status is None else int(status)


def _read_duration(wanted: dict[str, Any], key: str) -> float | None:
    value = read_typed(wanted, key, (int, float))
    if value is not None and value < 0:
        raise BadRequest(f"{key} must not be negative.")
    return None if value is None else float(value)


def _read_count(body: dict[str, Any], key: str) -> int | None:
    value = read_typed(body, key, int)
    if value is not None and value < 1:
        raise BadRequest(f"{key} must be 1 or more.")
    return None if value is None else int(value)


def _show(fault: Fault) -> dict[str, Any]:
    match = {"method": fault.method, "path": fault.path, "nth": fault.nth, "from_nth": fault.from_nth}
    action = {key: getattr(fault.action, key) for key in _ACTIONS}
    action["do"] = [{"door": f"{c.method} {c.door}", "body": c.body} for c in fault.action.do]
    return {
        "id": fault.id,
        "match": {key: value for key, value in match.items() if value is not None},
        "action": {key: value for key, value in action.items() if value not in (None, {}, [], 0.0, False)},
        "when": fault.when,
        "times": fault.times,
        "seen": fault.seen,
        "fired": fault.fired,
    }
