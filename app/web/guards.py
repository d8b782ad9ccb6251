"""Who may come in: every blueprint names its guard, also where the guard is "open to all".

    bp = guarded(Blueprint("console", __name__), signed_in)

A guard's check runs before each view of the blueprint. It returns None to let the request in, returns a response
(say, the way to the sign-in page), or raises `NotAllowed` or `NotFound`. `guard_of` lets a house test walk all
blueprints of the application and find the one that was forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from flask import Flask
from flask.sansio.blueprints import Blueprint
from flask.typing import ResponseReturnValue

from app.web.csrf import csrf

AnyBlueprint = TypeVar("AnyBlueprint", bound=Blueprint)


@dataclass(frozen=True)
class Guard:
    """A named rule of entry.

    `trusts_cookies` is False only where a key or a signature is asked for, because a browser cannot be tricked into
    sending those; everywhere else a POST needs the CSRF token. `speaks` says how errors are told at this door: as
    problem+json to programs and scripts, or as a page to people.
    """

    name: str
    check: Callable[[], ResponseReturnValue | None]
    trusts_cookies: bool = True
    speaks: Literal["page", "problem"] = "page"


def _let_in() -> None:
    return None


open_to_all = Guard("open_to_all", _let_in)
"""Nobody is asked who they are. Named, so that an open door is a decision and not an omission."""

_guards: dict[Blueprint, Guard] = {}


def guarded(bp: AnyBlueprint, guard: Guard) -> AnyBlueprint:
    """Put a guard before every view of a blueprint; returns the blueprint."""
    if bp in _guards:
        raise ValueError(f"blueprint {bp.name} has a guard already: {_guards[bp].name}")
    _guards[bp] = guard
    bp.before_request(guard.check)
    if not guard.trusts_cookies:
        csrf.exempt(bp)
    return bp


def guard_of(bp: Blueprint) -> Guard | None:
    """The guard a blueprint was given, or None where somebody forgot."""
    return _guards.get(bp)


def guards_here(app: Flask, names: list[str]) -> list[Guard]:
    """The guards of the named blueprints, for a request that passed through several nested ones."""
    found = (guard_of(app.blueprints[name]) for name in names if name in app.blueprints)
    return [guard for guard in found if guard is not None]
