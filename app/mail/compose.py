"""Composing: a kind's two templates, its facts and a language make a letter with subject, plain text and HTML.

Works outside Flask, because workers send. The texts are in the same catalogues as those of the pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

LETTERS: Final = Path(__file__).with_name("letters")
CATALOGUES: Final = Path(__file__).parent.parent / "translations"

# Kind → whom it is written to, by which people set up rules and read lists.
KINDS: Final[Mapping[str, str]] = {
    "token_expiring": "client",
    "token_dead": "client",
    "incident": "staff",
    "trial": "staff",
}


@dataclass(frozen=True)
class Letter:
    """What is sent. The texts may hold an address whose owner may act, so they are never printed."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True)
class Sender:
    """In whose name it is written: `name` signs it, `url` is where this house is reached."""

    name: str
    url: str
    help_url: str = ""


def compose(kind: str, facts: Mapping[str, Any], *, sender: Sender, language: str | None) -> Letter:
    """The letter of a kind. Raises `jinja2.UndefinedError` where a fact is missing that its templates use."""
    places = {**facts, "sender": sender}
    environment = _environment(language or "en")
    subject, _, text = environment.get_template(f"{kind}.txt").render(places).partition("\n")
    html = environment.get_template(f"{kind}.html").render(places, subject=subject)
    return Letter(" ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(LETTERS),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(_translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["language"] = language.replace("_", "-")
    environment.filters["day"] = lambda moment: _day(moment, language)
    environment.filters["moment"] = lambda moment: f"{_day(moment, language)} {_moment(moment):%H:%M} UTC"
    return environment


def _translations(language: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [language])


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(value: datetime | str, language: str) -> str:
    return format_date(_moment(value), "long", locale=language)
