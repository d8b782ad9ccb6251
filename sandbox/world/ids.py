"""Makes the identifiers of the world: long digit strings, tokens, codes and message ids in the style of Meta's."""

import base64
import random
import secrets
import string

_ALPHANUMERIC = string.ascii_letters + string.digits


def new_id(length: int = 15) -> str:
    """A digit string that does not start with zero; opaque, as every id of Meta's is."""
    return str(random.randrange(10 ** (length - 1), 10**length))


def new_token() -> str:
    """An access token. All of Meta's start with ``EAA``."""
    return "EAA" + _letters(170)


def new_code() -> str:
    """A code as ``FB.login`` hands it over."""
    return "AQB" + _letters(180)


def new_secret() -> str:
    """An app secret: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_digits(length: int) -> str:
    """Digits that may start with zero, for one-time codes and PINs."""
    return "".join(secrets.choice(string.digits) for _ in range(length))


def new_message_id(contact: str) -> str:
    """A ``wamid.`` id. Meta packs the contact and a random part into base64; its inside means nothing to anybody."""
    packed = (
        b"\x1d\x0b" + contact.encode() + b"\x15\x02\x00\x11\x18\x12" + secrets.token_bytes(9).hex().upper().encode()
    )
    return "wamid." + base64.b64encode(packed).decode()


def new_trace_id() -> str:
    """The ``fbtrace_id`` of an answer."""
    return "A" + "".join(random.choices(_ALPHANUMERIC, k=22))


def new_cursor(key: str) -> str:
    """A paging cursor for ``key``; read back by :func:`read_cursor`."""
    return base64.urlsafe_b64encode(b"QVFI" + key.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str | None:
    """The key inside a cursor made by :func:`new_cursor`, or None for one that is not ours."""
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (ValueError, UnicodeDecodeError):
        return None
    return plain.removeprefix("QVFI") if plain.startswith("QVFI") else None


def _letters(length: int) -> str:
    return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(length))
