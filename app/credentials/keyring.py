"""The master keys. They wrap data keys and nothing else; a secret itself never meets one.

To replace a master key while the system works: put the new key *second* in `CREDENTIAL_KEYS` everywhere, so that every
process can open what it seals; then put it first everywhere; then `flask keys rotate`; then drop the old one.

`KeyWrapper` is the seam: a key service (AWS KMS and the like) fits behind it, with its key's name as `key_id` and the
context as its encryption context.
"""

import base64
import hashlib
import os
from collections.abc import Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from app.credentials.errors import KeyMissing, SealBroken

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

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        """The data key, sealed with the key `key_id`."""
        ...

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        """The data key again; `KeyMissing` when that key is not ours, `SealBroken` when anything was altered."""
        ...


class Keyring:
    """Master keys from the settings: the first wraps, all unwrap."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._ciphers = {key_id_of(key): AESGCM(_checked(key)) for key in keys}
        if len(self._ciphers) != len(set(keys)):
            raise ValueError("two different keys have the same id; make another with `flask keys make`")
        self._newest = key_id_of(keys[0])

    @classmethod
    def from_settings(cls, keys: Sequence[SecretStr]) -> "Keyring":
        """From URL-safe base64, newest first, as in `CREDENTIAL_KEYS`."""
        return cls([base64.urlsafe_b64decode(key.get_secret_value().encode()) for key in keys])

    @property
    def key_id(self) -> str:
        return self._newest

    @property
    def key_ids(self) -> tuple[str, ...]:
        return tuple(self._ciphers)

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
