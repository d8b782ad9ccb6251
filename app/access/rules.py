"""Decisions about passwords and time: no session, no HTTP, no clock."""

import re
from datetime import datetime, timedelta

from app.kit.errors import Fault

SHORTEST = 12
LONGEST = 256  # Argon2 takes any length; an endless password would only cost us memory.

IDLE = timedelta(hours=12)
"""A session ends when nobody used it for so long (our decision: one working day with its lunch)."""
ABSOLUTE = timedelta(days=7)
"""A session ends so long after sign-in, used or not."""
TOUCH_EVERY = timedelta(minutes=1)
"""Last-use times are kept to the minute: one write a minute is enough to read, one a request is not free."""

# What the best known lists of leaked passwords are made of; with digits and signs around them they are guessed first.
COMMON_STEMS = frozenset(
    {"password", "passwort", "passphrase", "qwerty", "qwertyuiop", "qwertz", "azerty", "asdfghjkl", "welcome"}
    | {"letmein", "iloveyou", "monkey", "dragon", "football", "baseball", "sunshine", "princess", "superman", "batman"}
    | {
        "trustno",
        "admin",
        "administrator",
        "changeme",
        "secret",
        "login",
        "master",
        "abcdefghijkl",
        "whatsapp",
        "gangway",
    }
)


def password_faults(password: str, *, email: str, name: str) -> tuple[Fault, ...]:
    """What is wrong with a new password, in sentences; empty when it may be used.

    Length first, as NIST SP 800-63B asks: no rules about kinds of characters, but nothing that is guessed first.
    """
    rules = []
    if len(password) < SHORTEST:
        rules.append(f"needs at least {SHORTEST} characters")
    if len(password) > LONGEST:
        rules.append(f"may have at most {LONGEST} characters")
    if len(set(password)) < 5:
        rules.append("needs at least 5 different characters")
    folded = password.casefold()
    if any(part in folded for part in _own_words(email, name)):
        rules.append("must not hold your name or e-mail address")
    stem = re.sub(r"[\W\d_]+", "", folded)
    if not stem:
        rules.append("must not be digits and signs alone")
    if stem in COMMON_STEMS:
        rules.append("is one of the passwords that are tried first")
    return tuple(Fault("password", rule) for rule in rules)


def _own_words(email: str, name: str) -> set[str]:
    """Words of four letters and more from who it is: shorter ones are inside too many good passwords."""
    local, _, domain = email.casefold().partition("@")
    words = {email.casefold(), local, domain, *re.split(r"[^\w]+", local), *re.split(r"\s+", name.casefold())}
    return {word for word in words if len(word) >= 4}


def session_is_over(*, seen_at: datetime, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether a session may no longer be used: revoked, idle for 12 hours, or 7 days old."""
    return revoked_at is not None or now >= expires_at or now - seen_at >= IDLE


def is_worth_noting(last: datetime | None, now: datetime) -> bool:
    """Whether a last-use time is old enough to be written again."""
    return last is None or now - last >= TOUCH_EVERY
