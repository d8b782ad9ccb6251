"""Master keys that AWS KMS keeps for us: an entry of `CREDENTIAL_KEYS` holds one sealed, and KMS opens it at the start.

An entry reads `kms:<key at KMS>:<sealed master key>`; `config.KMS_ENTRY` is its form. KMS is asked once for each entry
in the life of a process, and never for a row, so that no call is made while a transaction is open (decision 24).

Where KMS is and who we are there is the business of AWS's library: the environment of the process (AWS_DEFAULT_REGION,
AWS_PROFILE, AWS_ENDPOINT_URL_KMS and so on; no `.env` is read for it), its files, or the role of the machine. It is
imported only when an entry asks for it.
"""

import base64
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from app.credentials.refusals import KeyServiceRefused, Refusal, refusal_of
from config import KMS_ENTRY

KEY_BYTES = 32
# Bound into what KMS seals and written into its log (CloudTrail): a sealed master key opens as nothing else of ours.
CONTEXT = {"app": "gangway", "purpose": "credential-keys"}
CONNECT, READ, TRIES = 2.0, 3.0, 3  # seconds, seconds, how often at most


@dataclass(frozen=True)
class KmsEntry:
    """A master key in KMS's keeping: the KMS key that opens it, and what it opens."""

    key: str
    sealed: bytes = field(repr=False)


def read_entry(text: str) -> KmsEntry | None:
    """The entry of `CREDENTIAL_KEYS`, or None for one that is the master key itself."""
    found = KMS_ENTRY.fullmatch(text)
    return None if found is None else KmsEntry(found["key"], base64.urlsafe_b64decode(found["sealed"]))


def open_entry(entry: KmsEntry) -> bytes:
    """The master key, 32 bytes, from KMS. Raises `KeyServiceRefused`."""
    with _asking(entry.key) as kms:
        # With the key's name KMS refuses what another key has sealed, instead of opening whatever it can.
        answer = kms.decrypt(CiphertextBlob=entry.sealed, KeyId=entry.key, EncryptionContext=CONTEXT)
    key = bytes(answer["Plaintext"])
    if len(key) != KEY_BYTES:
        raise KeyServiceRefused(entry.key, Refusal.NO_KEY)
    return key


def new_entry(key: str) -> str:
    """A new master key, made and sealed by KMS under its key `key`, as `CREDENTIAL_KEYS` takes it.

    The key itself never leaves KMS here. The entry names the KMS key by its ARN, whatever it was called by, because an
    alias may point to another one tomorrow. Raises `KeyServiceRefused`.
    """
    with _asking(key) as kms:
        made = kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT)
    return f"kms:{made['KeyId']}:{base64.urlsafe_b64encode(made['CiphertextBlob']).decode()}"


@contextmanager
def _asking(key: str) -> Iterator[Any]:
    """A client of KMS for one question; whatever goes wrong with it is a `KeyServiceRefused` without its text."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    # At DEBUG the library writes down whole answers, and the answer is the key.
    for library in ("boto3", "botocore"):
        logging.getLogger(library).setLevel(logging.WARNING)
    retries = {"total_max_attempts": TRIES, "mode": "standard"}
    config = Config(connect_timeout=CONNECT, read_timeout=READ, retries=retries)
    client = None
    try:
        client = boto3.session.Session().client("kms", region_name=_region_of(key), config=config)
        yield client
    except (BotoCoreError, ClientError, ValueError) as refused:
        raise KeyServiceRefused(key, refusal_of(refused)) from None
    finally:
        if client is not None:
            client.close()


def _region_of(key: str) -> str | None:
    """The region an ARN names; for an alias None, and the environment says it."""
    parts = key.split(":")
    return parts[3] if len(parts) > 4 and parts[0] == "arn" else None
