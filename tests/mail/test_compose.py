"""Letters: every kind has both texts, says the same in both, and leaves no place unfilled."""

import re
from typing import Any

import pytest
from jinja2 import UndefinedError

from app.mail.compose import KINDS, LETTERS, Sender, compose

SENDER = Sender("Example Partner", "https://partner.example")
FACTS: dict[str, dict[str, Any]] = {
    "token_expiring": {
        "client": "Example <Bakery>",
        "name": "Alex",
        "ends_at": "2026-12-01T09:00:00+00:00",
        "address": "https://partner.example/connect/x",
    },
    "token_dead": {"client": "Example <Bakery>", "name": None, "address": "https://partner.example/connect/x"},
    "incident": {
        "said": "New",
        "title": "Nobody pays for an account",
        "label": "Example <Bakery>",
        "reasons": ["Meta names no credential."],
        "open": True,
        "means": "Paid messages are refused.",
        "do": "Attach it again.",
        "severity": "urgent",
        "opened_at": "2026-12-01T09:00:00+00:00",
        "closed_at": None,
        "page": "https://partner.example/console/incidents/1",
    },
    "trial": {},
}


def test_every_kind_has_its_two_templates_and_no_template_is_nobodys() -> None:
    files = {path.name for path in LETTERS.iterdir() if not path.name.startswith("_")}
    assert files == {f"{kind}.{form}" for kind in KINDS for form in ("txt", "html")}
    assert set(FACTS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_letter_is_complete_and_escapes_names(kind: str) -> None:
    letter = compose(kind, FACTS[kind], sender=SENDER, language=None)
    assert letter.subject
    assert "\n" not in letter.subject
    assert "{{" not in letter.text + letter.html
    assert "\n\n\n" not in letter.text
    assert "<Bakery>" not in letter.html
    assert not re.search(r'(src|background)="http', letter.html), "nothing is loaded from anywhere"


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        (None, "Example <Bakery> cannot send on WhatsApp at the moment"),
        ("es", "Example <Bakery> no puede enviar por WhatsApp en este momento"),
        ("pt_BR", "Example <Bakery> não consegue enviar pelo WhatsApp no momento"),
    ],
)
def test_clients_read_their_own_language(language: str | None, subject: str) -> None:
    assert compose("token_dead", FACTS["token_dead"], sender=SENDER, language=language).subject == subject


def test_a_fact_that_is_missing_is_an_error_and_no_blank() -> None:
    with pytest.raises(UndefinedError):
        compose("token_dead", {"client": "Example Bakery", "name": None}, sender=SENDER, language=None)
