"""Master keys in KMS's keeping: how an entry is made and opened, and each reason for which it is not."""

import base64
import os
import threading
import time
from pathlib import Path

import pytest

from app.credentials import key_service
from app.credentials.key_service import CONTEXT, KmsEntry, new_entry, open_entry, read_entry
from app.credentials.keyring import key_id_of
from app.credentials.refusals import KeyServiceRefused, Refusal, refusal_of
from app.credentials.rotation import Rotation, rotate
from app.credentials.vault import Vault
from app.db import Database
from config import SettingsRefused
from tests.conftest import settings_with
from tests.credentials.conftest import seal
from tests.credentials.key_services import ARN, LOCAL, SEALED, Kms, answering, keyring, opening, saying, use, written
from tests.credentials.samples import TOKEN
from tests.meta.local_graph import closed_port

ENTRY = KmsEntry(ARN, SEALED)


def refused(entry: KmsEntry = ENTRY) -> Refusal:
    with pytest.raises(KeyServiceRefused) as told:
        open_entry(entry)
    assert told.value.__context__ is None or told.value.__suppress_context__, "a traceback would quote AWS's own text"
    text = f"{told.value} {told.value!r}"
    assert entry.key in text
    assert base64.b64encode(entry.sealed).decode()[:16] not in text
    return told.value.refusal


def test_an_entry_is_made_by_kms_and_opened_by_it(kms: Kms) -> None:
    arn = kms.add_key()
    entry = new_entry(arn)
    ring = keyring(entry)
    assert entry.startswith(f"kms:{arn}:")
    assert ring.keeper_of(ring.key_id) == arn
    assert ring.unwrap(ring.key_id, ring.wrap(b"data key", b"here"), b"here") == b"data key"
    assert keyring(entry).key_ids == ring.key_ids, "every process gets the same key"
    assert keyring(new_entry(arn)).key_ids != ring.key_ids


def test_an_entry_made_by_an_alias_names_the_key_behind_it(kms: Kms) -> None:
    arn = kms.add_key("alias/gangway-made")
    assert new_entry("alias/gangway-made").startswith(f"kms:{arn}:")


def test_an_entry_may_name_an_alias(kms: Kms) -> None:
    arn = kms.add_key("alias/gangway-named")
    ring = keyring(written("alias/gangway-named", kms.seal(arn, bytes(32), CONTEXT)))
    assert ring.key_id == key_id_of(bytes(32))
    assert ring.keeper_of(ring.key_id) == "alias/gangway-named"


def test_moving_to_kms_and_back_is_a_rotation_like_any_other(db: Database, bakery: str, kms: Kms) -> None:
    row, entry = seal(db, Vault(keyring(LOCAL)), bakery), new_entry(kms.add_key())
    for ring, alone in ((keyring(entry, LOCAL), keyring(entry)), (keyring(LOCAL, entry), keyring(LOCAL))):
        assert rotate(db, Vault(ring)) == Rotation(1, 0, ())
        with db.read() as session:
            assert Vault(alone).open_one(session, row.id) == TOKEN


def test_both_kinds_stand_side_by_side_in_the_order_of_the_settings(kms: Kms) -> None:
    arn = kms.add_key()
    ring = keyring(new_entry(arn), LOCAL)
    assert [ring.keeper_of(key_id) for key_id in ring.key_ids] == [arn, ""]
    assert ring.key_ids[1] == "630dcd29"
    assert ring.keeper_of("feedbeef") == ""


def test_kms_is_asked_once_for_each_entry_and_never_for_a_row(
    db: Database, bakery: str, kms: Kms, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(keyring(new_entry(kms.add_key()), LOCAL))
    monkeypatch.setattr(key_service, "_asking", None)
    row = seal(db, vault, bakery)
    with db.read() as session:
        assert vault.open_one(session, row.id) == TOKEN


# What moto's KMS itself refuses


def test_another_encryption_context_does_not_open(kms: Kms) -> None:
    arn = kms.add_key()
    for context in ({}, {"app": "gangway"}, {**CONTEXT, "purpose": "something-else"}):
        assert refused(KmsEntry(arn, kms.seal(arn, bytes(32), context))) is Refusal.OTHER


def test_an_altered_entry_does_not_open(kms: Kms) -> None:
    arn = kms.add_key()
    sealed = kms.seal(arn, bytes(32), CONTEXT)
    assert refused(KmsEntry(arn, sealed[:-1] + bytes([sealed[-1] ^ 1]))) is Refusal.OTHER


def test_a_key_that_is_not_there_is_told(kms: Kms) -> None:
    assert refused(KmsEntry("alias/nobody", SEALED)) is Refusal.UNKNOWN
    with pytest.raises(KeyServiceRefused, match="there is no such KMS key"):
        new_entry("alias/nobody")


@pytest.mark.parametrize("length", [16, 31, 33])
def test_what_is_no_master_key_is_refused(kms: Kms, length: int) -> None:
    arn = kms.add_key()
    assert refused(KmsEntry(arn, kms.seal(arn, bytes(length), CONTEXT))) is Refusal.NO_KEY


# What moto's does not refuse, in the words of AWS's documentation of Decrypt


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("AccessDeniedException", 400, Refusal.DENIED),
        ("DisabledException", 400, Refusal.DISABLED),
        ("KMSInvalidStateException", 400, Refusal.DISABLED),
        ("NotFoundException", 400, Refusal.UNKNOWN),
        ("IncorrectKeyException", 400, Refusal.OTHER),
        ("InvalidCiphertextException", 400, Refusal.OTHER),
        ("UnrecognizedClientException", 400, Refusal.STRANGER),
        ("ExpiredTokenException", 400, Refusal.STRANGER),
        ("SomethingNewException", 400, Refusal.ELSE),
        ("SomethingNewException", 500, Refusal.AWAY),
        ("KMSInternalException", 500, Refusal.AWAY),
        ("ThrottlingException", 400, Refusal.AWAY),
    ],
)
def test_each_refusal_is_told_by_its_reason(
    monkeypatch: pytest.MonkeyPatch, code: str, status: int, reason: Refusal
) -> None:
    monkeypatch.setattr(key_service, "TRIES", 1)
    with answering(saying(code, status)) as url:
        use(monkeypatch, url)
        assert refused() is reason


def test_nobody_there_is_told_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, f"http://127.0.0.1:{closed_port()}")
    began = time.monotonic()
    assert refused() is Refusal.AWAY
    assert time.monotonic() - began < 20


def test_an_answer_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_service, "TRIES", 1)
    monkeypatch.setattr(key_service, "READ", 0.2)
    over = threading.Event()

    def silent(*_: object) -> list[bytes]:
        over.wait(30)
        return []

    with answering(silent) as url:
        use(monkeypatch, url)
        assert refused() is Refusal.AWAY
        over.set()


@pytest.mark.parametrize(
    ("changes", "entry", "reason"),
    [
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, ENTRY, Refusal.STRANGER),
        ({"AWS_SECRET_ACCESS_KEY": None}, ENTRY, Refusal.STRANGER),
        ({"AWS_PROFILE": "nobody"}, ENTRY, Refusal.STRANGER),
        ({"AWS_DEFAULT_REGION": None}, KmsEntry("alias/gangway", SEALED), Refusal.NO_REGION),
        ({"AWS_ENDPOINT_URL_KMS": "nowhere"}, ENTRY, Refusal.AWAY),
    ],
)
def test_what_is_missing_on_our_side_is_told(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str | None], entry: KmsEntry, reason: Refusal
) -> None:
    use(monkeypatch, "http://127.0.0.1:9", **changes)
    assert refused(entry) is reason


def test_an_arn_names_its_own_region(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(opening(base64.b64encode(bytes(32)).decode())) as url:
        use(monkeypatch, url, AWS_DEFAULT_REGION=None)
        assert open_entry(ENTRY) == bytes(32)


def test_an_error_of_no_known_kind_is_still_a_refusal() -> None:
    assert refusal_of(RuntimeError("anything")) is Refusal.ELSE


def test_every_reason_has_words_and_a_fix() -> None:
    for reason in Refusal:
        assert not reason.why.endswith(".")
        assert reason.fix.endswith(".")
        assert len(reason.fix.split()) >= 5


# The form of an entry


def test_an_entry_shows_its_key_and_not_what_is_sealed() -> None:
    assert repr(ENTRY) == f"KmsEntry(key='{ARN}')"
    assert SEALED.decode() not in repr(settings_with(Path(), credential_keys=written(ARN, SEALED)))


@pytest.mark.parametrize(
    "key",
    [
        ARN,
        "arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/gangway",
        "alias/gangway/credential_keys",
        "11111111-2222-3333-4444-555555555555",
        "mrk-0123456789abcdef0123456789abcdef",
    ],
)
@pytest.mark.parametrize("length", [48, 49, 50])
def test_an_entry_is_read_whatever_names_its_key(key: str, length: int) -> None:
    sealed = os.urandom(length)
    assert read_entry(written(key, sealed)) == KmsEntry(key, sealed)
    assert read_entry(f"kms:{key}:{base64.b64encode(sealed).decode()}") == KmsEntry(key, sealed), (
        "as AWS's CLI prints it"
    )


def test_a_key_that_is_itself_in_the_settings_is_no_entry() -> None:
    assert read_entry(LOCAL) is None


@pytest.mark.parametrize(
    "wrong",
    [
        "kms:",
        "kms::",
        "kms:alias/gangway",
        "kms:alias/gangway:",
        "kms:alias/gangway:abc",
        "kms:gangway:YWJj",
        "kms:alias/x:YWJj:YWJj",
        "kms:alias/ x:YWJj",
    ],
)
def test_a_malformed_entry_is_refused_by_its_place_and_not_repeated(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingsRefused) as told:
        settings_with(tmp_path, credential_keys=f"{LOCAL},{wrong}")
    assert str(told.value).startswith("CREDENTIAL_KEYS: key 2 is not kms:<key at AWS KMS>:<sealed key>; ")
    assert "YWJj" not in str(told.value)
