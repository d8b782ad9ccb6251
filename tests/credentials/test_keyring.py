"""The master keys. Vectors: test cases 13 to 16 of the GCM specification NIST SP 800-38D grew from (McGrew, Viega)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from app.credentials.errors import KeyMissing, SealBroken
from app.credentials.key_service import KmsEntry
from app.credentials.keyring import Keyring, key_id_of, new_key
from app.credentials.refusals import KeyServiceRefused, Refusal
from config import SettingsRefused

ZEROS = bytes(32)
GCM_KEY = bytes.fromhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
GCM_NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
GCM_PLAIN = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
GCM_CIPHER = bytes.fromhex(
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
)
GCM_CONTEXT = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
GCM_TAG = bytes.fromhex("76fc6ece0f4e1768cddf8853bb2d551b")


def test_unwrapping_agrees_with_gcm_test_case_13_empty_text() -> None:
    wrapped = bytes(12) + bytes.fromhex("530f8afbc74536b9a963b4f1c4cb738b")
    assert Keyring([ZEROS]).unwrap(key_id_of(ZEROS), wrapped, b"") == b""


def test_unwrapping_agrees_with_gcm_test_case_14_one_block_of_zeros() -> None:
    wrapped = bytes(12) + bytes.fromhex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
    assert Keyring([ZEROS]).unwrap(key_id_of(ZEROS), wrapped, b"") == bytes(16)


def test_unwrapping_agrees_with_gcm_test_case_16_with_associated_data() -> None:
    wrapped = GCM_NONCE + GCM_CIPHER + GCM_TAG
    assert Keyring([GCM_KEY]).unwrap(key_id_of(GCM_KEY), wrapped, GCM_CONTEXT) == GCM_PLAIN


def test_another_context_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        Keyring([GCM_KEY]).unwrap(key_id_of(GCM_KEY), GCM_NONCE + GCM_CIPHER + GCM_TAG, GCM_CONTEXT + b"\x00")


@pytest.mark.parametrize("length", [0, 1, 11, 12, 27])
def test_what_is_too_short_to_be_sealed_is_broken_not_an_accident(length: int) -> None:
    with pytest.raises(SealBroken):
        Keyring([ZEROS]).unwrap(key_id_of(ZEROS), bytes(length), b"")


def test_a_key_is_named_by_the_start_of_its_sha256() -> None:
    assert key_id_of(bytes(range(32))) == "630dcd29"


def test_the_first_key_of_the_settings_wraps_and_all_unwrap() -> None:
    old, new = SecretStr("A" * 43 + "="), SecretStr("_" * 42 + "8=")
    older, both = Keyring.from_settings([old]), Keyring.from_settings([new, old])
    assert both.key_id == key_id_of(b"\xff" * 32)
    assert both.key_ids == (key_id_of(b"\xff" * 32), key_id_of(ZEROS))
    assert both.unwrap(older.key_id, older.wrap(b"data key", b"here"), b"here") == b"data key"


def test_a_key_we_do_not_have_is_named_by_its_id_alone() -> None:
    with pytest.raises(KeyMissing, match="630dcd29") as missing:
        Keyring([ZEROS]).unwrap("630dcd29", bytes(60), b"")
    assert missing.value.code == "key_missing"
    assert isinstance(missing.value, SealBroken)


def test_two_wrappings_of_the_same_data_key_share_no_nonce() -> None:
    ring = Keyring([ZEROS])
    assert len({ring.wrap(b"same", b"")[:12] for _ in range(1000)}) == 1000


def test_a_keyring_without_keys_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a keyring needs at least one key$"):
        Keyring([])


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring([bytes(length)])


def test_naming_the_same_key_twice_changes_nothing() -> None:
    assert Keyring([ZEROS, ZEROS]).key_ids == (key_id_of(ZEROS),)


def test_two_keys_with_one_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.credentials.keyring.key_id_of", lambda _: "00000000")
    told = r"^two different keys have the same id; make another with `flask keys make`$"
    with pytest.raises(ValueError, match=told):
        Keyring([ZEROS, GCM_KEY])


def test_new_keys_are_fit_for_the_settings_and_never_the_same() -> None:
    made = [new_key() for _ in range(100)]
    assert len(set(made)) == 100
    assert len(Keyring.from_settings([SecretStr(key) for key in made]).key_ids) == 100


def test_a_keyring_shows_ids_and_no_key() -> None:
    assert repr(Keyring([bytes(range(32))])) == "Keyring(630dcd29)"
    # head -c 32 /dev/zero | sha256sum
    assert repr(Keyring([bytes(range(32)), ZEROS])) == "Keyring(630dcd29, 66687aad)"


@given(data_key=st.binary(max_size=80), context=st.binary(max_size=80))
def test_whatever_is_wrapped_comes_out_again(data_key: bytes, context: bytes) -> None:
    ring = Keyring([GCM_KEY])
    wrapped = ring.wrap(data_key, context)
    assert len(wrapped) == 12 + len(data_key) + 16
    assert ring.unwrap(ring.key_id, wrapped, context) == data_key


# Entries that AWS KMS opens; how it is asked is for test_key_service.py.

GIVEN_OUT = {"alias/first": b"\x01" * 32, "alias/second": b"\x02" * 32}


@pytest.fixture
def key_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """A KMS that opens what it has, and refuses the rest."""

    def open_entry(entry: KmsEntry) -> bytes:
        if entry.key not in GIVEN_OUT:
            raise KeyServiceRefused(entry.key, Refusal.DENIED)
        return GIVEN_OUT[entry.key]

    monkeypatch.setattr("app.credentials.key_service.open_entry", open_entry)


def of_entries(*entries: str) -> Keyring:
    return Keyring.from_settings([SecretStr(entry) for entry in entries])


PLAIN = base64.urlsafe_b64encode(ZEROS).decode()


def test_each_key_is_known_with_its_keeper_in_the_order_of_the_settings(key_service: None) -> None:
    ring = of_entries("kms:alias/first:YWJj", PLAIN, "kms:alias/second:YWJj")
    first, second = (key_id_of(key) for key in GIVEN_OUT.values())
    assert ring.key_ids == (first, key_id_of(ZEROS), second)
    assert [ring.keeper_of(key_id) for key_id in ring.key_ids] == ["alias/first", "", "alias/second"]
    assert ring.unwrap(first, Keyring([GIVEN_OUT["alias/first"]]).wrap(b"data key", b"here"), b"here") == b"data key"


def test_a_key_that_is_not_ours_has_no_keeper_and_neither_has_one_of_bare_bytes() -> None:
    assert (Keyring([ZEROS]).keeper_of(key_id_of(ZEROS)), Keyring([ZEROS]).keeper_of("feedbeef")) == ("", "")


def test_every_entry_that_is_refused_is_told_by_its_place(key_service: None) -> None:
    with pytest.raises(SettingsRefused) as told:
        of_entries(PLAIN, "kms:alias/third:YWJj", "kms:alias/first:YWJj", "kms:alias/fourth:YWJj")
    said = f"{Refusal.DENIED.why}. {Refusal.DENIED.fix}"
    assert str(told.value).splitlines() == [
        f"CREDENTIAL_KEYS: key 2: AWS KMS does not open it with alias/third: {said}",
        f"CREDENTIAL_KEYS: key 4: AWS KMS does not open it with alias/fourth: {said}",
    ]
