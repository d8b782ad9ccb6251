"""Every finding that may stop a step is told rightly on the page: its words, whose turn it is, what to press."""

import re

import pytest

from app.connect.drawing import PIN_TROUBLES
from app.meta.catalogue.rows import read_findings
from app.runtime import Runtime
from tests.connect import states
from tests.connect.conftest import Visits
from tests.connect.test_pages import laid, text_of

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)

# By hand: what a client reads of the findings that end a wait or park a plan, and whose turn it is.
SAID = {
    "credit_not_shown": ("Meta takes unusually long to attach billing.", "partner"),
    "number_not_connected": ("Meta takes unusually long to connect your number.", "partner"),
    "name_review_long": ("Meta takes unusually long to check your display name.", "partner"),
    "name_declined": ("Meta has declined the display name of your number.", "client"),
    "not_shared": ("Meta has not told us of your account yet.", "client"),
    "receipt_missing": ("Your message arrived; whether our answer did, Meta has not told us.", "partner"),
    "parked_preverified": ("You have done your part. The rest of this number is set up by our people.", "partner"),
    "parked_app_only": ("You let our app in, but did not share your WhatsApp account with us.", "client"),
    "parked_solution": ("You have done your part. Your providers set up the rest together.", "partner"),
    "number_not_verified": ("Your number has not been confirmed with a code yet.", "client"),
    "kept_waiting": ("Meta takes unusually long with this step.", "partner"),
}


def card_of(page: str) -> str:
    start = page.index('class="err')
    return page[start : page.index("</section>", start)]


@pytest.mark.parametrize(("key", "said", "who"), [(key, *told) for key, told in SAID.items()])
def test_a_finding_is_said_in_our_words_with_whose_turn_it_is(
    visitor: Visits, rt: Runtime, key: str, said: str, who: str
) -> None:
    state = "needs_client" if who == "client" and not key.startswith("parked") else "needs_us"

    card = card_of(laid(visitor, rt, states.in_trouble("register", state, key)).look().text)

    assert said in text_of(card)
    assert ("You" if who == "client" else "Example Partner") in text_of(
        re.findall(r'<span class="who.*?</span>', card)[0]
    )
    assert ('class="btn' in card) == (who == "client")


@pytest.mark.parametrize("language", ["es", "pt-BR"])
def test_no_finding_leaves_a_place_unfilled_or_is_told_in_english(visitor: Visits, rt: Runtime, language: str) -> None:
    for key, finding in read_findings().items():
        if key in {"say_hi", *PIN_TROUBLES}:
            continue
        page = laid(visitor, rt, states.in_trouble("credit", "needs_client", key)).look(**{"Accept-Language": language})
        card = text_of(card_of(page.text))
        assert page.status_code == 200, key
        assert "{" not in card, key
        assert finding.client_meaning not in card, key


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Meta opens this number again: 28 November 2026, 14:05 UTC"),
        ("es", "Meta vuelve a abrir este número: 28 de noviembre de 2026, 14:05 UTC"),
        ("pt-BR", "A Meta abre este número de novo: 28 de novembro de 2026, 14:05 UTC"),
    ],
)
def test_a_locked_number_says_to_the_hour_when_meta_opens_it_again(
    visitor: Visits, rt: Runtime, language: str, words: str
) -> None:
    facts = {"until": "28 November 2026, 14:05 UTC", "until_at": "2026-11-28T14:05:00+00:00"}
    state = states.in_trouble("register", "needs_us", "register_locked", facts=facts)

    card = text_of(card_of(laid(visitor, rt, state).look(**{"Accept-Language": language}).text)).replace("\u00a0", " ")

    assert words in card
    assert "72" not in card


@pytest.mark.parametrize(
    ("plan", "title", "lead"),
    [
        ("preverified", "Setting up Example Bakery", "You have done your part. Example Partner sets up the rest."),
        ("solution", "Setting up Example Bakery", "You have done your part. Example Partner sets up the rest."),
        (
            "app_only",
            "One thing needs you: share your WhatsApp account",
            "It takes a minute; Meta remembers what you did.",
        ),
    ],
)
def test_a_plan_that_a_person_carries_on_counts_no_steps(
    visitor: Visits, rt: Runtime, plan: str, title: str, lead: str
) -> None:
    parked = {"state": "needs_us", "trouble": {"key": f"parked_{plan}"}}
    page = laid(visitor, rt, states.State(plan=plan, steps={"exchange": parked})).look().text

    assert f">{title}</h1>" in page
    assert f'<p class="lead">{lead}</p>' in page
