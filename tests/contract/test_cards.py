"""The cards themselves: whole, readable, one for every call we make and no card without a call."""

import inspect
import re
from dataclasses import fields

import pytest

from app.meta import errors
from app.meta.client import Meta
from app.meta.transport import Graph
from tests.contract.cards import CARDS, ERRORS_OF_EVERY_CALL, Card
from tests.contract.shapes import lacks

EACH = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
KINDS = {"string": str, "integer": int, "array": list, "object": dict}


def calls_of_the_client() -> set[str]:
    """Every public call as `group.method`."""
    groups = {field.name: field.type for field in fields(Meta) if field.type is not Graph}
    return {
        f"{name}.{method}"
        for name, group in groups.items()
        for method, _ in inspect.getmembers(group, inspect.isfunction)
        if not method.startswith("_")
    }


def test_every_call_we_make_has_its_card_and_every_card_its_call() -> None:
    assert set(CARDS) == calls_of_the_client()


@EACH
def test_a_card_is_called_like_its_file(card: Card) -> None:
    assert CARDS[card.name] is card


@EACH
def test_a_card_has_an_example_for_every_id_and_parameter(card: Card) -> None:
    assert set(re.findall(r"{(\w+)}", card.path)) == set(card.ids)
    assert all(value.isdecimal() for value in card.ids.values()), "ids are opaque digits, as text"
    for name, param in card.request.params.items():
        assert isinstance(param.example, KINDS[param.type]), name
    assert (card.request.place == "none") == (not card.request.params)
    assert card.request.place != "json" or card.method == "POST"


@EACH
def test_a_cards_own_example_has_what_the_card_requires(card: Card) -> None:
    assert card.reply.required, "something must be promised, or the reply proves nothing"
    assert [path for path in card.reply.required if lacks(card.reply.example, path)] == []


@EACH
def test_a_card_names_its_page_and_when_it_was_read(card: Card) -> None:
    assert card.page
    assert re.search(r"20\d\d", card.page_date)


@EACH
def test_a_cards_errors_are_told_apart_and_become_errors_of_ours(card: Card) -> None:
    names = [error.name for error in card.errors]
    assert len(names) == len(set(names))
    for error in [*card.errors, *ERRORS_OF_EVERY_CALL]:
        assert issubclass(getattr(errors, error.becomes), errors.MetaError)


@EACH
def test_only_calls_that_carry_the_app_secret_need_no_token(card: Card) -> None:
    assert (card.token_kinds == []) == (card.name in {"oauth.exchange", "oauth.extend", "oauth.check_secret"})
    assert set(card.token_kinds) <= {"app", "system", "business"}
