"""The JavaScript SDK a signup page loads: ``/<locale>/sdk.js``, with the public surface of Meta's own.

The script itself is ``sdk.js`` beside this file. It finds this server by its own address, so it is the same file for
everybody and holds no setting.
"""

from pathlib import Path

from flask import Blueprint, Response
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

_SCRIPT = Path(__file__).with_name("sdk.js")


class LocaleConverter(BaseConverter):
    """A locale as Meta spells it in an address: ``en_US``, ``pt_BR``."""

    regex = r"[a-z]{2}_[A-Z]{2}"


bp = Blueprint("sdk", __name__)


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.url_map.converters.setdefault("locale", LocaleConverter)


@bp.get("/<locale:locale>/sdk.js")
def sdk(locale: str) -> Response:
    """The script. It has no texts of its own, so every locale gets the same one."""
    del locale
    reply = Response(_SCRIPT.read_bytes(), mimetype="text/javascript")
    reply.headers["Cache-Control"] = "no-cache"
    # Pages load it with crossorigin="anonymous", as Meta's own snippet does.
    reply.headers["Access-Control-Allow-Origin"] = "*"
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return reply
