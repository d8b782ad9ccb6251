"""Reads the address that opened the window: by ``FB.login``, by a full-page redirect, or as the hosted page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.world.signup import PopupError, Way

XD_PATH = "/x/connect/xd_arbiter/"
"""Where the SDK says the answer should go. Nothing is served there: the window posts its messages itself."""


@dataclass(frozen=True, slots=True)
class Channel:
    """The page that called ``FB.login``: its origin, and the SDK's name for this call."""

    origin: str
    cb: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was asked for. ``channel`` only in a popup, ``redirect_uri`` and ``state`` only for a whole page."""

    way: Way
    app_id: str
    config_id: str
    extras: dict[str, Any] = field(default_factory=dict)
    channel: Channel | None = None
    redirect_uri: str | None = None
    state: str | None = None


def read_dialog(query: Mapping[str, str]) -> Arrival:
    """The arrival at ``/dialog/oauth``. Raises ``PopupError`` for what Meta's own window refuses to open.

    A hand-built address loses its ``extras``: Meta reads them only when its SDK or the hosted page sent them.
    """
    app_id = query.get("client_id") or query.get("app_id") or ""
    config_id = query.get("config_id", "")
    if query.get("response_type") != "code" or query.get("override_default_response_type") != "true":
        text = "Invalid parameter: this configuration needs response_type code and override_default_response_type true."
        raise PopupError(text, "100")
    target = query.get("redirect_uri", "")
    channel = _read_channel(target)
    if channel is not None:
        return Arrival(Way.POPUP, app_id, config_id, _read_extras(query), channel)
    if not target:
        raise PopupError("Invalid parameter: redirect_uri is missing.", "100")
    return Arrival(Way.REDIRECT, app_id, config_id, redirect_uri=target, state=query.get("state"))


def read_hosted(query: Mapping[str, str]) -> Arrival:
    """The arrival at the hosted page, which answers nobody: only a webhook tells how it ended.

    Some integrators append ``redirect_uri`` and ``state``; then the page goes back there, without a code.
    """
    app_id, config_id, extras = query.get("app_id", ""), query.get("config_id", ""), _read_extras(query)
    target = query.get("redirect_uri") or None
    return Arrival(Way.HOSTED, app_id, config_id, extras, redirect_uri=target, state=query.get("state"))


def _read_channel(target: str) -> Channel | None:
    parts = urlsplit(target)
    if parts.path != XD_PATH:
        return None
    said = {name: values[0] for name, values in parse_qs(parts.fragment).items()}
    page = urlsplit(said.get("origin", ""))
    if page.scheme not in ("http", "https") or not page.netloc or not said.get("cb"):
        raise PopupError("Invalid parameter: the page that opened this window is not named.", "100")
    return Channel(f"{page.scheme}://{page.netloc}", said["cb"])


def _read_extras(query: Mapping[str, str]) -> dict[str, Any]:
    try:
        extras = json.loads(query.get("extras") or "{}")
    except ValueError as problem:
        raise PopupError("Invalid parameter: extras is not JSON.", "100") from problem
    if not isinstance(extras, dict):
        raise PopupError("Invalid parameter: extras is not an object.", "100")
    return extras
