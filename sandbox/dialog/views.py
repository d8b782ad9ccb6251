"""The window's doors: open it, see its screen, answer it, leave it."""

import io
import json
from collections.abc import Callable

import segno
from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response as AnyResponse

from sandbox.dialog import arrival, endings
from sandbox.dialog.answers import answer
from sandbox.dialog.arrival import Arrival
from sandbox.dialog.desk import Desk, Order, Window
from sandbox.dialog.manners import harden, twin_origin
from sandbox.dialog.screens import describe
from sandbox.dialog.tricks import ORDER_WORDS, change_tricks
from sandbox.runtime import current
from sandbox.world import signup
from sandbox.world.signup import PopupError, Way

bp = Blueprint("dialog", __name__, template_folder="templates", static_folder="../static", static_url_path="/static")

_ENDED = {
    "finish": ("You are done here", "You may close this window."),
    "cancel": ("You stopped before the end", "Nothing was shared. You may close this window."),
    "report": ("Your report was sent", "Nothing was shared. You may close this window."),
}


class VersionConverter(BaseConverter):
    """A Graph version in an address: ``v25.0``."""

    regex = r"v\d{1,2}\.\d"


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.url_map.converters.setdefault("version", VersionConverter)
    state.app.extensions["sandbox.dialog"] = Desk(Order(state.app.extensions["sandbox"].signup_order))


@bp.get("/<version:version>/dialog/oauth")
def open_dialog(version: str) -> AnyResponse:
    """Opened by ``FB.login``, or walked to as a whole page. Every Graph version opens the same window."""
    del version
    return _open(lambda: arrival.read_dialog(request.args))


@bp.get("/messaging/whatsapp/onboard/")
def open_hosted() -> AnyResponse:
    """The hosted page: no script, no code, no message; only a webhook tells how it ended."""
    return _open(lambda: arrival.read_hosted(request.args))


def _open(read: Callable[[], Arrival]) -> AnyResponse:
    world = current().world
    try:
        arrived = read()
        run = signup.begin(
            world,
            app_id=arrived.app_id,
            config_id=arrived.config_id,
            origin=arrived.channel.origin if arrived.channel else None,
            redirect_uri=arrived.redirect_uri,
            extras=arrived.extras,
            way=arrived.way,
        )
    except PopupError as problem:
        desk().note(world, "window refused", "error", "act", problem.message)
        page = render_template("dialog/refused.html", screen="refused", app_name="Signup", error=problem)
        return harden(make_response(page), None)
    desk().open(world, run, arrived)
    opener = arrived.channel.origin if arrived.channel else (arrived.redirect_uri or "the hosted page")
    desk().note(
        world, f"window opened ({arrived.way.value})", detail=f"By {opener}\nExtras: {json.dumps(arrived.extras)}"
    )
    return redirect(url_for("dialog.show", window_id=run.id), 303)


@bp.get("/dialog/<window_id>")
def show(window_id: str) -> AnyResponse:
    """The screen the person is on."""
    return _draw(_get_window(window_id))


@bp.post("/dialog/<window_id>")
def post(window_id: str) -> AnyResponse:
    """An answered screen. What the rules refuse is shown above the same form; a stale form shows the present screen."""
    window = _get_window(window_id)
    form = {name: " ".join(values) if name == "also" else values[0] for name, values in request.form.lists()}
    if form.get("do") == "finish" and window.finished is not None:
        return _leave(window, "finish")
    screen = window.signup.screen.value
    if form.get("screen") == screen:
        try:
            answer(current().world, window, form)
        except PopupError as problem:
            desk().note(current().world, f"screen {screen}", "refused", "act", problem.message)
            return _draw(window, posted=form, error=problem)
        desk().note(current().world, f"screen {screen}", "answered", detail=f"Next: {window.signup.screen.value}")
    return redirect(url_for("dialog.show", window_id=window_id), 303)


@bp.post("/dialog/<window_id>/leave")
def leave(window_id: str) -> AnyResponse:
    """The person leaves: by Finish, Cancel or Report, or by closing the window (the page's last breath)."""
    return _leave(_get_window(window_id), request.args.get("by") or request.form.get("by") or "close")


@bp.post("/dialog/<window_id>/tricks")
def turn(window_id: str) -> AnyResponse:
    """The rehearsal's own switches, for this window."""
    window = _get_window(window_id)
    try:
        change_tricks(window.tricks, {"forge": False, **request.form.to_dict()})
    except ValueError:
        abort(400)
    return redirect(url_for("dialog.show", window_id=window_id), 303)


@bp.get("/dialog/<window_id>/scan.svg")
def scan(window_id: str) -> Response:
    """The code the phone app would scan. It holds this window's own address: there is no app that reads it."""
    drawing = io.BytesIO()
    address = url_for("dialog.show", window_id=_get_window(window_id).signup.id, _external=True)
    segno.make(address, error="m").save(drawing, kind="svg", scale=4, border=2, dark="#10212b", light="#ffffff")
    return Response(drawing.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


@bp.get("/dialog/<window_id>/forged")
def forged(window_id: str) -> Response:
    """Framed from this server's other name: posts somebody else's result to the page, which must not believe it."""
    window = _get_window(window_id)
    origin = window.arrival.channel.origin if window.arrival.channel else ""
    page = render_template("dialog/forged.html", message=endings.forged_message(), origin=origin)
    reply = harden(make_response(page), None)
    twin = twin_origin() or "'none'"
    policy = f"default-src 'none'; script-src 'self'; frame-ancestors {twin}"
    reply.headers["Content-Security-Policy"] = policy
    return reply


def desk() -> Desk:
    """The running server's windows."""
    kept: Desk = current_app.extensions["sandbox.dialog"]
    return kept


def _get_window(window_id: str) -> Window:
    window = desk().find(current().world, window_id)
    if window is None:
        abort(404)
    return window


def _draw(window: Window, *, posted: dict[str, str] | None = None, error: PopupError | None = None) -> Response:
    world, run = current().world, window.signup
    if run.screen is signup.Screen.SUCCESS:
        endings.finish_early(world, window)
    if window.ending is not None:
        title, text = _ENDED[window.ending]
        page = render_template(
            "dialog/ended.html", screen="ended", app_name="Signup", ended={"title": title, "text": text}
        )
        return harden(make_response(page), window)
    facts = describe(world, window, posted or {})
    page = render_template(
        f"dialog/{facts['screen']}.html",
        **facts,
        here=url_for("dialog.post", window_id=run.id),
        leave_url=url_for("dialog.leave", window_id=run.id),
        qr_url=url_for("dialog.scan", window_id=run.id),
        channel=window.arrival.channel,
        cancel_event=endings.cancel_message(run),
        error=error,
        report_event=endings.report_message(window, error, world.now()) if error and run.last_error else None,
        delivery=_deliver(window),
        tricks=_describe_tricks(window),
    )
    return harden(make_response(page), window)


def _deliver(window: Window) -> dict[str, str] | None:
    event = endings.end_message(window)
    if event is None or window.finished is None or window.arrival.way is not Way.POPUP:
        return None
    code = window.finished.code or ""
    forge = ""
    twin = twin_origin()
    if window.tricks.forge and twin is not None:
        forge = twin + url_for("dialog.forged", window_id=window.signup.id)
    return {"event": event, "code": code, "order": window.tricks.order.value, "forge_url": forge}


def _describe_tricks(window: Window) -> dict[str, object] | None:
    if window.arrival.way is not Way.POPUP:
        return None
    kept = window.tricks
    return {
        "url": url_for("dialog.turn", window_id=window.signup.id),
        "orders": ORDER_WORDS,
        "order": kept.order.value,
        "report_as": kept.report_as,
        "forge": kept.forge,
    }


def _leave(window: Window, by: str) -> AnyResponse:
    if endings.leave(current().world, window, by):
        tone = "ok" if window.ending == "finish" else "act"
        detail = endings.end_message(window) or f"Left from the screen {window.signup.screen.value} by {by}"
        desk().note(current().world, f"window left ({by})", window.ending or "", tone, detail)
    address = endings.return_address(window)
    if address is not None:
        return harden(make_response(redirect(address, 303)), window)
    return redirect(url_for("dialog.show", window_id=window.signup.id), 303)
