"""Every rehearsed error on the cards is met by playing the local Meta, never by telling it to fail."""

import pytest

from tests.contract.cards import CARDS, ERRORS_OF_EVERY_CALL, EVERY_CALL, Error
from tests.contract.local_meta import LocalMeta, numbers_of
from tests.contract.provocations import PROVOCATIONS

REHEARSED = {
    (name, error.name): error
    for name, errors in [*((card.name, card.errors) for card in CARDS.values()), (EVERY_CALL, ERRORS_OF_EVERY_CALL)]
    for error in errors
    if error.rehearsed
}


def test_every_rehearsed_error_has_its_provocation_and_no_other_has_one() -> None:
    assert set(PROVOCATIONS) == set(REHEARSED)


@pytest.mark.parametrize(
    ("key", "error"), [pytest.param(key, error, id="-".join(key)) for key, error in REHEARSED.items()]
)
def test_the_local_meta_refuses_as_the_card_says(key: tuple[str, str], error: Error, local_meta: LocalMeta) -> None:
    answer = PROVOCATIONS[key](local_meta)
    assert numbers_of(answer) == (error.status, error.code, error.subcode)
