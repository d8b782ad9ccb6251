"""What the ``/_sandbox/`` doors share: the blueprint, reading a JSON body, and one shape for "no"."""

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from sandbox.world import Refusal
from sandbox.world.signup import PopupError

bp = Blueprint("control", __name__, url_prefix="/_sandbox")

_CONTRACT = Path(__file__).parent.parent / "contract.json"


class BadRequest(Exception):
    """The body or query of a ``/_sandbox/`` call makes no sense; ``status`` is 400, 404 or 409."""

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.detail, self.status = detail, status


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body), status=status, mimetype="application/json")


def read_object() -> dict[str, Any]:
    """The JSON object sent, empty for no body. What may stand in it the caller checks."""
    if not request.get_data():
        return {}
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object.")
    return body


def read_body(*allowed: str) -> dict[str, Any]:
    """The JSON object sent, which may hold the ``allowed`` keys and no others: a typo must not pass for a wish."""
    body = read_object()
    unknown = sorted(set(body) - set(allowed))
    if unknown:
        raise BadRequest(f"Unknown keys: {', '.join(unknown)}. Known: {', '.join(allowed)}.")
    return body


def read_typed(body: dict[str, Any], key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
    """``body[key]`` if it is of that kind; a bool is not a number here."""
    value = body.get(key, default)
    if value is default:
        return value
    wants_bool = bool in (kind if isinstance(kind, tuple) else (kind,))
    if not isinstance(value, kind) or (isinstance(value, bool) and not wants_bool):
        raise BadRequest(f"{key} has the wrong type.")
    return value


@bp.errorhandler(BadRequest)
def _say_no(problem: BadRequest) -> Response:
    body = {"type": "about:blank", "title": "Not done", "status": problem.status, "detail": problem.detail}
    return Response(json.dumps(body), status=problem.status, mimetype="application/problem+json")


@bp.errorhandler(PopupError)
def _say_popup_refused(problem: PopupError) -> Response:
    return _say_no(BadRequest(f"The popup refused: {problem.message} (error {problem.error_id})", 409))


@bp.errorhandler(Refusal)
def _say_world_refused(refusal: Refusal) -> Response:
    return _say_no(BadRequest(f"{refusal.code}: {refusal.title} {refusal.details}".strip(), 409))


@bp.get("/health")
def tell_health() -> Response:
    """200 once the local Meta serves."""
    return answer({"ok": True})


@bp.get("/contract")
def show_contract() -> Response:
    """The JSON Schema of all these doors."""
    return Response(_CONTRACT.read_bytes(), mimetype="application/schema+json")


@bp.route("/", defaults={"_path": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@bp.route("/<path:_path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def say_unknown(_path: str) -> Response:
    """Keeps unknown doors from being taken for Graph calls."""
    raise BadRequest("There is no such door.", 404)
