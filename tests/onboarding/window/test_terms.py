"""The wordings of our terms: whole in every language, and never changed once they were shown."""

import hashlib

import pytest

from app.onboarding.window.terms import VERSIONS, read_terms
from app.web.languages import LANGUAGES
from config import Settings

# By hand: a version's digest in each language. A digest that no longer fits means that printed records of consent would
# quote what nobody agreed to: make another version instead.
SHOWN = {
    ("2026-11-01", "en"): "e0ed06a1ad07c568",
    ("2026-11-01", "es"): "b5973da3805b31a0",
    ("2026-11-01", "pt_BR"): "ac23552f64bdb83e",
}


def digest_of(version: str, language: str) -> str:
    terms = read_terms(version, language, partner="%(partner)s")
    return hashlib.sha256("\n".join((terms.accepts, *terms.clauses)).encode()).hexdigest()[:16]


def test_no_wording_was_changed_since_it_was_shown() -> None:
    assert {
        (version, language): digest_of(version, language) for version in VERSIONS for language in LANGUAGES
    } == SHOWN


def test_the_version_in_force_is_ours_in_every_language() -> None:
    version = Settings.model_fields["terms_version"].default
    for language in LANGUAGES:
        terms = read_terms(version, language, partner="Example Partner")
        assert (terms.version, terms.language) == (version, language)
        assert "Example Partner" in " ".join(terms.clauses)


@pytest.mark.parametrize(
    ("version", "language", "reads"),
    [
        ("2026-11-01", "es", ("2026-11-01", "es")),
        ("2029-01-01", "en", ("2026-11-01", "en")),
        ("2020-01-01", "en", ("2026-11-01", "en")),
        ("2026-11-01", None, ("2026-11-01", "en")),
        ("2026-11-01", "fr", ("2026-11-01", "en")),
    ],
)
def test_a_day_reads_the_wording_in_force_then(version: str, language: str | None, reads: tuple[str, str]) -> None:
    terms = read_terms(version, language, partner="100 % Partner")
    assert (terms.version, terms.language) == reads
    assert "%(partner)s" not in " ".join(terms.clauses)
