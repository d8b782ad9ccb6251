"""Identifiers: sortable row keys, references people read aloud, and unguessable strings."""

import secrets

from uuid_utils import uuid7

# Crockford's alphabet without 0 and 1: nothing in it can be mistaken for another when read from paper or a phone.
READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> str:
    """A row key: UUID version 7 as text, so that keys sort by the time they were made."""
    return str(uuid7())


def new_reference(prefix: str) -> str:
    """A reference for people, like `onb_7Q2F-4KDM`: 30⁸ possibilities, no look-alike characters."""
    return f"{prefix}_{readable(4)}-{readable(4)}"


def readable(length: int) -> str:
    """`length` random characters of the readable alphabet."""
    return "".join(secrets.choice(READABLE) for _ in range(length))


def unguessable() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)
