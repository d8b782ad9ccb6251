"""Putting every data key under the newest master key, in small batches, beside everything else that goes on.

Each batch is a short transaction of its own, so a rotation may be killed anywhere and started again: what is done stays
done, and what is left is found by its key id. Two rotations at once share the work.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.credentials.vault import Rewrapped, Vault
from app.db import Database

# Small enough that on SQLite, where writers take turns, nobody waits noticeably for one batch.
BATCH = 100


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: rows wrapped anew, rows left under older keys, and those of them that cannot be opened."""

    done: int
    left: int
    broken: tuple[str, ...]


def rotate(
    db: Database, vault: Vault, *, most: int = BATCH, after_batch: Callable[[Rewrapped], None] = lambda _: None
) -> Rotation:
    """Walk the table until a whole walk finds nothing it can do.

    More than one walk is needed when rows were locked by their sealers as the walk came by, or were sealed behind it by
    a process that still holds the old key first. Rows that another rotation holds at the end are counted as left.
    """
    done = 0
    while True:
        walked, broken = _walk(db, vault, most, after_batch)
        done += walked
        if walked == 0:
            break
    with db.read() as session:
        counts = list_key_counts(session)
    return Rotation(done, sum(counts.values()) - counts.get(vault.key_id, 0), tuple(broken))


def _walk(db: Database, vault: Vault, most: int, after_batch: Callable[[Rewrapped], None]) -> tuple[int, list[str]]:
    done, after = 0, ""
    broken: list[str] = []
    while True:
        with db.write() as session:
            batch = vault.rewrap_batch(session, most=most, after=after)
        if batch.last is None:
            return done, broken
        done, after = done + batch.done, batch.last
        broken.extend(batch.broken)
        after_batch(batch)


def list_key_counts(session: Session) -> dict[str, int]:
    """How many rows each master key wraps, by key id."""
    counted = select(Credential.key_id, func.count()).group_by(Credential.key_id).order_by(Credential.key_id)
    return dict(session.execute(counted).all())
