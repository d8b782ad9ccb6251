"""Which version serves a path: live ones themselves, expired ones by the oldest live one, none by the app's default."""

import re

LIVE = ("v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0")
OLDEST = LIVE[0]
APP_DEFAULT = LIVE[0]
"""Calls without a version get the oldest version available to the app."""

_VERSIONED = re.compile(r"/(v(\d+)\.(\d+))(/.*)?")


def split_version(path: str) -> tuple[str | None, str | None, str]:
    """``(version asked for, version that serves, path without it)``; the serving one is None for a future version."""
    found = _VERSIONED.fullmatch(path)
    if found is None:
        return None, APP_DEFAULT, path
    asked, major, rest = found[1], int(found[2]), found[4] or "/"
    if asked in LIVE:
        return asked, asked, rest
    return asked, OLDEST if major < int(OLDEST[1:3]) else None, rest
