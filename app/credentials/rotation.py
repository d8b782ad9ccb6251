"""Putting every data key under the newest master key, in small batches, beside everything else that goes on.

Each batch is a short transaction of its own, so a rotation may be killed anywhere and started again: what is done stays
done, and what is left is found by its key id. Two rotations at once share the work.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.credentials.vault import Rewrapped, Vault
from app.db import Database

# Small enough that on SQLite, where writers take turns, nobody waits noticeably for one batch.
BATCH = 100
# Whoever renews a row holds it for milliseconds. Somebody who still does after so many looks a while apart is stuck.
VAIN_WALKS, VAIN_PAUSE = 10, 0.5


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: rows wrapped anew, rows left under older keys, and those of them that cannot be opened."""

    done: int
    left: int
    broken: tuple[str, ...]


def rotate(
    db: Database,
    vault: Vault,
    *,
    most: int = BATCH,
    after_batch: Callable[[Rewrapped], None] = lambda _: None,
    wait: Callable[[], None] = lambda: time.sleep(VAIN_PAUSE),
) -> Rotation:
    """Walk the table until no row is left but those that cannot be opened.

    More than one walk is needed when rows were locked by their sealers as the walk came by, or were sealed behind it by
    a process that still holds the old key first. Rows that somebody still holds after `VAIN_WALKS` walks in a row that
    found nothing to do, with a `wait` between them, are counted as left.
    """
    done = vain = 0
    while True:
        walked, broken = _walk(db, vault, most, after_batch)
        done, vain = done + walked, 0 if walked else vain + 1
        if walked:
            continue
        left = _count_left(db, vault)
        if left <= len(broken) or vain > VAIN_WALKS:
            return Rotation(done, left, tuple(broken))
        wait()


def _count_left(db: Database, vault: Vault) -> int:
    with db.read() as session:
        counts = list_key_counts(session)
    return sum(counts.values()) - counts.get(vault.key_id, 0)


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
