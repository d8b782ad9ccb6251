"""Reading what Meta wrote without trusting its shape: a missing or odd value is None or empty, never an accident."""

from datetime import UTC, datetime
from typing import Any


def dig(value: object, *path: str) -> object:
    """What lies at the end of a path of keys, or None."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text_at(value: object, *path: str) -> str | None:
    """A text or a whole number as text; None for anything else and for an empty text.

    Meta writes some ids as numbers, and they may exceed what a double holds; as text they stay exact.
    """
    found = dig(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found else None


def items_at(value: object, *path: str) -> list[Any]:
    """The items of a list; a value that is no list counts as one item, so that it is seen and not dropped."""
    found = dig(value, *path)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def int_at(value: object, *path: str) -> int | None:
    """A whole number that fits a 32-bit column, written as a number or as text."""
    found = text_at(value, *path)
    if found is None or not found.isdecimal() or len(found) > 10:
        return None
    return int(found) if int(found) < 2**31 else None


def moment_at(value: object, *path: str) -> datetime | None:
    """Unix seconds, written as a number or as text; None where it is not a moment between 1970 and 9999."""
    found = text_at(value, *path)
    if found is None or not found.isdecimal() or len(found) > 12:
        return None
    try:
        return datetime.fromtimestamp(int(found), UTC)
    except (ValueError, OverflowError, OSError):
        return None
