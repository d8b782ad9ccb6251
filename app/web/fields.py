"""Fields that forms of every door share: a line, an e-mail address, a language, an address to lead to."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from app.web.languages import LANGUAGES, supported, tag_of
from config import LOOPBACK


def _one_line(text: str) -> str:
    if any(not letter.isprintable() for letter in text):
        raise ValueError("must be one line without control characters")
    return text


def _is_email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("is not an e-mail address") from None


def _is_language(text: str) -> str:
    known = supported(text)
    if known is None:
        raise ValueError(f"must be one of {', '.join(map(tag_of, LANGUAGES))}")
    return known


def _is_return_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not safe or not host or parts.username is not None or not text.isascii() or re.search(r"[\s\\]", text):
        raise ValueError("must be an https address (http only for this very machine), without a user name")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
ShortLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_one_line)
]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_is_email)]
WebAddress = Annotated[str, StringConstraints(max_length=500), AfterValidator(_is_return_address)]
Language = Annotated[str, AfterValidator(_is_language)]


class Form(BaseModel):
    """A form that refuses what it does not know, so that a misspelt field is told and not ignored."""

    model_config = ConfigDict(extra="forbid")
