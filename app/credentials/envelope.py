"""One sealed secret: the secret under a data key of its own, the data key under a master key.

Both are AES-256-GCM and bound to the place they belong to (table, row, column, and whose they are), so sealed bytes
that are copied to another row, column or client open nowhere. Layout of a sealed secret: one byte of format version,
12 bytes of nonce, ciphertext with its 16-byte tag. The wrapped data key is one byte of format version and what the
`KeyWrapper` made. AES-256-GCM and the layout are our decision; the cipher is NIST SP 800-38D.
"""

import os
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.credentials.errors import SealBroken
from app.credentials.keyring import KEY_BYTES, NONCE_BYTES, KeyWrapper

FORMAT = b"\x01"


class Place(NamedTuple):
    """Where a sealed secret lives and whose it is."""

    table: str
    row: str
    kind: str
    client_id: str

    def bind(self, column: str) -> bytes:
        """The associated data of one column. JSON, because a mere join would let two places read the same."""
        names = (self.table, self.row, column, self.kind, self.client_id)
        # Put together by hand: it is made four times for each token renewed, and an encoder costs four times as much.
        return FORMAT + f"[{','.join(map(encode_basestring_ascii, names))}]".encode("ascii")


class Sealed(NamedTuple):
    """What the database keeps of one secret."""

    secret: bytes
    data_key: bytes
    key_id: str


def seal(wrapper: KeyWrapper, plain: bytes, place: Place) -> Sealed:
    """Seal under a fresh data key, wrapped by the newest master key."""
    random = os.urandom(KEY_BYTES + NONCE_BYTES)
    data_key, nonce = random[:KEY_BYTES], random[KEY_BYTES:]
    ciphertext = AESGCM(data_key).encrypt(nonce, plain, place.bind("sealed_secret"))
    wrapped = wrapper.wrap(data_key, place.bind("sealed_data_key"))
    return Sealed(FORMAT + nonce + ciphertext, FORMAT + wrapped, wrapper.key_id)


def open_sealed(wrapper: KeyWrapper, sealed: Sealed, place: Place) -> bytes:
    """The secret again, or `SealBroken`."""
    data_key = wrapper.unwrap(sealed.key_id, _body_of(sealed.data_key), place.bind("sealed_data_key"))
    body = _body_of(sealed.secret)
    try:
        return AESGCM(data_key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], place.bind("sealed_secret"))
    except (InvalidTag, ValueError):
        raise SealBroken from None


def rewrap(wrapper: KeyWrapper, sealed: Sealed, place: Place) -> Sealed:
    """The same secret with its data key wrapped by the newest master key; the secret itself stays closed."""
    context = place.bind("sealed_data_key")
    data_key = wrapper.unwrap(sealed.key_id, _body_of(sealed.data_key), context)
    return sealed._replace(data_key=FORMAT + wrapper.wrap(data_key, context), key_id=wrapper.key_id)


def _body_of(sealed: bytes) -> bytes:
    if sealed[:1] != FORMAT:
        raise SealBroken
    return sealed[1:]
