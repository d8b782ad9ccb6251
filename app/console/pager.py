"""Older and Newer: turning over a list whose place is a key, not a page number.

Going back needs no second query: the way that was come is kept in the address (`trail`, oldest first).
"""

import re
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST_TRAIL = 20
START = "start"


@dataclass(frozen=True)
class Place:
    """Where in a list the reader is: `before` continues it (None at the start), `trail` leads back."""

    before: str | None
    trail: tuple[str, ...]


def read_place() -> Place:
    """The place in the address of this request; what is no place counts as the start."""
    before = request.args.get("before", "")
    if not _KEY.fullmatch(before):
        return Place(None, ())
    steps = request.args.get("trail", "").split(".")
    return Place(before, tuple(step for step in steps if step == START or _KEY.fullmatch(step))[-LONGEST_TRAIL:])


def older(place: Place, next_key: str | None, *, at: str = "", **kept: Any) -> str | None:
    """The address of the page of older rows; None on the last page. `at` is the list's endpoint, if this is not it."""
    if next_key is None:
        return None
    trail = (*place.trail, place.before or START)[-LONGEST_TRAIL:]
    return url_for(at or request.endpoint or "", before=next_key, trail=".".join(trail), **kept)


def newer(place: Place, *, at: str = "", **kept: Any) -> str | None:
    """The address of the page of newer rows; None on the first page. `at` as in `older`."""
    if place.before is None:
        return None
    *rest, back = place.trail or (START,)
    if back == START:
        return url_for(at or request.endpoint or "", **kept)
    return url_for(at or request.endpoint or "", before=back, trail=".".join(rest) or None, **kept)
