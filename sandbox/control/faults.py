"""``/_sandbox/faults``: order, list and clear bad days."""

from typing import Any

from flask import Response

from sandbox.control.doors import BadRequest, answer, bp, read_body, read_typed
from sandbox.faults import Action, Fault
from sandbox.runtime import current

_ACTIONS = ("status", "body", "headers", "delay_ms", "drop", "hang_s", "html")


@bp.get("/faults")
def list_faults() -> Response:
    """All faults with how often they matched and fired."""
    return answer({"faults": [_show(fault) for fault in current().faults.list()]})


@bp.post("/faults")
def add_fault() -> Response:
    """Orders one fault."""
    body = read_body("match", "action", "when", "times")
    match = read_typed(body, "match", dict, {})
    if unknown := set(match) - {"method", "path", "nth"}:
        raise BadRequest(f"match knows method, path and nth, not {', '.join(sorted(unknown))}.")
    when = body.get("when", "before")
    if when not in ("before", "after"):
        raise BadRequest("when must be before or after.")
    fault = current().faults.add(
        _read_action(body),
        method=read_typed(match, "method", str),
        path=read_typed(match, "path", str),
        nth=_read_count(match, "nth"),
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


def _read_action(body: dict[str, Any]) -> Action:
    wanted = read_typed(body, "action", dict)
    if not wanted:
        raise BadRequest("action is missing.")
    if unknown := set(wanted) - set(_ACTIONS):
        raise BadRequest(f"action knows {', '.join(_ACTIONS)}, not {', '.join(sorted(unknown))}.")
    if wanted.get("drop") not in (None, "before", "after"):
        raise BadRequest("drop must be before or after.")
    headers = read_typed(wanted, "headers", dict, {})
    return Action(
        status=_read_status(wanted, "status"),
        body=wanted.get("body"),
        headers={str(name): str(value) for name, value in headers.items()},
        delay_ms=_read_duration(wanted, "delay_ms") or 0.0,
        drop=wanted.get("drop"),
        hang_s=_read_duration(wanted, "hang_s"),
        html=_read_status(wanted, "html"),
    )


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
    match = {"method": fault.method, "path": fault.path, "nth": fault.nth}
    action = {key: getattr(fault.action, key) for key in _ACTIONS}
    return {
        "id": fault.id,
        "match": {key: value for key, value in match.items() if value is not None},
        "action": {key: value for key, value in action.items() if value not in (None, {}, 0.0)},
        "when": fault.when,
        "times": fault.times,
        "seen": fault.seen,
        "fired": fault.fired,
    }
