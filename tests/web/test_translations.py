"""The catalogues are whole: every text of the source is there, in every language, and compiled."""

import io
import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.web.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "app" / "translations"
OTHERS = [language for language in LANGUAGES if language != "en"]
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def texts_of(message_id: object) -> tuple[str, ...]:
    return tuple(message_id) if isinstance(message_id, tuple | list) else (str(message_id),)


@pytest.fixture(scope="module")
def source() -> set[tuple[str, ...]]:
    """Every text that clients may read, found as the translators' command finds them."""
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "_l": None}
    found = extract_from_dir(ROOT, methods, options, keywords, directory_filter=lambda path: "/." not in path)
    return {texts_of(message_id) for _path, _line, message_id, _comments, _context in found}


def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def test_the_extractors_find_texts_of_every_kind(source: set[tuple[str, ...]]) -> None:
    assert {
        ("Connect %(client)s to WhatsApp",),
        ("Turn on message delivery",),
        ("Waiting for Meta",),
        ("There is nothing at this address.",),
        ("Too many requests",),
        ("Meta has restricted your WhatsApp account.",),
        ("Your number is ready. One message from another phone shows that it works.",),
        ("%(num)d of %(all)d steps is finished.", "%(num)d of %(all)d steps are finished."),
    } <= source


def test_every_sentence_of_the_error_catalogue_is_found(source: set[tuple[str, ...]]) -> None:
    folder = ROOT / "app" / "meta" / "catalogue"
    client = tomllib.loads((folder / "client.toml").read_text(encoding="utf-8"))
    findings = tomllib.loads((folder / "findings.toml").read_text(encoding="utf-8"))
    said = [row[name] for row in client.values() for name in ("meaning", "do")]
    said += [row[name] for row in findings.values() for name in ("client_meaning", "client_do")]

    assert {(text,) for text in said} <= source


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_missing_left_over_or_doubtful(language: str, source: set[tuple[str, ...]]) -> None:
    messages = [message for message in catalogue(language) if message.id]

    assert {texts_of(message.id) for message in messages} == source
    assert [message.id for message in messages if message.fuzzy] == []
    assert [message.id for message in messages if not all(texts_of(message.string))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_has_the_places_of_its_source(language: str) -> None:
    for message in catalogue(language):
        wanted = set(PLACE.findall(" ".join(texts_of(message.id))))
        for text in texts_of(message.string) if message.id else ():
            assert set(PLACE.findall(text)) == wanted, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_catalogue_is_that_of_the_written_one(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))

    assert (FOLDER / language / "LC_MESSAGES" / "messages.mo").read_bytes() == compiled.getvalue()
