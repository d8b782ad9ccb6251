"""One sealed secret and the ways to break it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.credentials import envelope
from app.credentials.envelope import Place
from app.credentials.errors import KeyMissing, SealBroken
from app.credentials.keyring import Keyring
from tests.credentials.samples import KEPT, NEW, OLD

PLACE = Place("credentials", "0192-row", "business_token", "0192-client")


def test_a_secret_sealed_in_format_1_opens_for_ever() -> None:
    assert envelope.open_sealed(Keyring([OLD]), KEPT, PLACE) == b"EAATESTTOKEN"


@pytest.mark.parametrize("position", range(len(KEPT.secret)))
@pytest.mark.parametrize("bit", [0, 7])
def test_a_secret_with_one_bit_changed_anywhere_does_not_open(position: int, bit: int) -> None:
    with pytest.raises(SealBroken):
        envelope.open_sealed(Keyring([OLD]), KEPT._replace(secret=_flipped(KEPT.secret, position, bit)), PLACE)


@pytest.mark.parametrize("position", range(len(KEPT.data_key)))
@pytest.mark.parametrize("bit", [0, 7])
def test_a_data_key_with_one_bit_changed_anywhere_does_not_open(position: int, bit: int) -> None:
    altered = KEPT._replace(data_key=_flipped(KEPT.data_key, position, bit))
    with pytest.raises(SealBroken):
        envelope.open_sealed(Keyring([OLD]), altered, PLACE)
    with pytest.raises(SealBroken):
        envelope.rewrap(Keyring([NEW, OLD]), altered, PLACE)


@pytest.mark.parametrize("length", range(len(KEPT.secret)))
def test_a_secret_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(SealBroken):
        envelope.open_sealed(Keyring([OLD]), KEPT._replace(secret=KEPT.secret[:length]), PLACE)


@pytest.mark.parametrize("length", range(len(KEPT.data_key)))
def test_a_data_key_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(SealBroken):
        envelope.open_sealed(Keyring([OLD]), KEPT._replace(data_key=KEPT.data_key[:length]), PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        PLACE._replace(table="endpoints"),
        PLACE._replace(row="0192-other"),
        PLACE._replace(kind="pin"),
        PLACE._replace(client_id="0192-stranger"),
    ],
)
def test_a_secret_opens_only_where_it_was_sealed(elsewhere: Place) -> None:
    with pytest.raises(SealBroken):
        envelope.open_sealed(Keyring([OLD]), KEPT, elsewhere)
    with pytest.raises(SealBroken):
        envelope.rewrap(Keyring([NEW, OLD]), KEPT, elsewhere)


def test_a_secret_and_a_data_key_cannot_stand_in_for_each_other() -> None:
    with pytest.raises(SealBroken):
        envelope.open_sealed(Keyring([OLD]), KEPT._replace(data_key=KEPT.secret), PLACE)
    with pytest.raises(SealBroken):
        envelope.open_sealed(Keyring([OLD]), KEPT._replace(secret=KEPT.data_key), PLACE)


def test_a_secret_under_another_rows_data_key_does_not_open() -> None:
    ring = Keyring([OLD])
    other = envelope.seal(ring, b"another", PLACE)
    with pytest.raises(SealBroken):
        envelope.open_sealed(ring, KEPT._replace(data_key=other.data_key), PLACE)


def test_the_wrong_master_key_opens_nothing() -> None:
    with pytest.raises(KeyMissing):
        envelope.open_sealed(Keyring([NEW]), KEPT, PLACE)
    with pytest.raises(SealBroken):
        envelope.open_sealed(Keyring([NEW]), KEPT._replace(key_id=Keyring([NEW]).key_id), PLACE)


def test_names_that_join_to_the_same_text_are_different_places() -> None:
    left, right = PLACE._replace(row='a","b', kind="c"), PLACE._replace(row="a", kind='b","c')
    assert left.bind("sealed_secret") != right.bind("sealed_secret")


def test_a_place_is_bound_as_ascii_for_key_services_that_take_only_that() -> None:
    assert PLACE.bind("sealed_data_key") == (
        b'\x01["credentials","0192-row","sealed_data_key","business_token","0192-client"]'
    )
    assert PLACE._replace(client_id="padaría").bind("x").isascii()


def test_rewrapping_changes_the_data_keys_wrapping_and_leaves_the_secret_alone() -> None:
    fresh = envelope.rewrap(Keyring([NEW, OLD]), KEPT, PLACE)
    assert fresh.secret == KEPT.secret
    assert fresh.data_key != KEPT.data_key
    assert envelope.open_sealed(Keyring([NEW]), fresh, PLACE) == b"EAATESTTOKEN"


@given(plain=st.binary(max_size=400))
def test_whatever_is_sealed_opens_before_and_after_rewrapping(plain: bytes) -> None:
    sealed = envelope.seal(Keyring([OLD]), plain, PLACE)
    assert plain not in sealed.secret or len(plain) < 4
    assert envelope.open_sealed(Keyring([NEW, OLD]), sealed, PLACE) == plain
    assert envelope.open_sealed(Keyring([NEW]), envelope.rewrap(Keyring([NEW, OLD]), sealed, PLACE), PLACE) == plain


def test_every_secret_has_a_data_key_and_nonces_of_its_own() -> None:
    sealed = [envelope.seal(Keyring([OLD]), b"same", PLACE) for _ in range(200)]
    assert len({one.secret[1:13] for one in sealed}) == 200
    assert len({one.data_key[1:13] for one in sealed}) == 200
    assert len({one.secret[13:] for one in sealed}) == 200


def _flipped(sealed: bytes, position: int, bit: int) -> bytes:
    altered = bytearray(sealed)
    altered[position] ^= 1 << bit
    return bytes(altered)
