"""Takes a Graph call from the wire to its function and back: faults, token, object, rules, envelope, log."""

import json
import time
from contextlib import nullcontext
from typing import Any

from flask import Blueprint, Request, Response, current_app, request

from sandbox.faults import Action, Change
from sandbox.graph.auth import check_kind, check_proof, find_token_value, open_token
from sandbox.graph.doors import HANDLERS, Call, find_node
from sandbox.graph.errors import challenge_header, http_status, no_such_object, to_envelope
from sandbox.graph.headers import answer_headers
from sandbox.graph.params import read_params, text
from sandbox.graph.token_kinds import DOORS
from sandbox.graph.versions import split_version
from sandbox.runtime import Runtime, current
from sandbox.world import Refusal
from sandbox.world.ids import new_trace_id
from sandbox.world.state import Account, Business, Number

METHODS = ["GET", "POST", "DELETE"]
ROOTS = frozenset({"/oauth/access_token", "/oauth/revoke", "/debug_token"})

bp = Blueprint("graph", __name__)


class ConnectionCut(ConnectionAbortedError):
    """Raised in place of an answer where there is no socket to cut (an app called in-process)."""


@bp.route("/<path:_path>", methods=METHODS, provide_automatic_options=False)
def serve(_path: str) -> Response:
    """Every Graph call."""
    started = time.perf_counter()
    runtime = current()
    at = runtime.world.now()
    asked, version, path = split_version(request.path)
    plan = runtime.faults.plan(request.method, path)
    call = Call(runtime, request.method, path, version or "", {}, request.host_url.rstrip("/"))
    trace_id = new_trace_id()
    unreadable = _read(call, request)
    runtime.faults.wait(plan.delay_before_s)
    _change_world(plan.changes_before)
    status: int | None = 0
    reply: Any = None
    refusal: Refusal | None = None
    if plan.action is None or plan.when == "after":
        status, reply, refusal = _answer(call, trace_id, unreadable, known=version is not None)
        if call.attempted is not None:
            refused = refusal is not None
            runtime.counts.add(*call.attempted, refused=refused, changed=bool(call.notes))
    _change_world(plan.changes_after)
    runtime.faults.wait(plan.delay_after_s)
    headers = answer_headers(
        runtime.usage,
        version=call.version,
        asked=asked,
        trace_id=trace_id,
        now=runtime.world.now(),
        subject=_subject(call),
    )
    if refusal is not None and (challenge := challenge_header(refusal)) is not None:
        headers["WWW-Authenticate"] = challenge
    if plan.action is not None:
        status, reply, response = _spoil(plan.action, status or 0, reply, headers)
    else:
        response = Response(_write(reply), status=status, headers=headers)
    _log(runtime, call, status, reply, started, at)
    if plan.action is not None and status is None:
        runtime.faults.wait(plan.action.hang_s or 0)
        _cut(request, midway=plan.action.drop == "midway")
    return response


def _read(call: Call, wire: Request) -> Refusal | None:
    """Reads parameters and token; what is wrong with them is said only after the faults had their turn."""
    try:
        call.params = read_params(wire)
    except Refusal as refusal:
        call.params = wire.args.to_dict()
        return refusal
    finally:
        call.token_value = find_token_value(wire, call.params)
    return None


def _answer(call: Call, trace_id: str, unreadable: Refusal | None, *, known: bool) -> tuple[int, Any, Refusal | None]:
    try:
        if unreadable is not None:
            raise unreadable
        if not known:
            raise no_such_object(call.path.strip("/"), call.method)
        return 200, _handle(call), None
    except Refusal as refusal:
        return http_status(refusal), to_envelope(refusal, trace_id), refusal


def _handle(call: Call) -> Any:
    key = _find_key(call)
    door = DOORS.get(key or "")
    if door is None or door.strict:
        call.token = open_token(call.world, call.token_value)
        check_proof(call.app, call.token, text(call.params, "appsecret_proof"))
    if key is None or door is None:
        raise no_such_object(call.path.strip("/").split("/")[0], call.method)
    if call.token is not None:
        check_kind(call.token, door, strict=call.runtime.strict)
    entry = HANDLERS[key]
    with nullcontext() if entry.unlocked else call.world.lock:
        return entry.handle(call)


def _find_key(call: Call) -> str | None:
    """The call's row in the tables, and its node on the way."""
    path = call.path.rstrip("/")
    if path in ROOTS:
        return f"{call.method} -{path}"
    node_id, _, edge = path.lstrip("/").partition("/")
    found = find_node(call.world, node_id)
    if found is None:
        return None
    kind, call.node = found
    return f"{call.method} {kind}/{edge}" if edge else f"{call.method} {kind}"


def _subject(call: Call) -> str | None:
    match call.node:
        case Account() | Business():
            return call.node.id
        case Number():
            return call.node.account_ids[-1]
        case _:
            return None


def _spoil(action: Action, status: int, reply: Any, headers: dict[str, str]) -> tuple[int | None, Any, Response]:
    """What the caller gets instead: nothing at all (status None), half of it, a page of HTML, or a made-up answer."""
    if action.drop == "midway":
        return None, reply, Response(_write(reply), status=status, headers=headers)
    if action.drop is not None or action.hang_s is not None:
        return None, None, Response()
    if action.half:
        whole = _write(reply)
        half = whole[: len(whole) // 2]
        return status, half, Response(half, status=status, headers=headers)
    if action.html is not None:
        page = f"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>{action.html}</h1></body></html>"
        response = Response(page, status=action.html, headers={**headers, "Content-Type": "text/html; charset=utf-8"})
        return action.html, page, response
    made_up = action.status or 200
    body = action.body
    sent = body if isinstance(body, str) else "" if body is None else _write(body)
    return made_up, body, Response(sent, status=made_up, headers={**headers, **action.headers})


def _write(reply: Any) -> str:
    return json.dumps(reply, separators=(",", ":"))


def _cut(wire: Request, *, midway: bool) -> None:
    """Resets the connection: at once, or after half of the answer."""
    cut = wire.environ.get("sandbox.cut_midway" if midway else "sandbox.cut")
    if cut is None:
        raise ConnectionCut
    cut()


def _change_world(changes: list[Change]) -> None:
    """Opens the doors a fault names, in this very moment. Raises where one of them says no: the order made no sense."""
    for change in changes:
        address = f"/_sandbox{change.door}"
        reply = current_app.test_client().open(address, method=change.method, json=change.body)
        if reply.status_code >= 400:
            raise RuntimeError(f"The fault's own {change.method} {change.door} was refused: {reply.text}")


def _log(runtime: Runtime, call: Call, status: int | None, reply: Any, started: float, at: float) -> None:
    runtime.calls.add(
        at=at,
        method=call.method,
        path=call.path,
        params=call.params,
        status=status,
        reply=reply,
        token_kind=call.token.kind.value if call.token else None,
        effect=",".join(call.notes) or None,
        took_ms=(time.perf_counter() - started) * 1000,
    )
