"""How the catalogue writes: simple words, present tense, three sentences at most, no term of the trade for clients."""

import re
import tomllib

import pytest

from app.meta.catalogue.lookup import BY_KEY, FINDINGS, ROWS
from app.meta.catalogue.rows import CLIENT_FILE, HERE, Explanation

EXPLANATIONS = sorted(BY_KEY.items())
SHARED_TEXTS = tomllib.loads((HERE / CLIENT_FILE).read_text(encoding="utf-8"))
CLIENT_TEXTS = SHARED_TEXTS | {
    key: {"meaning": row.client_meaning, "do": row.client_do} for key, row in FINDINGS.items()
}
TERMS_OF_THE_TRADE = re.compile(r"\b(WABA|Graph|API|webhook|callback|token|endpoint|HTTP|code \d+|subcode)\b", re.I)
EXCITED = re.compile(r"!|\bplease\b|\boops\b|\bsorry\b|\bunfortunately\b", re.I)


def sentences(text: str) -> int:
    return len(re.findall(r"[.?](?:\s|$)", text))


@pytest.mark.parametrize(("key", "row"), EXPLANATIONS)
def test_a_text_for_staff_is_short_and_calm(key: str, row: Explanation) -> None:
    assert sentences(row.meaning) <= 2
    assert sentences(row.do) <= 3
    for text in (row.meaning, row.do):
        assert text[0].isupper()
        assert text.endswith(".")
        assert not EXCITED.search(text)


@pytest.mark.parametrize("name", sorted(CLIENT_TEXTS))
def test_a_text_for_clients_is_in_simple_words(name: str) -> None:
    meaning, do = CLIENT_TEXTS[name]["meaning"], CLIENT_TEXTS[name]["do"]
    assert sentences(meaning) + sentences(do) <= 5
    for text in (meaning, do):
        assert text[0].isupper()
        assert text.endswith(".")
        assert not EXCITED.search(text)
        assert not TERMS_OF_THE_TRADE.search(text)


@pytest.mark.parametrize("name", sorted(SHARED_TEXTS))
def test_no_text_for_clients_lies_unused(name: str) -> None:
    assert SHARED_TEXTS[name]["meaning"] in {row.client_meaning for row in ROWS.values()}


@pytest.mark.parametrize(("key", "row"), [item for item in EXPLANATIONS if item[1].who == "partner"])
def test_what_the_partner_must_mend_asks_nothing_of_the_client(key: str, row: Explanation) -> None:
    assert "Try again" not in row.client_do
    assert "Connect WhatsApp" not in row.client_do


@pytest.mark.parametrize(("key", "row"), EXPLANATIONS)
def test_a_link_goes_to_meta(key: str, row: Explanation) -> None:
    hosts = r"https://(business\.facebook\.com|developers\.facebook\.com|metastatus\.com)/"
    assert row.link is None or re.match(hosts, row.link)
