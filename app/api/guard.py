"""Who may use the API: a program that shows a live key, for the doors its scopes open.

bp = guarded(APIBlueprint("links", …), api_key)

@bp.post("/v1/links")
@scope("links:write")
def make_link(…): …
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, g, request

from app.access.keys import SCOPES, Program, recognise
from app.kit import clock
from app.kit.errors import NotAllowed
from app.web.guards import Guard
from app.web.here import rt

View = TypeVar("View", bound=Callable[..., Any])

WRONG_KEYS = "60 per minute"
"""Requests with a wrong key that one address may send. A key cannot be guessed; this only keeps the noise down."""


def scope(needed: str) -> Callable[[View], View]:
    """Name the scope a door needs; the guard reads it."""
    if needed not in SCOPES:
        raise ValueError(f"{needed} is not a scope")

    def mark(view: View) -> View:
        view.needed_scope = needed  # type: ignore[attr-defined]
        return view

    return mark


def _check() -> None:
    kind, _, presented = request.headers.get("Authorization", "").partition(" ")
    found = recognise(rt().db, presented.strip(), now=clock.now()) if kind.lower() == "bearer" else None
    if found is None:
        raise NotAllowed("Send a valid API key as Authorization: Bearer gw_live_…", known=False, code="wrong_key")
    needed = getattr(current_app.view_functions[request.endpoint or ""], "needed_scope", None)
    if needed is None or needed not in found.scopes:
        raise NotAllowed(f"This key lacks the scope {needed or 'of this door'}.", code="missing_scope")
    g.program = found


api_key = Guard("api_key", _check, trusts_cookies=False, speaks="problem")


def program() -> Program:
    """The program behind this request."""
    return g.program  # type: ignore[no-any-return]


def was_refused(response: Response) -> bool:
    """Whether an answer was "wrong key"; only those count against `WRONG_KEYS`."""
    return response.status_code == 401
