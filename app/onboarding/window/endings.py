"""How an opening of Meta's window ended without a sign-in: which row of `endings.toml` or `window_errors.toml` fits.

Pure: facts and a time in, a row out. To explain one more ending add a row; to tell one more sort of ending apart add a
word to `Sort` and a line to `sort_of`.
"""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, cast, get_args

from app.onboarding.window.events import EndEvent

Sort = Literal["cancelled", "closed", "failed", "no_code", "refused", "silent"]
Tone = Literal["wait", "act"]
Button = Literal["continue", "send", "keep_app", "manager", "support", "help"]

FILES = ("window_errors.toml", "endings.toml")
LINKS = {
    "manager": "https://business.facebook.com/wa/manage/phone-numbers/",
    "support": "https://business.facebook.com/business-support-home",
}
# After "finished" the code follows at once, or never; the page itself gives up after fifteen seconds.
PATIENCE_FOR_CODE = timedelta(seconds=20)
# Longer than an exchange may take: a code whose onboarding is not there by then has died on its way.
PATIENCE_FOR_EXCHANGE = timedelta(seconds=60)
# Meta's window may be open for long while somebody looks for papers; after this nobody is in it any more.
PATIENCE_FOR_WINDOW = timedelta(minutes=30)

_WORDS = ("happened", "do", "staff", "staff_do")
_FITS = ("of", "kinds", "screens", "errors", "says")


class BadEnding(ValueError):
    """A row that cannot be used; the text names the row and the rule."""


@dataclass(frozen=True)
class Ending:
    """What a row says. `happened` and `do` are message ids of the catalogues; the `staff` texts are English."""

    key: str
    tone: Tone
    button: Button
    happened: str
    do: str
    staff: str
    staff_do: str
    of: tuple[Sort, ...]
    kinds: tuple[str, ...] = ()
    screens: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    @property
    def link(self) -> str | None:
        """The page of Meta's that the button opens, if it opens one."""
        return LINKS.get(self.button)

    def fits(self, sort: str, event: EndEvent | None) -> bool:
        """Whether this row speaks of such an end."""
        kind = event.kind if event else None
        screen = event.current_step if event else None
        return (
            sort in self.of
            and (not self.kinds or kind in self.kinds)
            and (not self.screens or screen in self.screens)
            and (not (self.errors or self.says) or self._knows(event))
        )

    def _knows(self, event: EndEvent | None) -> bool:
        said = (event.error_message or "").lower() if event else ""
        return event is not None and (event.error_id in self.errors or any(part in said for part in self.says))


@dataclass(frozen=True)
class Heard:
    """What is known of one opening of Meta's window."""

    event: EndEvent | None
    opened_at: datetime
    event_at: datetime | None = None
    code_at: datetime | None = None
    closed_at: datetime | None = None
    code_refused: str | None = None
    has_begun: bool = False


def sort_of(heard: Heard, *, now: datetime) -> Sort | None:
    """How it ended; None while it has not, and when it ended in a sign-in."""
    if heard.has_begun:
        return None
    if heard.code_refused is not None:
        return "refused"
    if heard.code_at is not None:
        return "no_code" if now - heard.code_at >= PATIENCE_FOR_EXCHANGE else None
    outcome = heard.event.outcome if heard.event else "under_way"
    if outcome == "finished":
        given_up = heard.closed_at is not None or now - (heard.event_at or heard.opened_at) >= PATIENCE_FOR_CODE
        return "no_code" if given_up else None
    if outcome != "under_way":
        return cast(Sort, outcome)
    if heard.closed_at is not None:
        return "closed"
    return "silent" if now - heard.opened_at >= PATIENCE_FOR_WINDOW else None


def ending_of(heard: Heard, *, now: datetime) -> Ending | None:
    """The row that explains how it ended; None when there is nothing to explain."""
    sort = sort_of(heard, now=now)
    return None if sort is None else find_row(sort, heard.event)


def find_row(sort: Sort, event: EndEvent | None) -> Ending:
    """The first row that fits; there always is one, because each sort's last row asks for nothing more."""
    return next(row for row in ENDINGS.values() if row.fits(sort, event))


def read_endings(folder: Path) -> dict[str, Ending]:
    """Every row by its key, in the order they are looked at. Raises `BadEnding`: a wrong row stops the program."""
    rows: dict[str, Ending] = {}
    for name in FILES:
        for key, given in tomllib.loads((folder / name).read_text(encoding="utf-8")).items():
            if key in rows:
                raise BadEnding(f"two rows are called {key}")
            rows[key] = _row(key, given)
    for sort in get_args(Sort):
        if not any(row.fits(sort, None) for row in rows.values()):
            raise BadEnding(f"no row explains every end that is {sort}")
    return rows


def _row(key: str, given: dict[str, Any]) -> Ending:
    if given.keys() != {"fits", "tone", "button", *_WORDS}:
        raise BadEnding(f"{key}: has {', '.join(sorted(given))}")
    fits = given["fits"]
    if fits.keys() - set(_FITS) or not fits.get("of"):
        raise BadEnding(f"{key}: fits names {', '.join(sorted(fits))}")
    for name, value, allowed in (
        *(("of", sort, get_args(Sort)) for sort in fits["of"]),
        ("tone", given["tone"], get_args(Tone)),
        ("button", given["button"], get_args(Button)),
    ):
        if value not in allowed:
            raise BadEnding(f"{key}: {name} is {value}, which is none of {', '.join(allowed)}")
    if any(part != part.lower() for part in fits.get("says", ())):
        raise BadEnding(f"{key}: says is compared in small letters")
    words: dict[str, Any] = {name: given[name] for name in _WORDS}
    signs: dict[str, Any] = {name: tuple(fits.get(name, ())) for name in _FITS}
    return Ending(key=key, tone=given["tone"], button=given["button"], **words, **signs)


ENDINGS = read_endings(Path(__file__).parent)
