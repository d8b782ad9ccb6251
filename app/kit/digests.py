"""Hashes of secrets that are long and random, so that a stolen table opens nothing.

A fast hash is right for 256 random bits: there is nothing to guess. Passwords are another matter (`app/access`).
"""

import hashlib


def digest(secret: str) -> str:
    """64 hex digits of SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()
