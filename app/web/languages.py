"""The languages of our pages: English in the source, the others from gettext catalogues in `app/translations`.

A face that speaks to clients calls `use_language`; whoever does not, speaks English. To add a language: one line in
`LANGUAGES`, then a complete catalogue (`app/translations/babel.cfg` has the commands).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, g, request
from flask_babel import Babel, force_locale, gettext, lazy_gettext, refresh
from flask_babel import get_locale as current_locale
from flask_babel import ngettext as babel_ngettext

LANGUAGES = {"en": "English", "es": "Español", "pt_BR": "Português (Brasil)"}
DEFAULT = "en"
CATALOGUES = Path(__file__).parent.parent / "translations"


def _(text: str, **places: object) -> str:
    """The text in the page's language, its places filled. Catalogues are made by looking for this name."""
    return str(gettext(text, **places))


def _l(text: str) -> object:
    """As `_`, for constants: the language is chosen when the text is turned into a string."""
    return lazy_gettext(text)


def ngettext(one: str, many: str, num: int, **places: object) -> str:
    """`one` or `many` as the number and the language want it; `%(num)d` is the number."""
    return str(babel_ngettext(one, many, num, **places))


def install(app: Flask) -> None:
    Babel(
        app,
        default_locale=DEFAULT,
        default_translation_directories=str(CATALOGUES),
        locale_selector=lambda: g.get("language", DEFAULT),
    )
    # For texts that come from data (error titles, the catalogue): no `%` in them is a place to fill.
    app.jinja_env.filters["translated"] = gettext
    app.jinja_env.globals.update(languages=LANGUAGES, page_language=page_language, language_tag=tag_of)


def supported(wish: str | None) -> str | None:
    """Our name of a language somebody asked for ("pt", "pt-BR", "es_MX"), or None when we do not speak it."""
    if not wish:
        return None
    asked = wish.replace("-", "_").lower()
    exact = next((name for name in LANGUAGES if name.lower() == asked), None)
    return exact or next((name for name in LANGUAGES if name.split("_")[0] == asked.split("_")[0]), None)


def asked_by_browser() -> str | None:
    """The first language of Accept-Language that we speak."""
    return next((found for wish in request.accept_languages.values() if (found := supported(wish))), None)


def use_language(*wishes: str | None) -> None:
    """Speak the first of the wishes that we can, for the rest of this request; English when none fits."""
    g.language = next((found for wish in wishes if (found := supported(wish))), DEFAULT)
    refresh()


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Another language for a while: for what is written to a client on a page, or by a command, of the partner's."""
    with force_locale(supported(language) or DEFAULT):
        yield


def page_language() -> str:
    """Our name of the language being spoken."""
    return str(current_locale() or DEFAULT)


def tag_of(language: str) -> str:
    """The name a browser understands, for `lang` attributes and scripts."""
    return language.replace("_", "-")
