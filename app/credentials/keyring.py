"""The master keys. They wrap data keys and nothing else; a secret itself never meets one.

To replace a master key while the system works: put the new key *second* in `CREDENTIAL_KEYS` everywhere, so that every
process can open what it seals; then put it first everywhere; then `flask keys rotate`; then drop the old one.

An entry of `CREDENTIAL_KEYS` is the key itself, or one that AWS KMS opens at the start (`key_service.py`). Both may
stand side by side, so that moving from one to the other is a rotation like any other. `KeyWrapper` is the seam behind
which another way of keeping keys would fit.
"""

import base64
import hashlib
import os
from collections.abc import Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from app.credentials import key_service
from app.credentials.errors import KeyMissing, SealBroken
from app.credentials.refusals import KeyServiceRefused
from config import SettingsRefused

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyWrapper(Protocol):
    """Wraps data keys. `context` (ASCII) is bound into what comes out: other context, no data key."""

    @property
    def key_id(self) -> str:
        """The key that wraps now; at most 64 characters, no secret."""
        ...

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Every key that can unwrap, the newest first."""
        ...

    def keeper_of(self, key_id: str) -> str:
        """Who keeps that key: the name of a key at KMS, or an empty text when the settings hold the key itself."""
        ...

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        """The data key, sealed with the key `key_id`."""
        ...

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        """The data key again; `KeyMissing` when that key is not ours, `SealBroken` when anything was altered."""
        ...


class Keyring:
    """Master keys from the settings: the first wraps, all unwrap."""

    def __init__(self, keys: Sequence[bytes], keepers: Sequence[str] = ()) -> None:
        """`keepers` has an entry for each key, or none at all; see `keeper_of`."""
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._ciphers = {key_id_of(key): AESGCM(_checked(key)) for key in keys}
        if len(self._ciphers) != len(set(keys)):
            raise ValueError("two different keys have the same id; make another with `flask keys make`")
        self._newest = key_id_of(keys[0])
        self._keepers = {key_id_of(key): keeper for key, keeper in zip(keys, keepers, strict=False)}

    @classmethod
    def from_settings(cls, entries: Sequence[SecretStr]) -> "Keyring":
        """From the entries of `CREDENTIAL_KEYS`, newest first. With all keys or not at all: a process without one of
        them would find rows it cannot open. Raises `SettingsRefused`, which names every entry that KMS does not open.
        """
        keys, keepers, problems = [], [], []
        for place, entry in enumerate(entries, start=1):
            text = entry.get_secret_value()
            kept = key_service.read_entry(text)
            try:
                keys.append(base64.urlsafe_b64decode(text.encode()) if kept is None else key_service.open_entry(kept))
            except KeyServiceRefused as refused:
                problems.append(f"CREDENTIAL_KEYS: key {place}: {refused}")
            keepers.append("" if kept is None else kept.key)
        if problems:
            raise SettingsRefused("\n".join(problems))
        return cls(keys, keepers)

    @property
    def key_id(self) -> str:
        return self._newest

    @property
    def key_ids(self) -> tuple[str, ...]:
        return tuple(self._ciphers)

    def keeper_of(self, key_id: str) -> str:
        return self._keepers.get(key_id, "")

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ciphers[self._newest].encrypt(nonce, data_key, context)

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyMissing(key_id)
        try:
            return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.key_ids)})"


def key_id_of(key: bytes) -> str:
    """The first 8 hex digits of the key's SHA-256: enough to tell keys apart, nothing to find one by."""
    return hashlib.sha256(key).hexdigest()[:8]


def new_key() -> str:
    """A new master key as `CREDENTIAL_KEYS` takes it: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def _checked(key: bytes) -> bytes:
    # AESGCM would also take 16 and 24 bytes; one length leaves no question about how strong a key is.
    if len(key) != KEY_BYTES:
        raise ValueError(f"a master key has {KEY_BYTES} bytes")
    return key
