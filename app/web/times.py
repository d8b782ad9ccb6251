"""Moments and spans as people read them, in the page's language.

A moment is always a `<time>` with the exact value; `js/clocks.js` turns the text into the reader's own zone, as the
server does not know it. Until then, and without scripts, it says UTC.
"""

from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import format_date, format_timedelta, get_locale
from markupsafe import Markup

from app.kit import clock
from app.web.languages import _

A_DAY = timedelta(hours=24)
NO_BREAK = "\u00a0"


def install(app: Flask) -> None:
    app.jinja_env.filters.update(clock_time=clock_time, day=day, ago=ago, duration=duration, bold=bold)


def clock_time(moment: datetime) -> Markup:
    """`12:41`, with the day in front when it is not today."""
    kind = "clock" if moment.date() == clock.now().date() else "day-clock"
    text = f"{moment:%H:%M} UTC" if kind == "clock" else f"{day(moment)}, {moment:%H:%M} UTC"
    return _time(moment, kind, text)


def day(moment: date) -> str:
    """`20 December 2026`, in the order and words of the language, never broken across lines."""
    locale = str(get_locale() or "en")
    pattern = {"en": "d MMMM yyyy"}.get(locale, "long")
    return str(format_date(moment, pattern, rebase=False)).replace(" ", NO_BREAK)


def ago(moment: datetime) -> Markup:
    """`4 seconds ago` up to a day, then the day."""
    passed = clock.now() - moment
    if passed >= A_DAY:
        return _time(moment, "day", day(moment))
    text = _("just now") if passed < timedelta(seconds=1) else str(format_timedelta(-passed, add_direction=True))
    return _time(moment, "ago", text)


def duration(span: timedelta | float) -> str:
    """`0.6 s`, `58 s`, `1 min 48 s`, `1 h 20 min`."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else float(span)
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def bold(text: str) -> Markup:
    """A name or date that stands out inside a translated sentence."""
    return Markup("<b>{}</b>").format(text)


def _time(moment: datetime, kind: str, text: str) -> Markup:
    return Markup('<time datetime="{}" data-show="{}">{}</time>').format(moment.isoformat(), kind, text)
