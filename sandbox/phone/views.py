"""The page's doors. What it changes goes through ``/_sandbox/``; only the switches have doors of their own here."""

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, redirect, render_template, request
from flask import url_for as address_of
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from sandbox.dialog.views import desk
from sandbox.phone.acts import ACTS, SHARE
from sandbox.phone.contacts import list_players
from sandbox.phone.feed import count_world, list_numbers, read_thread
from sandbox.phone.rows import Kind, find_detail, list_rows
from sandbox.phone.switches import SWITCHES, Switchboard
from sandbox.runtime import current
from sandbox.world.example_numbers import read_digits

bp = Blueprint("phone", __name__, template_folder="templates")

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions["sandbox.phone"] = Switchboard()


@bp.after_request
def _harden(reply: Response) -> Response:
    reply.headers["Content-Security-Policy"] = _POLICY
    reply.headers["Referrer-Policy"] = "no-referrer"
    reply.headers["X-Content-Type-Options"] = "nosniff"
    reply.headers["Cache-Control"] = "no-store"
    return reply


@bp.get("/")
def show() -> Response:
    """The page. ``to`` (digits) opens the chat with that number, ``text`` is written into its box, not sent."""
    wanted = read_digits(request.args.get("to", ""))
    numbers = list_numbers(current().world)
    page = render_template(
        "phone/page.html",
        numbers=numbers,
        players=list_players(current().world),
        switches=SWITCHES,
        acts=ACTS,
        share=SHARE,
        wanted=wanted,
        found=any(number["digits"] == wanted for number in numbers),
        text=request.args.get("text", ""),
    )
    return make_response(page)


@bp.get("/wa/<digits>")
def follow_chat_link(digits: str) -> AnyResponse:
    """Stands in for ``https://wa.me/<digits>?text=…``: whoever follows the link gets this phone with the text ready."""
    return redirect(address_of("phone.show", to=read_digits(digits), text=request.args.get("text", "")), 302)


@bp.get("/phone/state")
def tell_state() -> Response:
    """All the page draws, in one go: ``number`` and ``contact`` name the chat, ``kind`` filters the calls."""
    runtime = current()
    kind = request.args.get("kind", Kind.ALL.value)
    if kind not in set(Kind):
        abort(400)
    rows, total = list_rows(runtime, desk(), Kind(kind))
    return jsonify(
        now=runtime.world.now(),
        numbers=list_numbers(runtime.world),
        players=list_players(runtime.world),
        thread=read_thread(runtime.world, request.args.get("number", ""), read_digits(request.args.get("contact", ""))),
        rows=[row.to_dict() for row in rows],
        total=total,
        world=count_world(runtime),
        on=_switchboard().list_on(runtime),
    )


@bp.get("/phone/calls/<key>")
def tell_call(key: str) -> Response:
    """What is behind one row of the list, as plain text, secrets cut."""
    detail = find_detail(current(), desk(), key)
    if detail is None:
        abort(404)
    return Response(detail, mimetype="text/plain")


@bp.post("/phone/switches/<name>")
def flip(name: str) -> Response:
    """Turns a fault on or off: ``{"on": true}``."""
    wanted = request.get_json(silent=True)
    if not isinstance(wanted, dict) or not isinstance(wanted.get("on"), bool):
        abort(400)
    if not _switchboard().flip(current(), name, on=wanted["on"]):
        abort(404)
    return jsonify(on=_switchboard().list_on(current()))


def _switchboard() -> Switchboard:
    board: Switchboard = current_app.extensions["sandbox.phone"]
    return board
