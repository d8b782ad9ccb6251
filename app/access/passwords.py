"""Hashing passwords with Argon2id (argon2-cffi, RFC 9106's second recommended choice: 64 MiB, 3 passes, 4 lanes).

One hash takes about 0.2 s and 64 MiB on purpose, so two rules follow: never inside a transaction (others would wait),
and only a few at once in one process (a flood at the sign-in page must not eat the machine's memory).
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kit.errors import Unavailable
from app.kit.ids import unguessable
from app.kit.secret import Secret

AT_ONCE = 4
WAIT_SECONDS = 10.0

_hasher = PasswordHasher()
_turns = BoundedSemaphore(AT_ONCE)


def hash_password(password: Secret) -> str:
    """The text to store; it carries its own salt and parameters."""
    with _turn():
        return _hasher.hash(_plain(password))


def matches(stored: str | None, password: Secret) -> bool:
    """Whether the password is the one behind `stored`. Without a stored hash (nobody has that e-mail) the answer is
    False and takes just as long, so that the time does not tell who exists."""
    with _turn():
        try:
            return _hasher.verify(stored or _nobodys_hash(), _plain(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's and should be made anew at the next sign-in."""
    return _hasher.check_needs_rehash(stored)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise Unavailable("Too many people sign in just now. Try again in a minute.")
    try:
        yield
    finally:
        _turns.release()


def _plain(password: Secret) -> str:
    """One spelling for one password: an accent typed on another keyboard may arrive as two characters (NFKC)."""
    return unicodedata.normalize("NFKC", password.reveal())


@cache
def _nobodys_hash() -> str:
    """A hash with today's parameters that no password is known for."""
    return _hasher.hash(unguessable())
