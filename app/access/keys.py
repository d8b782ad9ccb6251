"""API keys of the partner's own programs: made, shown once, found again by their prefix, revoked.

A key reads `gw_live_<prefix>_<secret>`. The prefix (8 readable characters) is public: lists show it, scanners know the
shape. The secret is 256 random bits, and because nobody can guess through those a fast SHA-256 is the right hash for
it; a slow one would only make every request slow.
"""

import hmac
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.models import ApiKey
from app.access.rules import is_worth_noting
from app.audit.store import SYSTEM, Actor, add_entry
from app.db import Database
from app.kit.digests import digest
from app.kit.errors import Fault, InvalidInput, NotFound
from app.kit.ids import readable, unguessable
from app.kit.secret import Secret

SCOPES = (
    "links:read",
    "links:write",
    "onboardings:read",
    "onboardings:write",
    "onboardings:enter",
    "accounts:read",
    "accounts:adopt",
    "incidents:read",
    "accounts:check",
)
LONGEST_NAME = 200

_SHAPE = re.compile(r"gw_live_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")
_NOBODYS_HASH = digest("")


@dataclass(frozen=True)
class Program:
    """Who is behind an API request: the key's row, its name and what it may do."""

    key_id: str
    name: str
    scopes: frozenset[str]

    @property
    def actor(self) -> Actor:
        return Actor("key", self.key_id)


def make_key(
    session: Session, name: str, scopes: Collection[str], now: datetime, *, actor: Actor = SYSTEM
) -> tuple[ApiKey, Secret]:
    """A new key and its text, which is in no other place and cannot be shown again."""
    name = " ".join(name.split())
    faults = [
        Fault("scopes", f"{scope!r} is not one of {', '.join(SCOPES)}") for scope in sorted(set(scopes) - set(SCOPES))
    ]
    if not name or len(name) > LONGEST_NAME:
        faults.append(Fault("name", f"needs 1 to {LONGEST_NAME} characters"))
    if not scopes:
        faults.append(Fault("scopes", "needs at least one scope"))
    if faults:
        raise InvalidInput(faults)
    prefix = readable(8).lower()
    secret = Secret(f"gw_live_{prefix}_{unguessable()}")
    row = ApiKey(name=name, prefix=prefix, key_hash=digest(secret.reveal()), scopes=sorted(set(scopes)), created_at=now)
    session.add(row)
    session.flush()  # the ledger below needs the key
    add_entry(session, actor, "api_key.made", "api_key", row.id, now=now, name=name, scopes=row.scopes)
    return row, secret


def find_key(session: Session, presented: str, now: datetime) -> ApiKey | None:
    """The key behind a text, or None where it is no key, unknown, or revoked.

    The row is found by the public prefix and the rest compared in constant time; an unknown prefix is compared too.
    """
    shape = _SHAPE.fullmatch(presented)
    row = session.scalars(select(ApiKey).where(ApiKey.prefix == shape.group(1))).one_or_none() if shape else None
    fits = hmac.compare_digest(row.key_hash if row else _NOBODYS_HASH, digest(presented))
    if row is None or not fits or (row.revoked_at is not None and row.revoked_at <= now):
        return None
    return row


def recognise(db: Database, presented: str, *, now: datetime) -> Program | None:
    """The program behind a text, or None. The key's last use is written at most once a minute."""
    with db.read() as session:
        row = find_key(session, presented, now)
        if row is None:
            return None
        program = Program(row.id, row.name, frozenset(row.scopes))
        last_use = row.used_at
    if is_worth_noting(last_use, now):
        with db.write() as session:
            session.execute(update(ApiKey).where(ApiKey.id == program.key_id).values(used_at=now))
    return program


def get_key(session: Session, prefix: str) -> ApiKey:
    row = session.scalars(select(ApiKey).where(ApiKey.prefix == prefix)).one_or_none()
    if row is None:
        raise NotFound("There is no API key with this prefix.")
    return row


def list_keys(session: Session) -> Sequence[ApiKey]:
    """All keys, revoked ones too, newest first."""
    return session.scalars(select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id.desc())).all()


def revoke_key(session: Session, row: ApiKey, now: datetime, *, actor: Actor = SYSTEM) -> None:
    """End a key at once. Repeating it changes nothing."""
    if row.revoked_at is not None:
        return
    row.revoked_at = now
    add_entry(session, actor, "api_key.revoked", "api_key", row.id, now=now, name=row.name)
